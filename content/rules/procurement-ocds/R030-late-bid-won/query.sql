-- One row per process and supplier of an award in force: when its valid bid for what it won came, beside the deadline; instants are
-- compared, and days where a day alone is stated.
WITH winners AS (
  SELECT DISTINCT a.ocid, a.supplier, a.lots
  FROM award_party AS a
  WHERE a.status = 'active' AND a.supplier IS NOT NULL
),
-- midnight sharp, in UTC or in China (16:00 UTC), is how a date without a time is written: it means the whole day
deadlines AS (
  SELECT p.ocid, p.buyer, p.published_month, p.period_end, CAST(p.period_end + INTERVAL 8 HOUR AS DATE) AS last_day,
    $day_deadline = 'day' AND STRFTIME(p.period_end, '%H:%M:%S') IN ('00:00:00', '16:00:00') AS whole_day
  FROM process AS p
  WHERE p.period_end IS NOT NULL
    AND COALESCE(p.status NOT IN ($skip_statuses), TRUE)
    AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
),
-- Its bids for the lots it won, valid, pending or of a status that nobody stated; lots that are not stated may be any. Ids of
-- lots are joined by +, and \Q to \E takes them letter by letter.
bids AS (
  SELECT DISTINCT w.ocid, w.supplier, w.lots AS won, b.bid_id, b.lots, NULLIF(b.status, 'pending') AS status, b.bid_date,
    CAST(b.bid_date + INTERVAL 8 HOUR AS DATE) AS bid_day,
    $day_deadline = 'day' AND STRFTIME(b.bid_date, '%H:%M:%S') IN ('00:00:00', '16:00:00') AS day_only
  FROM winners AS w
  LEFT JOIN bid_party AS m ON w.ocid = m.ocid AND w.supplier = m.tenderer
  LEFT JOIN tender_bid AS b
    ON m.ocid = b.ocid AND m.bid_id = b.bid_id AND COALESCE(NULLIF(b.status, 'pending') = 'valid', TRUE)
    AND (b.lots IS NULL OR w.lots IS NULL OR REGEXP_MATCHES('+' || b.lots || '+', '[+](\Q' || REPLACE(w.lots, '+', '\E|\Q') || '\E)[+]'))
),
closed AS (
  SELECT b.ocid, b.supplier, b.won, b.bid_id, b.lots, b.status, b.bid_date, b.bid_day, b.day_only,
    d.buyer, d.published_month, d.last_day, d.whole_day,
    CASE WHEN d.whole_day THEN d.period_end + INTERVAL 1 DAY ELSE d.period_end END AS deadline
  FROM bids AS b
  JOIN deadlines AS d ON b.ocid = d.ocid
),
measured AS (
  SELECT ocid, supplier, won, bid_id, lots, status, bid_date, buyer, published_month, deadline,
    CASE WHEN day_only AND bid_day > last_day THEN DATE_DIFF('day', last_day, bid_day) END AS days_late,
    CASE
      -- late by its day: from the day's first moment on China's clock, by a second at least
      WHEN day_only AND bid_day > last_day THEN GREATEST(EPOCH(CAST(bid_day AS TIMESTAMP)) - 28800 - FLOOR(EPOCH(deadline)), 1)
      -- on the very day of a deadline that has an hour nobody can tell
      WHEN NOT day_only OR whole_day OR bid_day < last_day THEN FLOOR(EPOCH(bid_date)) - FLOOR(EPOCH(deadline))
    END AS late
  FROM closed
),
-- each bid beside the others that may be for the same lots: where the award names no lot, all of them
judged AS (
  SELECT b.ocid, b.supplier, b.won, b.bid_id, b.bid_date, b.buyer, b.published_month, b.deadline, b.days_late, b.late,
    CASE WHEN $earlier_bid = 'excuses' THEN MIN(e.late) FILTER (WHERE e.status = 'valid') ELSE MAX(e.late) FILTER (WHERE e.status = 'valid')
    END AS decisive,
    -- without a date, or a status, it may be the one in time
    COUNT(*) FILTER (
      WHERE $earlier_bid = 'excuses' AND e.bid_id IS NOT NULL AND (e.late IS NULL OR (e.status IS NULL AND e.late <= $grace_minutes * 60))
    ) AS unknown
  FROM measured AS b
  JOIN measured AS e
    ON b.ocid = e.ocid AND b.supplier = e.supplier AND COALESCE(b.won = e.won, b.won IS NULL AND e.won IS NULL)
    AND (
      b.won IS NULL OR b.lots IS NULL OR e.lots IS NULL
      OR REGEXP_MATCHES('+' || e.lots || '+', '[+](\Q' || REPLACE(b.lots, '+', '\E|\Q') || '\E)[+]')
    )
  GROUP BY b.ocid, b.supplier, b.won, b.bid_id, b.bid_date, b.buyer, b.published_month, b.deadline, b.days_late, b.late
),
told AS (
  SELECT ocid, supplier, bid_id, bid_date, buyer, published_month, deadline, days_late, late, decisive,
    CASE WHEN unknown = 0 OR decisive <= $grace_minutes * 60 THEN CAST(FLOOR(decisive) AS BIGINT) END AS seconds_late
  FROM judged
)
-- of several the one that decides, and of lots won by several bids the latest
SELECT ocid, buyer, published_month, supplier, bid_id, bid_date, deadline, seconds_late, days_late,
  CASE WHEN days_late IS NULL AND late >= 3600 THEN ROUND(late / 3600, 2) END AS hours_late,
  CASE WHEN days_late IS NULL AND late >= 60 AND late < 3600 THEN ROUND(late / 60, 1) END AS minutes_late,
  CASE WHEN days_late IS NULL AND late < 60 THEN CAST(FLOOR(late) AS BIGINT) END AS short_of_a_minute
FROM told
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY ocid, supplier
  ORDER BY CASE WHEN seconds_late > $grace_minutes * 60 THEN 0 WHEN seconds_late IS NULL THEN 1 ELSE 2 END,
    late = decisive DESC NULLS LAST, late DESC NULLS LAST, bid_id NULLS LAST
) = 1
