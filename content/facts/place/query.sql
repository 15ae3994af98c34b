WITH newest AS (
  SELECT code, region_name, merged_into, COALESCE(valid_to, DATE '9999-12-31') AS closed_on, _delivery, _row,
    ROW_NUMBER() OVER (PARTITION BY code ORDER BY valid_from DESC NULLS LAST, _delivery DESC, _row DESC) AS place
  FROM region
)
SELECT n.code, n.region_name AS place_name, n.closed_on,
  COALESCE(s.merged_into, f.merged_into, n.merged_into, n.code) AS current_code, n._delivery, n._row
FROM newest AS n
LEFT JOIN newest AS f ON n.merged_into = f.code AND f.place = 1
LEFT JOIN newest AS s ON f.merged_into = s.code AND s.place = 1
WHERE n.place = 1
