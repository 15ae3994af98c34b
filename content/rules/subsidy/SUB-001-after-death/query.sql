-- One row per dead person and item: the benefit months beyond death and grace whose payments, net of money taken back, stayed.
WITH monthly AS (
  SELECT p.person, p.item, p.benefit_month, d.death_date, MIN(p.village) AS village, MIN(p.agency) AS agency,
    SUM(p.amount) AS paid,
    year(p.benefit_month) * 12 + month(p.benefit_month) - year(d.death_date) * 12 - month(d.death_date) AS months_since
  FROM payment AS p
  JOIN death AS d ON p.person = d.person
  WHERE p.item NOT IN ($heirs_items)
  GROUP BY p.person, p.item, p.benefit_month, d.death_date
)
SELECT person, item, death_date, MIN(village) AS village, MIN(agency) AS agency,
  COUNT(*) FILTER (WHERE paid > 0 AND months_since > $grace_months) AS months_after,
  CAST(COALESCE(SUM(paid) FILTER (WHERE paid > 0 AND months_since > $grace_months), 0) AS BIGINT) AS total,
  MIN(benefit_month) FILTER (WHERE paid > 0 AND months_since > $grace_months) AS first_month,
  MAX(benefit_month) FILTER (WHERE paid > 0 AND months_since > $grace_months) AS last_month
FROM monthly
GROUP BY person, item, death_date
