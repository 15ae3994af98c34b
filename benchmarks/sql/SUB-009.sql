WITH newest AS (
  SELECT date_trunc('month', max(least(benefit_month, coalesce(pay_date, benefit_month)))) AS month FROM subsidy_payment
), allowance AS (
  SELECT min_age FROM subsidy_item WHERE item = 'ELD80'
), paid AS (
  SELECT p.person, max(p.benefit_month) AS last_month
  FROM subsidy_payment p JOIN subsidy_item t USING (item)
  WHERE t.min_age >= (SELECT min_age FROM allowance) AND p.amount > 0 AND p.person IS NOT NULL
  GROUP BY 1
)
SELECT e.person
FROM person_population e CROSS JOIN newest n CROSS JOIN allowance a
LEFT JOIN paid p USING (person)
WHERE e.status = '正常' AND e.person IS NOT NULL
  AND date_trunc('month', e.birth_date) + to_years(CAST(a.min_age AS INTEGER)) <= n.month - INTERVAL 3 MONTH
  AND (p.last_month IS NULL OR p.last_month <= n.month - INTERVAL 3 MONTH)
  AND NOT EXISTS (SELECT 1 FROM death_registry d WHERE d.person = e.person AND d.death_date IS NOT NULL)
