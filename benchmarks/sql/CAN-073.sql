WITH school_price AS (
  SELECT item, date_trunc('month', purchase_date) AS month, school, avg(unit_price) AS price
  FROM canteen_purchase WHERE unit_price > 0 GROUP BY 1, 2, 3
), peer AS (
  SELECT a.item, a.month, a.school, median(b.price) AS price
  FROM school_price a JOIN school_price b ON a.item = b.item AND a.month = b.month AND a.school <> b.school
  GROUP BY 1, 2, 3 HAVING count(*) >= 5
)
SELECT c.school, c.supplier, year(c.purchase_date) AS purchase_year
FROM canteen_purchase c JOIN peer p ON c.item = p.item AND date_trunc('month', c.purchase_date) = p.month AND c.school = p.school
WHERE c.supplier IS NOT NULL AND c.unit_price * 100 > p.price * 110
GROUP BY 1, 2, 3
HAVING count(*) >= 3 AND sum(CAST(round(c.quantity * (c.unit_price - p.price)) AS BIGINT)) >= 10000
