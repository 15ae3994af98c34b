-- One row per party in each of its roles: how many of the bids it received or made were disqualified, and its role's upper fence.
-- Of bids without a status nobody knows whether they were: with all of them valid, and all disqualified, the share has its bounds.
WITH bids AS (
  SELECT b.ocid, b.bid_id, p.buyer, p.procuring_entity, b.published_month,
    CASE WHEN b.status = 'disqualified' THEN 1 WHEN b.status IS NOT NULL THEN 0 END AS out
  FROM tender_bid AS b
  JOIN process AS p ON b.ocid = p.ocid
  WHERE COALESCE(b.status NOT IN ('invited', 'withdrawn'), TRUE)
    AND COALESCE(p.status NOT IN ($skip_statuses), TRUE)
    AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
),
roles AS (
  SELECT 'buyer' AS role, buyer AS party, buyer AS unit, ocid, published_month, out FROM bids WHERE buyer IS NOT NULL
  UNION ALL
  SELECT 'procuring_entity' AS role, procuring_entity AS party, procuring_entity AS unit, ocid, published_month, out
  FROM bids
  WHERE procuring_entity IS NOT NULL
  UNION ALL
  SELECT 'tenderer' AS role, m.tenderer AS party, b.buyer AS unit, b.ocid, b.published_month, b.out
  FROM bids AS b
  JOIN bid_party AS m ON b.ocid = m.ocid AND b.bid_id = m.bid_id
  WHERE m.tenderer IS NOT NULL
),
records AS (
  SELECT role, party, COUNT(out) AS bids, CAST(SUM(out) AS BIGINT) AS disqualified, SUM(out) / COUNT(out) AS ratio,
    COUNT(*) - COUNT(out) AS unknown, SUM(out) / COUNT(*) AS least_ratio, (SUM(out) + COUNT(*) - COUNT(out)) / COUNT(*) AS most_ratio,
    COUNT(DISTINCT CASE WHEN out IS NOT NULL THEN ocid END) AS processes,
    MIN(CASE WHEN out IS NOT NULL THEN published_month END) AS first_month,
    MAX(CASE WHEN out IS NOT NULL THEN published_month END) AS last_month
  FROM roles
  GROUP BY role, party
  HAVING COUNT(out) > 0
),
-- A buyer or entity answers for itself; for a tenderer, the buyer it bids to most often.
units AS (
  SELECT role, party, unit
  FROM (SELECT role, party, unit, COUNT(*) AS bids FROM roles GROUP BY role, party, unit)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY role, party ORDER BY bids DESC NULLS LAST, unit NULLS LAST) = 1
),
sized AS (
  SELECT role, party, bids, disqualified, unknown, ratio, least_ratio, most_ratio, processes, first_month, last_month,
    CASE WHEN role = 'tenderer' OR $minimum_counts = 'bids' THEN bids ELSE processes END AS size,
    CASE WHEN role = 'tenderer' THEN $minimum_bids ELSE $minimum_processes END AS least_size
  FROM records
),
ranked AS (
  SELECT role, ratio, ROW_NUMBER() OVER (PARTITION BY role ORDER BY ratio) AS place, COUNT(*) OVER (PARTITION BY role) AS n
  FROM sized
  WHERE size >= least_size
),
-- Quartiles by rank, per role: position (n + 1/3) q + 1/3, linear between neighbours (Hyndman and Fan's type 8).
neighbours AS (
  SELECT role, n,
    MIN(ratio) FILTER (WHERE place = GREATEST((3 * n + 5) // 12, 1)) AS q1_below,
    MIN(ratio) FILTER (WHERE place = (3 * n + 5) // 12 + 1) AS q1_above,
    MIN(ratio) FILTER (WHERE place = (9 * n + 7) // 12) AS q3_below,
    MIN(ratio) FILTER (WHERE place = LEAST((9 * n + 7) // 12 + 1, n)) AS q3_above
  FROM ranked
  GROUP BY role, n
),
quartiles AS (
  SELECT role, n,
    CASE WHEN n >= $smallest_group THEN q1_below + (q1_above - q1_below) * ((3 * n + 5) % 12) / 12.0 END AS q1,
    CASE WHEN n >= $smallest_group THEN q3_below + (q3_above - q3_below) * ((9 * n + 7) % 12) / 12.0 END AS q3
  FROM neighbours
)
-- rounded, so that a share that lies on the fence is not kept from it by how fractions are stored
SELECT s.role, s.party, u.unit, s.bids, s.disqualified, NULLIF(s.unknown, 0) AS unknown,
  ROUND(s.ratio, 9) AS ratio, ROUND(s.least_ratio, 9) AS least_ratio, ROUND(s.most_ratio, 9) AS most_ratio,
  s.processes, s.size, s.least_size, s.first_month, s.last_month, q.n AS compared, ROUND(q.q1, 9) AS q1, ROUND(q.q3, 9) AS q3,
  CASE WHEN $fixed_fence > 0 THEN $fixed_fence ELSE ROUND(q.q3 + 1.5 * (q.q3 - q.q1), 9) END AS fence
FROM sized AS s
JOIN units AS u ON s.role = u.role AND s.party = u.party
LEFT JOIN quartiles AS q ON s.role = q.role
