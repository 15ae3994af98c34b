-- An item is an old-age item from a minimum age of 60; where the catalogue has none, people of nearly 80 stand here all the
-- same, so that what cannot be judged is counted. A month paid in advance is not yet due: the pay month caps it.
WITH newest AS (
  SELECT CAST(date_trunc('month', MAX(LEAST(benefit_month, COALESCE(pay_date, benefit_month)))) AS DATE) AS month
  FROM subsidy_payment
),
youngest AS (
  SELECT COALESCE(MIN(min_age), 80) - 1 AS age FROM subsidy_item WHERE min_age >= 60
)
SELECT p.person, p.birth_date, p.village, p.status, n.month AS reference_month, p._delivery, p._row
FROM person_population AS p
CROSS JOIN newest AS n
CROSS JOIN youngest AS y
WHERE p.birth_date IS NULL OR n.month IS NULL
  OR year(p.birth_date) * 12 + month(p.birth_date) <= (year(n.month) - y.age) * 12 + month(n.month)
