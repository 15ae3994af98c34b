-- One row per supplier and classification scheme: in how many first-level classes it was awarded, and the scheme's upper fence.
WITH classes AS (
  SELECT c.supplier, c.ocid, c.buyer, c.published_month,
    CASE WHEN $schemes = 'together' THEN '*' ELSE COALESCE(c.scheme, '') END AS scheme,
    CASE WHEN $text_codes = 'whole' AND NOT REGEXP_MATCHES(c.class_id, '^[0-9]') THEN c.class_id
      ELSE SUBSTR(c.class_id, 1, $digits)
    END AS class
  FROM award_class AS c
  WHERE c.supplier IS NOT NULL AND c.class_id IS NOT NULL
    AND COALESCE(c.tender_status NOT IN ($skip_statuses), TRUE)
    AND COALESCE(c.method_details NOT IN ($skip_methods), TRUE)
),
records AS (
  SELECT supplier, scheme, COUNT(DISTINCT ocid) AS processes, COUNT(DISTINCT class) AS variety,
    MIN(published_month) AS first_month, MAX(published_month) AS last_month
  FROM classes
  GROUP BY supplier, scheme
),
-- The buyer that awards to it most often answers for the hit.
units AS (
  SELECT supplier, scheme, buyer
  FROM (SELECT supplier, scheme, buyer, COUNT(DISTINCT ocid) AS processes FROM classes GROUP BY supplier, scheme, buyer)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY supplier, scheme ORDER BY processes DESC NULLS LAST, buyer NULLS LAST) = 1
),
ranked AS (
  SELECT scheme, variety, ROW_NUMBER() OVER (PARTITION BY scheme ORDER BY variety) AS place,
    COUNT(*) OVER (PARTITION BY scheme) AS n
  FROM records
  WHERE processes >= $minimum_processes
),
-- Quartiles by rank, per scheme: position (n + 1/3) q + 1/3, linear between neighbours (Hyndman and Fan's type 8).
neighbours AS (
  SELECT scheme, n,
    MIN(variety) FILTER (WHERE place = GREATEST((3 * n + 5) // 12, 1)) AS q1_below,
    MIN(variety) FILTER (WHERE place = (3 * n + 5) // 12 + 1) AS q1_above,
    MIN(variety) FILTER (WHERE place = (9 * n + 7) // 12) AS q3_below,
    MIN(variety) FILTER (WHERE place = LEAST((9 * n + 7) // 12 + 1, n)) AS q3_above
  FROM ranked
  GROUP BY scheme, n
),
quartiles AS (
  SELECT scheme, n,
    CASE WHEN n >= $smallest_group THEN q1_below + (q1_above - q1_below) * ((3 * n + 5) % 12) / 12.0 END AS q1,
    CASE WHEN n >= $smallest_group THEN q3_below + (q3_above - q3_below) * ((9 * n + 7) % 12) / 12.0 END AS q3
  FROM neighbours
)
-- rounded, so that a number that lies on the fence is not kept from it by how fractions are stored
SELECT r.supplier, r.scheme, u.buyer, r.processes, r.variety, r.first_month, r.last_month, q.n AS compared,
  ROUND(q.q1, 9) AS q1, ROUND(q.q3, 9) AS q3,
  CASE WHEN $fixed_fence > 0 THEN $fixed_fence ELSE ROUND(q.q3 + 1.5 * (q.q3 - q.q1), 9) END AS fence
FROM records AS r
JOIN units AS u ON r.supplier = u.supplier AND r.scheme = u.scheme
LEFT JOIN quartiles AS q ON r.scheme = q.scheme
