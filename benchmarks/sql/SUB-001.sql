-- One statement over the lake's tables, as an analyst would write it.
WITH dead AS (
  SELECT person, min(death_date) AS death_date FROM death_registry WHERE person IS NOT NULL AND death_date IS NOT NULL GROUP BY 1
), monthly AS (
  SELECT p.person, p.item, p.benefit_month, sum(p.amount) AS paid
  FROM subsidy_payment p JOIN dead d USING (person)
  WHERE p.benefit_month >= date_trunc('month', d.death_date) + INTERVAL 2 MONTH AND p.item NOT IN ('FUNERAL', 'SURVIVOR')
  GROUP BY 1, 2, 3
)
SELECT person, item, count(*) AS months_after, sum(paid) AS total FROM monthly WHERE paid > 0 GROUP BY 1, 2 HAVING sum(paid) >= 10000
