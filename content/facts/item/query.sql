-- The nature of an item does not change with its standard: the newest row of the catalogue says it.
WITH newest AS (
  SELECT item, title, universal, min_age, period, beneficiary, heirs, _delivery, _row,
    ROW_NUMBER() OVER (PARTITION BY item ORDER BY valid_from DESC NULLS LAST, _delivery DESC, _row DESC) AS place
  FROM subsidy_item
)
SELECT item, title, universal, min_age,
  CASE period WHEN '季' THEN 3 WHEN '半年' THEN 6 WHEN '年' THEN 12 ELSE 1 END AS period_months,
  CASE beneficiary WHEN '户' THEN TRUE WHEN '人' THEN FALSE END AS household,
  heirs, _delivery, _row
FROM newest
WHERE place = 1
