WITH newest AS (
  SELECT code, region_name, merged_into, COALESCE(valid_to, DATE '9999-12-31') AS closed_on,
    -- a merger without a day has always been: nobody is told of two places that may be one
    CASE WHEN merged_into IS NOT NULL THEN COALESCE(valid_to, DATE '1900-01-01') END AS merged_on,
    MIN(valid_from) OVER (PARTITION BY code) AS opened_on, _delivery, _row,
    ROW_NUMBER() OVER (PARTITION BY code ORDER BY valid_from DESC NULLS LAST, _delivery DESC, _row DESC) AS place
  FROM region
)
SELECT n.code, n.region_name AS place_name, n.opened_on, n.closed_on, n.merged_on, n.merged_into, f.merged_on AS merged_again_on,
  f.merged_into AS merged_again_into, s.merged_on AS merged_once_more_on,
  COALESCE(s.merged_into, f.merged_into, n.merged_into, n.code) AS current_code, n._delivery, n._row
FROM newest AS n
LEFT JOIN newest AS f ON n.merged_into = f.code AND f.place = 1
LEFT JOIN newest AS s ON f.merged_into = s.code AND s.place = 1
WHERE n.place = 1
