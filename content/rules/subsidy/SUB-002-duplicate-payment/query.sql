-- One row per person and item paid more than once for some period (month, quarter, half-year or year). What is too much in a
-- period is what exceeds the standard, but no more than came beside its largest payment: one payment, however large and however
-- corrected, is not paid more than once. Recoveries booked under other periods or items are taken off; approved top-ups do not count.
WITH catalogue AS (
  SELECT item, title, universal, period_months,
    COALESCE(household, REGEXP_MATCHES(title, $household_words)) AS household
  FROM item
),
periods AS (
  SELECT person, item, period, MAX(period_end) AS period_end, COUNT(*) FILTER (WHERE amount > 0) AS payments,
    CAST(SUM(amount) AS BIGINT) AS paid, MAX(GREATEST(amount, 0)) AS largest,
    MAX(pay_date) FILTER (WHERE amount > 0) AS last_paid
  FROM payment
  WHERE person IS NOT NULL AND period IS NOT NULL AND COALESCE(nature, '') NOT IN ($top_ups)
  GROUP BY person, item, period
  HAVING COUNT(*) >= 2 OR MIN(amount) < 0
),
standards AS (
  -- The highest standard in force within the period; unknown where one of them is.
  SELECT p.item, p.period,
    CASE WHEN COUNT(*) = COUNT(s.monthly_standard) THEN MAX(s.monthly_standard) * MAX(c.period_months) END AS standard
  FROM (SELECT DISTINCT item, period, period_end FROM periods) AS p
  JOIN item_standard AS s ON p.item = s.item AND p.period < s.valid_to
    AND year(s.valid_from) * 12 + month(s.valid_from) <= year(p.period_end) * 12 + month(p.period_end)
  JOIN catalogue AS c ON p.item = c.item
  GROUP BY p.item, p.period
),
held AS (
  SELECT p.person, p.item, p.period, p.period_end, p.payments, p.paid, p.largest, p.last_paid, s.standard,
    CASE WHEN p.paid <= p.largest THEN 0
      WHEN s.standard IS NOT NULL THEN GREATEST(0, LEAST(p.paid - s.standard, p.paid - p.largest)) END AS too_much
  FROM periods AS p
  LEFT JOIN standards AS s ON p.item = s.item AND p.period = s.period
),
over AS (
  SELECT person, item, COUNT(*) FILTER (WHERE too_much > 0) AS periods_over, SUM(too_much) AS too_much,
    BOOL_OR(too_much IS NULL) AS standard_missing,
    SUM(payments) FILTER (WHERE too_much > 0) AS payments, SUM(paid) FILTER (WHERE too_much > 0) AS paid,
    MIN(period) FILTER (WHERE too_much > 0) AS first_month, MAX(period_end) FILTER (WHERE too_much > 0) AS last_month,
    MIN(standard) FILTER (WHERE too_much > 0) AS lowest_standard, MAX(standard) FILTER (WHERE too_much > 0) AS standard,
    MIN(last_paid) FILTER (WHERE too_much > 0) AS since
  FROM held
  GROUP BY person, item
),
returned AS (
  -- Booked under another period: what goes below the one payment due for it (a period paid too much has more than that left).
  SELECT person, item, SUM(returned) AS returned
  FROM (
    SELECT h.person, h.item, h.period, LEAST(-SUM(p.amount), GREATEST(0, MAX(h.largest) - MAX(h.paid))) AS returned
    FROM held AS h
    JOIN over AS o ON h.person = o.person AND h.item = o.item
    JOIN payment AS p ON h.person = p.person AND h.item = p.item AND h.period = p.period
    WHERE p.amount < 0 AND COALESCE(p.nature, '') NOT IN ($top_ups) AND COALESCE(p.pay_date >= o.since, TRUE)
    GROUP BY h.person, h.item, h.period
  )
  GROUP BY person, item
),
-- Booked under an item that was not paid too much itself: what goes below all that was paid for that period.
elsewhere AS (
  SELECT person, SUM(spare) AS spare
  FROM (
    SELECT p.person, p.item, p.period,
      LEAST(-SUM(CASE WHEN p.amount < 0 AND COALESCE(p.pay_date >= f.since, TRUE) THEN p.amount ELSE 0 END),
        GREATEST(0, -SUM(p.amount))) AS spare
    FROM payment AS p
    JOIN (SELECT person, MIN(since) AS since FROM over WHERE too_much > 0 GROUP BY person) AS f ON p.person = f.person
    LEFT JOIN over AS o ON p.person = o.person AND p.item = o.item AND o.too_much > 0
    WHERE o.person IS NULL AND COALESCE(p.nature, '') NOT IN ($top_ups)
    GROUP BY p.person, p.item, p.period
  )
  GROUP BY person
),
own AS (
  SELECT o.person, o.item, o.first_month, o.too_much, LEAST(o.too_much, COALESCE(r.returned, 0)) AS returned
  FROM over AS o
  LEFT JOIN returned AS r ON o.person = r.person AND o.item = r.item
),
-- What came back elsewhere goes to the earliest of what is left.
shared AS (
  SELECT w.person, w.item, w.returned, COALESCE(LEAST(w.too_much - w.returned, GREATEST(0,
    e.spare - SUM(w.too_much - w.returned) OVER earlier + w.too_much - w.returned)), 0) AS elsewhere
  FROM own AS w
  LEFT JOIN elsewhere AS e ON w.person = e.person
  WINDOW earlier AS (PARTITION BY w.person ORDER BY w.first_month NULLS LAST, w.item NULLS LAST ROWS UNBOUNDED PRECEDING)
),
settled AS (
  SELECT person, item, returned + elsewhere AS returned, elsewhere
  FROM shared
),
remaining AS (
  SELECT person, item, COUNT(*) AS periods_left
  FROM (
    SELECT h.person, h.item, o.too_much - s.returned AS left_over,
      SUM(h.too_much) OVER (PARTITION BY h.person, h.item ORDER BY h.period ROWS UNBOUNDED PRECEDING) - h.too_much AS before
    FROM held AS h
    JOIN over AS o ON h.person = o.person AND h.item = o.item
    JOIN settled AS s ON h.person = s.person AND h.item = s.item
    WHERE h.too_much > 0
  )
  WHERE before < left_over
  GROUP BY person, item
),
places AS (
  SELECT p.person, p.item, p.agency, p.village,
    ROW_NUMBER() OVER (
      PARTITION BY p.person, p.item
      ORDER BY SUM(p.amount) DESC, MAX(p.pay_date) DESC, p.agency NULLS LAST, p.village NULLS LAST
    ) AS place,
    COUNT(*) OVER (PARTITION BY p.person, p.item) AS places
  FROM payment AS p
  JOIN held AS h ON p.person = h.person AND p.item = h.item AND p.period = h.period
  JOIN over AS o ON h.person = o.person AND h.item = o.item
  WHERE COALESCE(p.nature, '') NOT IN ($top_ups) AND (h.too_much > 0 OR o.periods_over = 0)
  GROUP BY p.person, p.item, p.agency, p.village
  HAVING SUM(p.amount) > 0
)
SELECT o.person, o.item, COALESCE(c.title, o.item) AS item_title, l.agency, l.village, c.universal,
  CASE WHEN NOT c.household THEN TRUE END AS per_person,
  CASE WHEN o.standard_missing AND r.periods_left IS NULL THEN NULL ELSE COALESCE(r.periods_left, 0) END AS months_over,
  CASE WHEN o.standard_missing AND r.periods_left IS NULL THEN NULL ELSE CAST(o.too_much - s.returned AS BIGINT) END AS excess,
  o.periods_over, CAST(o.payments AS BIGINT) AS payments, CAST(o.paid AS BIGINT) AS paid,
  CAST(o.standard AS BIGINT) AS standard, CAST(CASE WHEN o.lowest_standard < o.standard THEN o.lowest_standard END AS BIGINT) AS lower_standard,
  CAST(o.too_much AS BIGINT) AS overpaid, CAST(NULLIF(s.returned, 0) AS BIGINT) AS returned,
  CAST(NULLIF(s.elsewhere, 0) AS BIGINT) AS returned_elsewhere, o.first_month, o.last_month,
  CASE WHEN o.last_month > o.first_month THEN o.last_month END AS until_month,
  CASE WHEN l.places > 1 THEN l.places - 1 END AS other_places,
  CASE c.period_months WHEN 3 THEN '季度' WHEN 6 THEN '半年' WHEN 12 THEN '年度' ELSE '月' END AS period_zh,
  CASE c.period_months WHEN 3 THEN 'quarter' WHEN 6 THEN 'half-year' WHEN 12 THEN 'year' ELSE 'month' END AS period_en
FROM over AS o
LEFT JOIN catalogue AS c ON o.item = c.item
JOIN settled AS s ON o.person = s.person AND o.item = s.item
LEFT JOIN remaining AS r ON o.person = r.person AND o.item = r.item
LEFT JOIN places AS l ON o.person = l.person AND o.item = l.item AND l.place = 1
