-- One row per tenderer: in how many settled processes it bid validly, how many it won, and the two fences; beside them what it won
-- that is not among these.
WITH entries AS (
  SELECT DISTINCT b.ocid, b.tenderer, p.buyer, p.published_month, b.tenderer = p.winner AS won
  FROM process AS p
  JOIN tender_bid AS b ON p.ocid = b.ocid
  WHERE p.winner IS NOT NULL AND b.status = 'valid' AND b.tenderer IS NOT NULL AND COALESCE(b.lots = p.won_lots, TRUE)
    AND COALESCE(p.status NOT IN ($skip_statuses), TRUE)
    AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
),
-- won with others, as one of several awards in force, or by a bid that is not known to be valid
uncounted AS (
  SELECT a.supplier, COUNT(DISTINCT a.ocid) AS wins
  FROM award_party AS a
  JOIN process AS p ON a.ocid = p.ocid
  LEFT JOIN entries AS e ON a.ocid = e.ocid AND a.supplier = e.tenderer
  WHERE a.status = 'active' AND a.supplier IS NOT NULL AND e.ocid IS NULL
    AND COALESCE(p.status NOT IN ($skip_statuses), TRUE)
    AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
  GROUP BY a.supplier
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
-- rounded, so that a share that lies on the fence is not kept from it by how fractions are stored
SELECT r.tenderer, u.buyer, r.processes, r.wins, r.processes - r.wins AS losses, o.wins AS uncounted_wins,
  ROUND(r.ratio, 9) AS ratio, ROUND((r.wins + COALESCE(o.wins, 0)) / (r.processes + COALESCE(o.wins, 0)), 9) AS most_ratio,
  r.first_month, r.last_month, q.n AS compared, ROUND(q.q1, 9) AS q1, ROUND(q.q3, 9) AS q3, ROUND(q.busy_from, 9) AS busy_from,
  CASE WHEN $fixed_fence > 0 THEN $fixed_fence ELSE ROUND(q.q1 - 1.5 * (q.q3 - q.q1), 9) END AS fence
FROM records AS r
JOIN units AS u ON r.tenderer = u.tenderer
LEFT JOIN uncounted AS o ON r.tenderer = o.supplier
CROSS JOIN quartiles AS q
