-- One row per bid, with its tenderer where there is exactly one and with what it needs to know of its process.
WITH parties AS (
  SELECT
    m.ocid,
    m.bid_id,
    COUNT(*) AS n_tenderers,
    MIN(m.tenderer) AS tenderer,
    -- who bids, as one value: a consortium is its members together
    STRING_AGG(CAST(m.tenderer AS VARCHAR), '+' ORDER BY m.tenderer) AS bidder
  FROM (SELECT DISTINCT p.ocid, p.bid_id, p.tenderer FROM ocds_bid_tenderer AS p) AS m
  GROUP BY m.ocid, m.bid_id
),

bids AS (
  SELECT b._delivery, b._row, b.ocid, b.bid_id, b.bid_date, b.amount, UPPER(TRIM(b.currency)) AS currency, LOWER(TRIM(b.status)) AS word,
    b.related_lots AS lots
  FROM ocds_bid AS b
)

SELECT
  b._delivery,
  b._row,
  b.ocid,
  b.bid_id,
  -- OCDS words: invited, pending, valid, disqualified, withdrawn. Portals of the GePNIC family say how far a bid came:
  -- rejected at price or award is a lost bid, not admitted or rejected on technical grounds a disqualified one. Any other
  -- word is not known, as if there were no status.
  CASE
    WHEN b.word LIKE 'accepted%' OR b.word IN ('qualified', 'rejected-aoc', 'rejected-finance') THEN 'valid'
    WHEN b.word LIKE 'not admitted%' OR b.word = 'rejected-technical' THEN 'disqualified'
    WHEN b.word IN ('invited', 'pending', 'valid', 'disqualified', 'withdrawn') THEN b.word
  END AS status,
  b.bid_date,
  b.amount,
  b.currency,
  b.lots,
  COALESCE(p.n_tenderers, 0) AS n_tenderers,
  CASE WHEN p.n_tenderers = 1 THEN p.tenderer END AS tenderer,
  p.bidder,
  t.buyer,
  CAST(DATE_TRUNC('month', COALESCE(t.date_published, t.period_start, t.release_date) + INTERVAL 8 HOUR) AS DATE) AS published_month,
  LOWER(TRIM(t.status)) AS tender_status,
  TRIM(t.method_details) AS method_details
FROM bids AS b
LEFT JOIN parties AS p ON b.ocid = p.ocid AND b.bid_id = p.bid_id
LEFT JOIN ocds_tender AS t ON b.ocid = t.ocid
