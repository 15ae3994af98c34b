-- One row per person and item that were paid more than once in some month; each month is held against the item's standard.
WITH months AS (
  SELECT person, item, benefit_month, COUNT(*) FILTER (WHERE amount > 0) AS payments, CAST(SUM(amount) AS BIGINT) AS paid,
    MIN(agency) AS agency, MIN(village) AS village
  FROM payment
  WHERE person IS NOT NULL AND benefit_month IS NOT NULL
  GROUP BY person, item, benefit_month
  HAVING COUNT(*) >= 2
)
SELECT m.person, m.item, MIN(i.title) AS item_title, MIN(m.agency) AS agency, MIN(m.village) AS village,
  COALESCE(i.universal, FALSE) AS universal, i.monthly_standard,
  CASE WHEN i.monthly_standard IS NOT NULL THEN COUNT(*) FILTER (WHERE m.paid > i.monthly_standard) END AS months_over,
  CAST(SUM(CASE WHEN m.paid > i.monthly_standard THEN m.payments ELSE 0 END) AS BIGINT) AS payments,
  CAST(SUM(CASE WHEN m.paid > i.monthly_standard THEN m.paid ELSE 0 END) AS BIGINT) AS paid,
  CAST(SUM(CASE WHEN m.paid > i.monthly_standard THEN m.paid - i.monthly_standard
    WHEN i.monthly_standard IS NOT NULL THEN 0 END) AS BIGINT) AS excess,
  MIN(m.benefit_month) FILTER (WHERE m.paid > i.monthly_standard) AS first_month,
  MAX(m.benefit_month) FILTER (WHERE m.paid > i.monthly_standard) AS last_month
FROM months AS m
LEFT JOIN item AS i ON m.item = i.item
GROUP BY m.person, m.item, i.universal, i.monthly_standard
