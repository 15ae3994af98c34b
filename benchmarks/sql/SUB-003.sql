WITH doubled AS (
  SELECT person, item, benefit_month
  FROM subsidy_payment WHERE person IS NOT NULL AND benefit_month IS NOT NULL AND village IS NOT NULL
  GROUP BY 1, 2, 3 HAVING min(village) <> max(village)
), places AS (
  SELECT p.person, p.item, p.benefit_month, p.village, sum(p.amount) AS paid
  FROM subsidy_payment p JOIN doubled d USING (person, item, benefit_month)
  WHERE p.village IS NOT NULL
  GROUP BY 1, 2, 3, 4 HAVING sum(p.amount) > 0
), months AS (
  SELECT person, item, benefit_month, sum(paid) - max(paid) AS overpaid FROM places GROUP BY 1, 2, 3 HAVING count(*) >= 2
)
SELECT m.person, m.item, sum(m.overpaid) AS overpaid
FROM months m LEFT JOIN subsidy_item i USING (item)
WHERE NOT coalesce(i.universal, false)
GROUP BY 1, 2 HAVING sum(m.overpaid) >= 10000
