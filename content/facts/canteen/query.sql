SELECT purchase_id, school, purchase_date, CAST(date_trunc('month', purchase_date) AS DATE) AS purchase_month, item, quantity,
  unit_price, supplier, _delivery, _row
FROM canteen_purchase
