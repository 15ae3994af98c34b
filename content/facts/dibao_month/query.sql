-- Facts have no clock: how far assistance has run is told by the newest month that anything was delivered of (what is not
-- known is passed over by GREATEST and LEAST).
WITH numbers AS (
  SELECT tens.n * 12 + ones.n AS n
  FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS tens(n)
  CROSS JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11)) AS ones(n)
),
paid AS (
  SELECT MIN(year(month) * 12 + month(month) - 1) AS oldest, MAX(year(month) * 12 + month(month) - 1) AS newest
  FROM fiscal_payroll
),
begun AS (
  SELECT MAX(year(start_month) * 12 + month(start_month) - 1) AS newest
  FROM dibao_member
),
reach AS (
  SELECT GREATEST(p.newest, b.newest) AS newest, LEAST(p.oldest, GREATEST(p.newest, b.newest) - 11) AS oldest
  FROM paid AS p
  CROSS JOIN begun AS b
),
months AS (
  SELECT CAST(CONCAT(CAST((r.newest - n.n) // 12 AS VARCHAR), '-', LPAD(CAST((r.newest - n.n) % 12 + 1 AS VARCHAR), 2, '0'), '-01') AS DATE) AS month
  FROM numbers AS n
  CROSS JOIN reach AS r
  WHERE r.newest - n.n >= r.oldest
)
SELECT d.person, d.case_no, d.start_month, m.month, d.agency, d._delivery, d._row
FROM dibao_member AS d
JOIN months AS m ON m.month >= d.start_month AND m.month < COALESCE(d.end_month, DATE '9999-12-01')
UNION ALL
SELECT person, case_no, start_month, CAST(NULL AS DATE) AS month, agency, _delivery, _row
FROM dibao_member
WHERE start_month IS NULL
