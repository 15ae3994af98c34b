-- One row per process with bids: who is left with a valid bid, who supplies, and how many others were disqualified for the same lots.
WITH bids AS (
  SELECT b.ocid, b.bid_id, b.lots, b.bidder, b.status
  FROM tender_bid AS b
  WHERE b.status IN ('valid', 'disqualified')
),
contest AS (
  SELECT ocid, COUNT(DISTINCT bidder) FILTER (WHERE status = 'valid') AS valid_tenderers,
    COUNT(*) FILTER (WHERE status = 'valid' AND bidder IS NULL) AS unnamed_bids
  FROM bids
  GROUP BY ocid
),
-- the members of consortia one by one: who has a member left is not out
members AS (
  SELECT b.ocid, m.tenderer, MAX(CASE WHEN b.status = 'valid' THEN 1 ELSE 0 END) AS valid
  FROM bids AS b
  JOIN bid_party AS m ON b.ocid = m.ocid AND b.bid_id = m.bid_id
  GROUP BY b.ocid, m.tenderer
),
-- disqualified where a bid for one of the same lots is valid; lots that are not stated may be any. Ids of lots are joined by +, and \Q to
-- \E takes them letter by letter.
rivals AS (
  SELECT DISTINCT b.ocid, b.bid_id, b.bidder
  FROM bids AS b
  JOIN bids AS v
    ON b.ocid = v.ocid AND v.status = 'valid'
    AND (b.lots IS NULL OR v.lots IS NULL OR REGEXP_MATCHES('+' || b.lots || '+', '[+](\Q' || REPLACE(v.lots, '+', '\E|\Q') || '\E)[+]'))
  WHERE b.status = 'disqualified'
),
-- a consortium of which one member is left is not out
beaten AS (
  SELECT r.ocid, r.bid_id, r.bidder, MAX(m.valid) AS valid
  FROM rivals AS r
  LEFT JOIN bid_party AS p ON r.ocid = p.ocid AND r.bid_id = p.bid_id
  LEFT JOIN members AS m ON r.ocid = m.ocid AND p.tenderer = m.tenderer
  GROUP BY r.ocid, r.bid_id, r.bidder
),
others AS (
  SELECT ocid, COUNT(DISTINCT bidder) FILTER (WHERE valid = 0) AS disqualified, COUNT(*) FILTER (WHERE bidder IS NULL) AS unnamed
  FROM beaten
  GROUP BY ocid
),
-- bids for the same lots of which it is not settled, or not known, what became of them, by others than those who are left
undecided AS (
  SELECT b.ocid, COUNT(*) AS undecided
  FROM tender_bid AS b
  JOIN bids AS v
    ON b.ocid = v.ocid AND v.status = 'valid'
    AND (b.lots IS NULL OR v.lots IS NULL OR REGEXP_MATCHES('+' || b.lots || '+', '[+](\Q' || REPLACE(v.lots, '+', '\E|\Q') || '\E)[+]'))
  LEFT JOIN bid_party AS p ON b.ocid = p.ocid AND b.bid_id = p.bid_id
  LEFT JOIN members AS m ON b.ocid = m.ocid AND p.tenderer = m.tenderer
  WHERE COALESCE(b.status NOT IN ('valid', 'disqualified', 'invited', 'withdrawn'), TRUE) AND COALESCE(m.valid, 0) = 0
  GROUP BY b.ocid
),
supplied AS (
  SELECT a.ocid, MIN(a.supplier) AS supplier,
    CASE WHEN COUNT(*) = COUNT(a.supplier) THEN COUNT(DISTINCT a.supplier) FILTER (WHERE COALESCE(m.valid, 0) = 0) END AS other_suppliers
  FROM award_party AS a
  LEFT JOIN members AS m ON a.ocid = m.ocid AND a.supplier = m.tenderer
  WHERE a.status = 'active'
  GROUP BY a.ocid
)
SELECT p.ocid, p.buyer, p.published_month, p.open_awards, s.supplier, s.other_suppliers, c.unnamed_bids, COALESCE(u.undecided, 0) AS undecided_bids,
  -- a bid without a known tenderer may be of one that is counted already
  CASE WHEN c.valid_tenderers >= 1 OR c.unnamed_bids = 0 THEN c.valid_tenderers END AS valid_tenderers,
  CASE WHEN o.disqualified >= $min_others OR COALESCE(o.unnamed, 0) = 0 THEN COALESCE(o.disqualified, 0) END AS others_disqualified
FROM process AS p
JOIN contest AS c ON p.ocid = c.ocid
JOIN supplied AS s ON p.ocid = s.ocid
LEFT JOIN others AS o ON p.ocid = o.ocid
LEFT JOIN undecided AS u ON p.ocid = u.ocid
WHERE COALESCE(p.status NOT IN ($skip_statuses), TRUE)
  AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
