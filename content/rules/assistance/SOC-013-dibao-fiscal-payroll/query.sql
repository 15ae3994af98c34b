-- One row per person and case with wages inside the assisted period; public-welfare posts are counted apart.
WITH overlap AS (
  SELECT d.person, d.case_no, d.case_kind, d.agency, d.village, d.start_month, d.end_month, f.unit, f.month, f.amount, f.kind,
    COALESCE(f.kind, '') <> $welfare_post AS regular
  FROM dibao AS d
  JOIN payroll AS f ON d.person = f.person AND f.month >= d.start_month AND f.month < d.end_month
  WHERE f.amount > 0
),
units AS (
  SELECT person, case_no, unit
  FROM (
    SELECT person, case_no, unit, COUNT(*) FILTER (WHERE regular) AS months
    FROM overlap
    GROUP BY person, case_no, unit
  )
  QUALIFY ROW_NUMBER() OVER (PARTITION BY person, case_no ORDER BY months DESC NULLS LAST, unit NULLS LAST) = 1
)
SELECT o.person, o.case_no, o.case_kind, o.agency, o.village, o.start_month, o.end_month, u.unit,
  COUNT(DISTINCT o.month) FILTER (WHERE o.regular) AS months,
  COUNT(DISTINCT o.month) FILTER (WHERE NOT o.regular) AS welfare_months,
  COUNT(DISTINCT o.month) FILTER (WHERE o.regular AND COALESCE(o.kind, '') <> $retired) AS active_months,
  COALESCE(CAST(SUM(o.amount) FILTER (WHERE o.regular) AS BIGINT), 0) AS wages,
  MIN(o.month) FILTER (WHERE o.regular) AS first_month, MAX(o.month) FILTER (WHERE o.regular) AS last_month
FROM overlap AS o
JOIN units AS u ON o.person = u.person AND o.case_no = u.case_no
GROUP BY o.person, o.case_no, o.case_kind, o.agency, o.village, o.start_month, o.end_month, u.unit
