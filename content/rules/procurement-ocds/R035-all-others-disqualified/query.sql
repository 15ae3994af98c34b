-- One row per process with an award in force: who is left with a valid bid, who supplies, and how many others were disqualified.
WITH suppliers AS (
  SELECT a.ocid, COUNT(DISTINCT a.supplier) AS suppliers, MIN(a.supplier) AS supplier
  FROM award_party AS a
  WHERE a.status = 'active'
  GROUP BY a.ocid
),
standing AS (
  SELECT m.ocid, m.tenderer, MAX(CASE WHEN b.status = 'valid' THEN 1 ELSE 0 END) AS valid,
    MAX(CASE WHEN b.status = 'disqualified' THEN 1 ELSE 0 END) AS disqualified
  FROM bid_party AS m
  JOIN tender_bid AS b ON m.ocid = b.ocid AND m.bid_id = b.bid_id
  WHERE m.tenderer IS NOT NULL
  GROUP BY m.ocid, m.tenderer
),
tenderers AS (
  SELECT ocid, SUM(valid) AS valid_tenderers, MIN(tenderer) FILTER (WHERE valid = 1) AS valid_tenderer,
    COUNT(*) FILTER (WHERE disqualified = 1 AND valid = 0) AS others_disqualified
  FROM standing
  GROUP BY ocid
),
unnamed AS (
  SELECT b.ocid, COUNT(*) AS bids
  FROM tender_bid AS b
  WHERE b.status = 'valid' AND b.bidder IS NULL
  GROUP BY b.ocid
)
SELECT p.ocid, p.buyer, p.published_month, p.open_awards, s.suppliers, s.supplier, t.valid_tenderer,
  CAST(t.valid_tenderers AS BIGINT) AS valid_tenderers, t.others_disqualified, COALESCE(u.bids, 0) AS unnamed_bids
FROM process AS p
JOIN suppliers AS s ON p.ocid = s.ocid
JOIN tenderers AS t ON p.ocid = t.ocid
LEFT JOIN unnamed AS u ON p.ocid = u.ocid
WHERE COALESCE(p.status NOT IN ($skip_statuses), TRUE)
  AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
