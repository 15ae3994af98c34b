-- One row per process and supplier of an award in force: when its valid bid came, beside the deadline; instants are compared.
WITH winners AS (
  SELECT a.ocid, a.supplier
  FROM award_party AS a
  WHERE a.status = 'active' AND a.supplier IS NOT NULL
),
bids AS (
  SELECT w.ocid, w.supplier, MIN(b.bid_date) AS first_bid, MAX(b.bid_date) AS last_bid,
    COUNT(*) FILTER (WHERE b.bid_id IS NOT NULL AND b.bid_date IS NULL) AS undated
  FROM winners AS w
  LEFT JOIN bid_party AS m ON w.ocid = m.ocid AND w.supplier = m.tenderer
  LEFT JOIN tender_bid AS b ON m.ocid = b.ocid AND m.bid_id = b.bid_id AND b.status = 'valid'
  GROUP BY w.ocid, w.supplier
),
judged AS (
  SELECT p.ocid, p.buyer, p.published_month, b.supplier,
    CASE WHEN $earlier_bid = 'excuses' THEN b.first_bid ELSE b.last_bid END AS bid_date,
    b.undated,
    -- midnight sharp, in UTC or in China (16:00 UTC), is how a date without a time is written: it means the whole day
    CASE WHEN $day_deadline = 'day' AND STRFTIME(p.period_end, '%H:%M:%S') IN ('00:00:00', '16:00:00') THEN p.period_end + INTERVAL 1 DAY
      ELSE p.period_end
    END AS deadline
  FROM process AS p
  JOIN bids AS b ON p.ocid = b.ocid
  WHERE p.period_end IS NOT NULL
    AND COALESCE(p.status NOT IN ($skip_statuses), TRUE)
    AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
),
measured AS (
  SELECT ocid, buyer, published_month, supplier, bid_date, deadline, undated, FLOOR(EPOCH(bid_date)) - FLOOR(EPOCH(deadline)) AS late
  FROM judged
)
SELECT ocid, buyer, published_month, supplier, bid_date, deadline,
  -- a bid without a date may be the one in time
  CASE WHEN $earlier_bid = 'ignored' OR undated = 0 OR bid_date <= deadline
    THEN CAST(FLOOR(late) AS BIGINT)
  END AS seconds_late,
  CASE WHEN late >= 3600 THEN ROUND(late / 3600, 2) END AS hours_late,
  CASE WHEN late >= 60 AND late < 3600 THEN ROUND(late / 60, 1) END AS minutes_late,
  CASE WHEN late < 60 THEN CAST(FLOOR(late) AS BIGINT) END AS short_of_a_minute
FROM measured
