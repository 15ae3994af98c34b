-- One row per process, lots and currency with priced bids: what became of the lowest, and what the lowest valid bid cost instead.
WITH unpriced AS (
  SELECT DISTINCT b.ocid
  FROM tender_bid AS b
  WHERE b.status NOT IN ('invited', 'withdrawn') AND (b.amount IS NULL OR b.currency IS NULL OR b.amount < $smallest_price)
),
offers AS (
  SELECT b.ocid, b.currency, COALESCE(b.lots, '') AS lots, b.tenderer, b.amount, b.status,
    MIN(b.amount) OVER (PARTITION BY b.ocid, b.currency, b.lots) AS lowest
  FROM tender_bid AS b
  WHERE b.status NOT IN ('invited', 'withdrawn') AND b.currency IS NOT NULL AND b.amount >= $smallest_price
    AND ($currency = '' OR b.currency = $currency)
),
lowest AS (
  SELECT ocid, currency, lots, MIN(amount) AS lowest_price,
    COUNT(*) FILTER (WHERE amount = lowest) AS at_lowest,
    COUNT(*) FILTER (WHERE amount = lowest AND status = 'disqualified') AS disqualified_at_lowest,
    MIN(tenderer) FILTER (WHERE amount = lowest AND status = 'disqualified') AS lowest_tenderer,
    COUNT(*) FILTER (WHERE status = 'valid') AS valid_bids,
    MIN(amount) FILTER (WHERE status = 'valid') AS lowest_valid_price
  FROM offers
  GROUP BY ocid, currency, lots
),
awarded AS (
  SELECT l.ocid, l.currency, l.lots, COUNT(*) AS awards
  FROM lowest AS l
  JOIN tender_award AS a ON l.ocid = a.ocid AND a.status = 'active' AND (l.lots = '' OR COALESCE(a.lots = l.lots, TRUE))
  GROUP BY l.ocid, l.currency, l.lots
)
SELECT p.ocid, l.currency, l.lots, p.buyer, p.published_month, p.award_criteria, COALESCE(a.awards, 0) AS awards,
  -- 2 price alone decides, 1 not stated, 0 something else counts as well
  CASE WHEN p.award_criteria IN ('priceonly', 'lowestcost') THEN 2 WHEN p.award_criteria IS NULL THEN 1 ELSE 0
  END AS price_decides,
  l.lowest_price, l.lowest_tenderer, l.at_lowest, l.lowest_valid_price,
  -- without every price neither the lowest is certain, nor that no valid bid has one
  CASE WHEN u.ocid IS NULL THEN l.disqualified_at_lowest END AS disqualified_at_lowest,
  CASE WHEN l.valid_bids >= 1 OR u.ocid IS NULL THEN l.valid_bids END AS valid_bids,
  CASE WHEN l.currency = 'CNY' THEN l.lowest_valid_price - l.lowest_price END AS amount
FROM process AS p
JOIN lowest AS l ON p.ocid = l.ocid
LEFT JOIN unpriced AS u ON p.ocid = u.ocid
LEFT JOIN awarded AS a ON l.ocid = a.ocid AND l.currency = a.currency AND l.lots = a.lots
WHERE COALESCE(p.status NOT IN ($skip_statuses), TRUE)
  AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
  AND ('*' IN ($only_methods) OR p.method_details IN ($only_methods))
