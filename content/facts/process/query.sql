-- One row per contracting process: how many bids and awards it has, how complete they are, and who won where that is one.
-- A count is NULL where nothing was delivered to count, so that coverage can tell "none" from "not known".
WITH parties AS (
  SELECT
    m.ocid,
    m.bid_id,
    STRING_AGG(CAST(m.tenderer AS VARCHAR), '+' ORDER BY m.tenderer) AS bidder
  FROM (SELECT DISTINCT p.ocid, p.bid_id, p.tenderer FROM ocds_bid_tenderer AS p) AS m
  GROUP BY m.ocid, m.bid_id
),

bids AS (
  SELECT
    b.ocid,
    b.bid_date,
    b.related_lots AS lots,
    b.amount,
    b.currency,
    p.bidder AS named,
    COALESCE(p.bidder, 'bid ' || b.bid_id) AS bidder, -- a bid without a known tenderer stands for itself
    -- the same words as in tender_bid; one that nobody knows is no status
    CASE
      WHEN LOWER(TRIM(b.status)) LIKE 'accepted%' THEN 'valid'
      WHEN LOWER(TRIM(b.status)) IN ('qualified', 'rejected-aoc', 'rejected-finance') THEN 'valid'
      WHEN LOWER(TRIM(b.status)) LIKE 'not admitted%' OR LOWER(TRIM(b.status)) = 'rejected-technical' THEN 'disqualified'
      WHEN LOWER(TRIM(b.status)) IN ('invited', 'pending', 'valid', 'disqualified', 'withdrawn') THEN LOWER(TRIM(b.status))
    END AS status
  FROM ocds_bid AS b
  LEFT JOIN parties AS p ON b.ocid = p.ocid AND b.bid_id = p.bid_id
),

bidding AS (
  SELECT
    b.ocid,
    COUNT(*) AS submitted_bids,
    -- bids without a known tenderer may be one firm's: how many bid is known where two are named, or nobody is unnamed
    CASE
      WHEN COUNT(*) = 1 OR COUNT(DISTINCT b.named) >= 2 OR COUNT(*) FILTER (WHERE b.named IS NULL) = 0 THEN COUNT(DISTINCT b.bidder)
    END AS bidders,
    COUNT(DISTINCT b.lots) AS lots,
    COUNT(*) FILTER (WHERE b.status = 'valid') AS valid_bids,
    COUNT(*) FILTER (WHERE b.status = 'disqualified') AS disqualified_bids,
    COUNT(*) FILTER (WHERE b.amount IS NOT NULL AND b.currency IS NOT NULL) AS priced_bids,
    COUNT(*) FILTER (WHERE b.status = 'valid' AND b.amount IS NOT NULL AND b.currency IS NOT NULL) AS priced_valid_bids,
    COUNT(*) FILTER (WHERE b.status = 'valid' AND b.bid_date IS NOT NULL) AS dated_valid_bids
  FROM bids AS b
  WHERE b.status NOT IN ('invited', 'withdrawn')
  GROUP BY b.ocid
),

-- what became of one bid is not known: then neither is how many there are of a kind
unclear AS (
  SELECT DISTINCT b.ocid
  FROM bids AS b
  WHERE b.status IS NULL
),

suppliers AS (
  SELECT m.ocid, m.award_id, COUNT(*) AS n_suppliers, MIN(m.supplier) AS supplier
  FROM (SELECT DISTINCT s.ocid, s.award_id, s.supplier FROM ocds_award_supplier AS s) AS m
  GROUP BY m.ocid, m.award_id
),

awarding AS (
  SELECT
    a.ocid,
    -- an award whose status was not delivered may be in force, or not: it is open, and may be the only one
    CASE WHEN COUNT(*) = COUNT(a.status) OR MAX(CASE WHEN LOWER(TRIM(a.status)) = 'active' THEN 1 ELSE 0 END) = 1
      THEN COUNT(*) FILTER (WHERE LOWER(TRIM(a.status)) = 'active')
    END AS active_awards,
    COUNT(*) FILTER (WHERE COALESCE(LOWER(TRIM(a.status)) NOT IN ('active', 'cancelled', 'unsuccessful'), TRUE)) AS open_awards,
    MIN(s.supplier) FILTER (WHERE LOWER(TRIM(a.status)) = 'active' AND s.n_suppliers = 1) AS supplier,
    MIN(a.related_lots) FILTER (WHERE LOWER(TRIM(a.status)) = 'active') AS lots
  FROM ocds_award AS a
  LEFT JOIN suppliers AS s ON a.ocid = s.ocid AND a.award_id = s.award_id
  GROUP BY a.ocid
)

SELECT
  t._delivery,
  t._row,
  t.ocid,
  t.buyer,
  t.procuring_entity,
  CAST(DATE_TRUNC('month', COALESCE(t.date_published, t.period_start, t.release_date) + INTERVAL 8 HOUR) AS DATE) AS published_month,
  LOWER(TRIM(t.status)) AS status,
  LOWER(TRIM(t.method)) AS method,
  TRIM(t.method_details) AS method_details,
  LOWER(TRIM(t.award_criteria)) AS award_criteria,
  t.number_of_tenderers,
  t.period_end,
  t.release_date,
  CASE WHEN u.ocid IS NULL THEN b.submitted_bids END AS submitted_bids,
  CASE WHEN u.ocid IS NULL OR b.bidders >= 2 THEN b.bidders END AS bidders, -- two are not one, whatever a third may be
  CASE WHEN u.ocid IS NULL THEN b.valid_bids END AS valid_bids,
  CASE WHEN u.ocid IS NULL THEN b.disqualified_bids END AS disqualified_bids,
  -- one price alone can be compared with none
  CASE WHEN u.ocid IS NULL AND b.priced_bids >= 2 THEN b.priced_bids END AS priced_bids,
  CASE WHEN u.ocid IS NULL AND b.priced_valid_bids >= 2 THEN b.priced_valid_bids END AS priced_valid_bids,
  CASE WHEN u.ocid IS NULL AND b.dated_valid_bids > 0 THEN b.dated_valid_bids END AS dated_valid_bids,
  COALESCE(t.number_of_tenderers, CASE WHEN u.ocid IS NULL OR b.bidders >= 2 THEN b.bidders END) AS tenderers,
  CASE WHEN u.ocid IS NULL AND b.priced_bids = b.submitted_bids THEN b.submitted_bids END AS fully_priced_bids,
  -- no award, unless none of any process was delivered
  CASE WHEN a.ocid IS NULL THEN d.none_of_it ELSE a.active_awards END AS active_awards,
  COALESCE(a.open_awards, 0) AS open_awards,
  -- the one supplier of the one award in force, once every award is settled; NULL where bids are for several lots and none of
  -- them is said to be the awarded one
  CASE WHEN a.active_awards = 1 AND a.open_awards = 0 AND (w.lots IS NOT NULL OR COALESCE(b.lots <= 1, TRUE)) THEN a.supplier END AS winner,
  w.lots AS won_lots
FROM ocds_tender AS t
LEFT JOIN bidding AS b ON t.ocid = b.ocid
LEFT JOIN awarding AS a ON t.ocid = a.ocid
LEFT JOIN unclear AS u ON t.ocid = u.ocid
CROSS JOIN (SELECT CASE WHEN COUNT(*) > 0 THEN 0 END AS none_of_it FROM ocds_award) AS d
LEFT JOIN (SELECT DISTINCT o.ocid, o.lots FROM bids AS o) AS w
  ON a.ocid = w.ocid AND a.active_awards = 1 AND a.lots = w.lots
