-- One row per school, supplier and year: how many purchases cost more than peers paid for the same item in the same month.
WITH school_price AS (
  SELECT item, purchase_month, school, SUM(unit_price) * 1.0 / COUNT(*) AS price
  FROM canteen
  WHERE unit_price > 0
  GROUP BY item, purchase_month, school
),
ranked AS (
  SELECT item, purchase_month, price,
    ROW_NUMBER() OVER (PARTITION BY item, purchase_month ORDER BY price NULLS LAST) AS place,
    COUNT(*) OVER (PARTITION BY item, purchase_month) AS schools
  FROM school_price
),
middle AS (
  SELECT item, purchase_month, schools,
    MAX(price) FILTER (WHERE place = schools // 2) AS low,
    MAX(price) FILTER (WHERE place = schools // 2 + 1) AS mid,
    MAX(price) FILTER (WHERE place = schools // 2 + 2) AS high
  FROM ranked
  WHERE schools - 1 >= $min_peers
  GROUP BY item, purchase_month, schools
),
-- The median of the OTHER schools: take a school out of the sorted list, and every place from its own on moves up by one.
peer AS (
  SELECT s.item, s.purchase_month, s.school,
    CASE WHEN m.schools % 2 = 0 AND s.price <= m.low THEN m.mid
      WHEN m.schools % 2 = 0 THEN m.low
      WHEN s.price <= m.low THEN (m.mid + m.high) / 2
      WHEN s.price <= m.mid THEN (m.low + m.high) / 2
      ELSE (m.low + m.mid) / 2 END AS price
  FROM school_price AS s
  JOIN middle AS m ON s.item = m.item AND s.purchase_month = m.purchase_month
),
judged AS (
  SELECT c.school, c.supplier, c.purchase_month, c.unit_price * 100 > p.price * (100 + $over_percent) AS dear,
    CAST(round(c.quantity * (c.unit_price - p.price)) AS BIGINT) AS extra, c.unit_price / p.price - 1 AS over_peers
  FROM canteen AS c
  JOIN peer AS p ON c.item = p.item AND c.purchase_month = p.purchase_month AND c.school = p.school
  WHERE c.supplier IS NOT NULL AND c.unit_price > 0
)
SELECT school, supplier, year(purchase_month) AS purchase_year, COUNT(*) AS purchases,
  COUNT(*) FILTER (WHERE dear) AS dear_purchases,
  COALESCE(CAST(SUM(extra) FILTER (WHERE dear) AS BIGINT), 0) AS extra_paid,
  MAX(over_peers) AS worst_over,
  COALESCE(MIN(purchase_month) FILTER (WHERE dear), MIN(purchase_month)) AS first_month,
  COALESCE(MAX(purchase_month) FILTER (WHERE dear), MAX(purchase_month)) AS last_month
FROM judged
GROUP BY school, supplier, year(purchase_month)
