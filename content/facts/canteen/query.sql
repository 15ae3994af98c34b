-- What was sent back is a negative row: the net quantity is what a school kept of an item from a supplier in a dekad at a price.
WITH dated AS (
  SELECT purchase_id, school, purchase_date, CAST(date_trunc('month', purchase_date) AS DATE) AS purchase_month,
    (year(purchase_date) * 12 + month(purchase_date)) * 3 + CASE WHEN day(purchase_date) <= 10 THEN 0 WHEN day(purchase_date) <= 20 THEN 1 ELSE 2 END AS dekad,
    item, quantity, unit_price, supplier, _delivery, _row
  FROM canteen_purchase
)
SELECT purchase_id, school, purchase_date, purchase_month, dekad, item, quantity, unit_price, supplier,
  SUM(quantity) OVER (PARTITION BY school, supplier, item, dekad, unit_price) AS net_quantity, _delivery, _row
FROM dated
