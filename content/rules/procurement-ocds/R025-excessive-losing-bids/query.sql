-- One row per tenderer: in how many settled processes it bid validly, how many it won, and the two fences.
WITH entries AS (
  SELECT DISTINCT b.ocid, b.tenderer, p.buyer, p.published_month, b.tenderer = p.winner AS won
  FROM process AS p
  JOIN tender_bid AS b ON p.ocid = b.ocid
  WHERE p.winner IS NOT NULL AND b.status = 'valid' AND b.tenderer IS NOT NULL AND COALESCE(b.lots = p.won_lots, TRUE)
    AND COALESCE(p.status NOT IN ($skip_statuses), TRUE)
    AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
),
records AS (
  SELECT tenderer, COUNT(*) AS processes, COUNT(*) FILTER (WHERE won) AS wins, COUNT(*) FILTER (WHERE won) / COUNT(*) AS ratio,
    MIN(published_month) AS first_month, MAX(published_month) AS last_month
  FROM entries
  GROUP BY tenderer
),
-- The buyer it met most often answers for the hit.
units AS (
  SELECT tenderer, buyer
  FROM (SELECT tenderer, buyer, COUNT(*) AS processes FROM entries GROUP BY tenderer, buyer)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY tenderer ORDER BY processes DESC NULLS LAST, buyer NULLS LAST) = 1
),
ranked AS (
  SELECT ratio, processes, COUNT(*) OVER () AS n,
    ROW_NUMBER() OVER (ORDER BY ratio) AS place,
    ROW_NUMBER() OVER (ORDER BY processes) AS busy_place
  FROM records
),
-- Quartiles by rank: position (n + 1/3) q + 1/3, linear between neighbours (Hyndman and Fan's type 8).
neighbours AS (
  SELECT n,
    MIN(ratio) FILTER (WHERE place = GREATEST((3 * n + 5) // 12, 1)) AS q1_below,
    MIN(ratio) FILTER (WHERE place = (3 * n + 5) // 12 + 1) AS q1_above,
    MIN(ratio) FILTER (WHERE place = (9 * n + 7) // 12) AS q3_below,
    MIN(ratio) FILTER (WHERE place = LEAST((9 * n + 7) // 12 + 1, n)) AS q3_above,
    MIN(processes) FILTER (WHERE busy_place = LEAST(GREATEST(((3 * n + 1) * $percentile + 100) // 300, 1), n)) AS busy_below,
    MIN(processes) FILTER (WHERE busy_place = LEAST(((3 * n + 1) * $percentile + 100) // 300 + 1, n)) AS busy_above
  FROM ranked
  GROUP BY n
),
quartiles AS (
  SELECT n,
    CASE WHEN n >= $smallest_group THEN q1_below + (q1_above - q1_below) * ((3 * n + 5) % 12) / 12.0 END AS q1,
    CASE WHEN n >= $smallest_group THEN q3_below + (q3_above - q3_below) * ((9 * n + 7) % 12) / 12.0 END AS q3,
    busy_below + (busy_above - busy_below) * (((3 * n + 1) * $percentile + 100) % 300) / 300.0 AS busy_from
  FROM neighbours
)
SELECT r.tenderer, u.buyer, r.processes, r.wins, r.processes - r.wins AS losses, r.ratio,
  r.first_month, r.last_month, q.n AS compared, q.q1, q.q3, q.busy_from,
  CASE WHEN $fixed_fence > 0 THEN $fixed_fence ELSE q.q1 - 1.5 * (q.q3 - q.q1) END AS fence
FROM records AS r
JOIN units AS u ON r.tenderer = u.tenderer
CROSS JOIN quartiles AS q
