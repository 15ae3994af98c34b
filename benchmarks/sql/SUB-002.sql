WITH months AS (
  SELECT person, item, benefit_month, sum(amount) AS paid
  FROM subsidy_payment WHERE person IS NOT NULL AND benefit_month IS NOT NULL
  GROUP BY 1, 2, 3 HAVING count(*) >= 2
)
SELECT m.person, m.item, sum(m.paid - i.monthly_standard) AS excess
FROM months m JOIN subsidy_item i USING (item)
WHERE NOT i.universal AND m.paid > i.monthly_standard
GROUP BY 1, 2 HAVING sum(m.paid - i.monthly_standard) >= 10000
