-- One row per person and item paid from two villages for the same month; a village's reversals are set off first.
WITH doubled AS (
  SELECT person, item, benefit_month
  FROM payment
  WHERE person IS NOT NULL AND benefit_month IS NOT NULL AND village IS NOT NULL
  GROUP BY person, item, benefit_month
  HAVING MIN(village) <> MAX(village)
),
closed AS (
  SELECT code, MAX(valid_to) AS closed_on
  FROM region
  GROUP BY code
),
places AS (
  SELECT p.person, p.item, p.benefit_month, p.village, CAST(SUM(p.amount) AS BIGINT) AS paid, MIN(p.agency) AS agency
  FROM payment AS p
  JOIN doubled AS d ON p.person = d.person AND p.item = d.item AND p.benefit_month = d.benefit_month
  WHERE p.village IS NOT NULL
  GROUP BY p.person, p.item, p.benefit_month, p.village
  HAVING SUM(p.amount) > 0
),
months AS (
  SELECT s.person, s.item, s.benefit_month, COUNT(*) AS villages, MIN(s.village) AS village_a, MAX(s.village) AS village_b,
    SUM(s.paid) AS paid, SUM(s.paid) - MAX(s.paid) AS overpaid, MIN(s.agency) AS agency,
    COUNT(*) FILTER (WHERE c.closed_on <= s.benefit_month) AS closed_villages
  FROM places AS s
  LEFT JOIN closed AS c ON s.village = c.code
  GROUP BY s.person, s.item, s.benefit_month
)
SELECT m.person, m.item, MIN(i.title) AS item_title, MIN(m.agency) AS agency, COALESCE(i.universal, FALSE) AS universal,
  MIN(m.village_a) AS village_a, MAX(m.village_b) AS village_b,
  COUNT(*) FILTER (WHERE m.villages >= 2) AS months_double,
  COUNT(*) FILTER (WHERE m.villages >= 2 AND m.closed_villages >= 1) AS months_merged,
  CAST(SUM(m.paid) AS BIGINT) AS paid, CAST(SUM(m.overpaid) AS BIGINT) AS overpaid,
  MIN(m.benefit_month) AS first_month, MAX(m.benefit_month) AS last_month
FROM months AS m
LEFT JOIN item AS i ON m.item = i.item
GROUP BY m.person, m.item, i.universal
