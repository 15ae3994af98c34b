-- One row per school, supplier and year: how many purchases cost more than other schools paid for the same item at that time.
-- A price is held against three dekads, its own and those beside it, and is dear only above all of them: when the market jumps
-- or falls, some buy before and some after. What was sent back is set off first.
WITH bought AS (
  SELECT c.school, c.supplier, c.item, c.dekad, c.unit_price, c.purchase_date, c.purchase_month,
    c.quantity * SUM(c.quantity) OVER same / SUM(GREATEST(c.quantity, 0)) OVER same AS quantity
  FROM canteen AS c
  WHERE c.unit_price > 0
  WINDOW same AS (PARTITION BY c.school, c.supplier, c.item, c.dekad, c.unit_price)
  QUALIFY c.quantity > 0 AND SUM(c.quantity) OVER same > 0
),
school_price AS (
  SELECT item, dekad, school, SUM(unit_price) * 1.0 / COUNT(*) AS price
  FROM bought
  GROUP BY item, dekad, school
),
ranked AS (
  SELECT item, dekad, price,
    ROW_NUMBER() OVER (PARTITION BY item, dekad ORDER BY price NULLS LAST) AS place,
    COUNT(*) OVER (PARTITION BY item, dekad) AS schools
  FROM school_price
),
middle AS (
  SELECT item, dekad, schools,
    MAX(price) FILTER (WHERE place = schools // 2) AS low,
    MAX(price) FILTER (WHERE place = schools // 2 + 1) AS mid,
    MAX(price) FILTER (WHERE place = schools // 2 + 2) AS high
  FROM ranked
  WHERE schools >= $min_peers
  GROUP BY item, dekad, schools
),
-- The dekads that a school's price is held against, its own and those beside it, in which it need not have bought itself.
-- One row each by UNION: joined to numbers -1, 0, 1 the engine (DuckDB 2.0) loses those in which it did not buy.
wanted AS (
  SELECT item, school, dekad, dekad AS market_dekad FROM school_price
  UNION ALL
  SELECT item, school, dekad, dekad - 1 AS market_dekad FROM school_price
  UNION ALL
  SELECT item, school, dekad, dekad + 1 AS market_dekad FROM school_price
),
held AS (
  SELECT w.item, w.school, w.dekad, w.market_dekad, o.price, m.low, m.mid, m.high, m.schools,
    CASE WHEN o.price IS NULL THEN m.schools ELSE m.schools - 1 END AS peers
  FROM wanted AS w
  JOIN middle AS m ON w.item = m.item AND w.market_dekad = m.dekad
  LEFT JOIN school_price AS o ON w.item = o.item AND w.market_dekad = o.dekad AND w.school = o.school
),
-- The median of the OTHER schools: take a school out of the sorted list, and every place from its own on moves up by one.
peer AS (
  SELECT item, school, dekad, market_dekad, peers,
    CASE WHEN price IS NULL AND schools % 2 = 0 THEN (low + mid) / 2
      WHEN price IS NULL THEN mid
      WHEN schools % 2 = 0 AND price <= low THEN mid
      WHEN schools % 2 = 0 THEN low
      WHEN price <= low THEN (mid + high) / 2
      WHEN price <= mid THEN (low + high) / 2
      ELSE (low + mid) / 2 END AS price
  FROM held
  WHERE peers >= $min_peers
),
market AS (
  SELECT item, dekad, school, MAX(CASE WHEN market_dekad = dekad THEN peers END) AS peers, MAX(price) AS price
  FROM peer
  GROUP BY item, dekad, school
  HAVING COUNT(CASE WHEN market_dekad = dekad THEN 1 END) > 0
),
judged AS (
  SELECT c.school, c.supplier, c.item, c.purchase_date, c.purchase_month, c.unit_price, p.price AS peer_price, p.peers,
    -- rounded, so that what lies on a bound is not moved off it by how fractions are stored
    c.unit_price * 100 >= ROUND(p.price * (100 + $over_percent), 6) AS dear,
    CAST(round(c.quantity * (c.unit_price - p.price)) AS BIGINT) AS extra, c.unit_price / p.price - 1 AS over_peers
  FROM bought AS c
  JOIN market AS p ON c.item = p.item AND c.dekad = p.dekad AND c.school = p.school
),
worst AS (
  SELECT school, supplier, year(purchase_month) AS purchase_year, item, purchase_date, unit_price, peer_price, peers
  FROM judged
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY school, supplier, year(purchase_month)
    ORDER BY over_peers DESC NULLS LAST, purchase_date, item
  ) = 1
),
yearly AS (
  SELECT school, supplier, year(purchase_month) AS purchase_year, COUNT(*) AS purchases,
    COUNT(*) FILTER (WHERE dear) AS dear_purchases,
    CAST(SUM(CASE WHEN dear THEN extra ELSE 0 END) AS BIGINT) AS extra_paid,
    MAX(over_peers) AS worst_over,
    MIN(purchase_month) FILTER (WHERE dear) AS first_month,
    MAX(purchase_month) FILTER (WHERE dear) AS last_month
  FROM judged
  GROUP BY school, supplier, year(purchase_month)
)
SELECT y.school, y.supplier, y.purchase_year, y.purchases, y.dear_purchases, y.extra_paid, y.worst_over, y.first_month,
  y.last_month, w.item AS worst_item, w.purchase_date AS worst_day, w.unit_price AS worst_price,
  CAST(round(w.peer_price) AS BIGINT) AS worst_peer_price, w.peers AS worst_peers
FROM yearly AS y -- purchases from nobody knows whom meet nothing in this join
JOIN worst AS w ON y.school = w.school AND y.supplier = w.supplier AND y.purchase_year = w.purchase_year
