WITH latest AS (
  SELECT code, region_name, parent, valid_from, valid_to, merged_into, _delivery, _row
  FROM region
  QUALIFY ROW_NUMBER() OVER (PARTITION BY code ORDER BY valid_from DESC) = 1
),

begun AS (
  SELECT parent, valid_from, MIN(code) AS code
  FROM latest
  GROUP BY parent, valid_from
  HAVING COUNT(*) = 1
),

steps AS (
  SELECT o.code, o.region_name, o._delivery, o._row, COALESCE(o.merged_into, n.code) AS merged_into,
    CASE WHEN COALESCE(o.merged_into, n.code) IS NOT NULL THEN o.valid_to END AS merged_on
  FROM latest AS o
  LEFT JOIN begun AS n ON o.parent = n.parent AND o.valid_to = n.valid_from
)

SELECT s.code, s.region_name AS place_name, s.merged_on, s.merged_into, a.merged_on AS merged_again_on,
  a.merged_into AS merged_again_into, s._delivery, s._row
FROM steps AS s
LEFT JOIN steps AS a ON s.merged_into = a.code
