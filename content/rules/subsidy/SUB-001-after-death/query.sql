-- One row per dead person and item: what was paid for periods beyond death and grace, less what was taken back, under whatever
-- month, unit, number or item the recovery was booked. What is left is laid to the earliest of these periods.
WITH catalogue AS (
  SELECT item, title, period_months, item IN ($heirs_items) OR COALESCE(heirs, REGEXP_MATCHES(title, $heirs_words)) AS for_heirs,
    CASE WHEN household IS NOT NULL THEN household
      WHEN REGEXP_MATCHES(title, $household_words) THEN TRUE
      WHEN universal THEN NULL
      ELSE FALSE END AS household
  FROM item
),
of_the_dead AS (
  SELECT p.person, p.item, p.period, p.period_end, p.pay_date, p.amount, p.village, p.agency, p.name = d.name AS same_name,
    year(p.period) * 12 + month(p.period) - year(d.death_date) * 12 - month(d.death_date) > $grace_months AS beyond
  FROM payment AS p
  JOIN death AS d ON p.person = d.person
),
periods AS (
  SELECT person, item, period, beyond, MAX(period_end) AS period_end, CAST(SUM(amount) AS BIGINT) AS net,
    MAX(GREATEST(amount, 0)) AS largest, MIN(pay_date) FILTER (WHERE amount > 0) AS first_paid,
    MAX(COALESCE(pay_date, DATE '9999-12-31')) FILTER (WHERE amount > 0) AS last_paid,
    BOOL_OR(same_name) AS named
  FROM of_the_dead
  GROUP BY person, item, period, beyond
),
beyond AS (
  SELECT person, item, COUNT(*) FILTER (WHERE beyond AND net > 0) AS periods_paid,
    COALESCE(SUM(net) FILTER (WHERE beyond AND net > 0), 0) AS paid,
    COALESCE(-SUM(net) FILTER (WHERE beyond AND net < 0), 0) AS returned,
    MIN(first_paid) FILTER (WHERE beyond AND net > 0) AS since, MAX(last_paid) FILTER (WHERE beyond AND net > 0) AS last_paid, BOOL_OR(named) FILTER (WHERE beyond AND net > 0) AS named,
    MIN(period) FILTER (WHERE beyond AND net > 0) AS first_month, MAX(period_end) FILTER (WHERE beyond AND net > 0) AS last_month
  FROM periods
  GROUP BY person, item
),
taken_later AS (
  SELECT r.person, r.item, r.period, SUM(r.amount) AS taken
  FROM of_the_dead AS r
  JOIN beyond AS b ON r.person = b.person AND r.item = b.item
  WHERE NOT r.beyond AND r.amount < 0 AND COALESCE(r.pay_date >= b.since, TRUE)
  GROUP BY r.person, r.item, r.period
),
under_earlier AS (
  -- Of what was taken back under a month that was due, only what goes below the one payment due for that month.
  SELECT t.person, t.item, -SUM(GREATEST(t.taken, LEAST(0, p.net - p.largest))) AS returned
  FROM taken_later AS t
  JOIN periods AS p ON t.person = p.person AND t.item = p.item AND t.period = p.period
  GROUP BY t.person, t.item
),
owing AS (
  SELECT b.person, b.item, b.periods_paid, b.paid, b.since, b.last_paid, b.named, b.first_month, b.last_month,
    LEAST(b.paid, b.returned + COALESCE(e.returned, 0)) AS returned,
    -- what goes to the heirs or the household goes on lawfully: nothing of it is owed
    COALESCE(c.for_heirs OR c.household, FALSE) AS lawful, NOT c.household AS judged
  FROM beyond AS b
  LEFT JOIN under_earlier AS e ON b.person = e.person AND b.item = e.item
  LEFT JOIN catalogue AS c ON b.item = c.item
),
first_owed AS (
  SELECT person, MIN(since) AS since
  FROM owing
  WHERE NOT lawful AND paid > returned
  GROUP BY person
),
-- Under an item that owes nothing itself: what was taken back for a period beyond all that was paid for it and beyond what was
-- overpaid under that item; of what is lawful, what takes no payment of its own back.
equal_sums AS (
  SELECT r.person, r.item, o.lawful, CASE WHEN o.lawful THEN DATE '1900-01-01' ELSE r.period END AS period,
    SUM(r.amount) AS net, COALESCE(SUM(r.amount) FILTER (WHERE r.amount < 0 AND COALESCE(r.pay_date >= f.since, TRUE)), 0) AS taken,
    o.paid
  FROM of_the_dead AS r
  JOIN owing AS o ON r.person = o.person AND r.item = o.item
  JOIN first_owed AS f ON r.person = f.person
  WHERE o.lawful OR o.paid = o.returned
  GROUP BY r.person, r.item, o.lawful, o.paid, CASE WHEN o.lawful THEN DATE '1900-01-01' ELSE r.period END,
    CASE WHEN o.lawful THEN ABS(r.amount) END
),
spare AS (
  SELECT person, SUM(spare) AS spare
  FROM (
    SELECT person, item, CASE WHEN lawful AND SUM(net) <= 0 THEN -GREATEST(SUM(net), SUM(taken))
      WHEN lawful THEN -SUM(GREATEST(LEAST(net, 0), taken))
      ELSE GREATEST(0, -SUM(GREATEST(LEAST(net, 0), taken)) - paid) END AS spare
    FROM equal_sums
    GROUP BY person, item, lawful, paid
  )
  GROUP BY person
),
settled AS (
  SELECT o.person, o.item, o.periods_paid, o.paid, o.since, o.last_paid, o.named, o.first_month, o.last_month, o.returned AS own_returned,
    CASE WHEN o.lawful THEN o.returned ELSE o.returned + LEAST(o.paid - o.returned, GREATEST(0, COALESCE(x.spare, 0)
      - SUM(CASE WHEN o.lawful THEN 0 ELSE o.paid - o.returned END) OVER earlier + o.paid - o.returned)) END AS returned
  FROM owing AS o
  LEFT JOIN spare AS x ON o.person = x.person
  WINDOW earlier AS (
    PARTITION BY o.person ORDER BY CASE WHEN o.judged THEN 0 ELSE 1 END, o.first_month NULLS LAST, o.item ROWS UNBOUNDED PRECEDING
  )
),
remaining AS (
  SELECT person, item, COUNT(*) AS periods_left
  FROM (
    SELECT p.person, p.item, s.paid - s.returned AS left_over,
      SUM(p.net) OVER (PARTITION BY p.person, p.item ORDER BY p.period ROWS UNBOUNDED PRECEDING) - p.net AS before
    FROM periods AS p
    JOIN settled AS s ON p.person = s.person AND p.item = s.item
    WHERE p.beyond AND p.net > 0
  )
  WHERE before < left_over
  GROUP BY person, item
),
places AS (
  SELECT person, item, agency, village,
    ROW_NUMBER() OVER (
      PARTITION BY person, item ORDER BY SUM(amount) DESC, MAX(period) DESC, agency NULLS LAST, village NULLS LAST
    ) AS place,
    COUNT(*) OVER (PARTITION BY person, item) AS places
  FROM of_the_dead
  WHERE beyond
  GROUP BY person, item, agency, village
  HAVING SUM(amount) > 0
)
SELECT s.person, s.item, COALESCE(c.title, s.item) AS item_title, l.village, l.agency, d.death_date,
  CASE WHEN d.earliest_date < d.death_date THEN d.earliest_date END AS earliest_date,
  CASE WHEN d.disputed THEN NULL ELSE TRUE END AS undisputed, CASE WHEN NOT s.named THEN NULL ELSE TRUE END AS same_name,
  c.for_heirs, c.household, s.periods_paid, COALESCE(r.periods_left, 0) AS months_after,
  CAST(s.paid AS BIGINT) AS paid, CAST(NULLIF(s.returned, 0) AS BIGINT) AS returned,
  CAST(NULLIF(s.returned - s.own_returned, 0) AS BIGINT) AS returned_elsewhere,
  CAST(s.paid - s.returned AS BIGINT) AS total, s.first_month, s.last_month,
  CASE WHEN s.last_month > s.first_month THEN s.last_month END AS until_month,
  -- prepaid while the person lived: nothing was paid after the death
  CASE WHEN s.last_paid < d.death_date THEN s.last_paid END AS prepaid_on,
  CASE WHEN l.places > 1 THEN l.places - 1 END AS other_places,
  CASE WHEN c.period_months > 1 THEN '期' ELSE '个月' END AS periods_zh,
  CASE WHEN c.period_months > 1 THEN 'period(s)' ELSE 'month(s)' END AS periods_en
FROM settled AS s
JOIN death AS d ON s.person = d.person
LEFT JOIN catalogue AS c ON s.item = c.item
LEFT JOIN remaining AS r ON s.person = r.person AND s.item = r.item
LEFT JOIN places AS l ON s.person = l.person AND s.item = l.item AND l.place = 1
