-- One row per dead person and item: what was paid for periods beyond death and grace, less what was taken back, under whatever
-- month, unit or number the recovery was booked. What is left is laid to the earliest of these periods.
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
    BOOL_OR(same_name) AS named
  FROM of_the_dead
  GROUP BY person, item, period, beyond
),
beyond AS (
  SELECT person, item, COUNT(*) FILTER (WHERE beyond AND net > 0) AS periods_paid,
    COALESCE(SUM(net) FILTER (WHERE beyond AND net > 0), 0) AS paid,
    COALESCE(-SUM(net) FILTER (WHERE beyond AND net < 0), 0) AS returned,
    MIN(first_paid) FILTER (WHERE beyond AND net > 0) AS since, BOOL_OR(named) FILTER (WHERE beyond AND net > 0) AS named,
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
settled AS (
  SELECT b.person, b.item, b.periods_paid, b.paid, b.since, b.named, b.first_month, b.last_month,
    LEAST(b.paid, b.returned + COALESCE(e.returned, 0)) AS returned
  FROM beyond AS b
  LEFT JOIN under_earlier AS e ON b.person = e.person AND b.item = e.item
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
  CAST(s.paid - s.returned AS BIGINT) AS total, s.first_month, s.last_month,
  CASE WHEN l.places > 1 THEN l.places - 1 END AS other_places,
  CASE WHEN c.period_months > 1 THEN '期' ELSE '个月' END AS periods_zh,
  CASE WHEN c.period_months > 1 THEN 'period(s)' ELSE 'month(s)' END AS periods_en
FROM settled AS s
JOIN death AS d ON s.person = d.person
LEFT JOIN catalogue AS c ON s.item = c.item
LEFT JOIN remaining AS r ON s.person = r.person AND s.item = r.item
LEFT JOIN places AS l ON s.person = l.person AND s.item = l.item AND l.place = 1
