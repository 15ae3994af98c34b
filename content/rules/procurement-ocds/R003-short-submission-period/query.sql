-- One row per announced process: its submission period in whole days and the least number its method asks for. Whether the dates
-- are plausible is TRUE or not known: a deadline before the start is a fault in the dates, of which nothing follows. Where the method
-- is a word that OCDS has not, it cannot be judged either.
WITH announced AS (
  SELECT t.ocid, t.buyer, t.published_month, t.method, t.method_details, t.period_start, t.period_end,
    CASE WHEN '*' IN ($methods) OR t.method IN ($methods) THEN t.period_days END AS period_days,
    '|' || $days_by_method AS limits, '|' || t.method_details || '=' AS by_name, '|' || t.method || '=' AS by_method
  FROM tender AS t
  WHERE COALESCE(t.status NOT IN ($skip_statuses), TRUE) AND COALESCE(t.method_details NOT IN ($skip_methods), TRUE)
    AND ('*' IN ($methods) OR t.method IN ($methods) OR t.method NOT IN ('open', 'selective', 'limited', 'direct'))
)
SELECT ocid, buyer, published_month, method, method_details, period_start, period_end, period_days,
  CASE WHEN period_days >= $earliest_days THEN TRUE END AS plausible,
  COALESCE(
    CASE WHEN STRPOS(limits, by_name) > 0
      THEN TRY_CAST(SPLIT_PART(SUBSTR(limits, STRPOS(limits, by_name) + LENGTH(by_name)), '|', 1) AS INTEGER)
    END,
    CASE WHEN STRPOS(limits, by_method) > 0
      THEN TRY_CAST(SPLIT_PART(SUBSTR(limits, STRPOS(limits, by_method) + LENGTH(by_method)), '|', 1) AS INTEGER)
    END,
    $days) AS least_days
FROM announced
