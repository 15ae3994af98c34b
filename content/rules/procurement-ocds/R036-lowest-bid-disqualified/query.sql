-- One row per process and currency with priced bids: what became of the lowest, and what the lowest valid bid cost instead.
WITH unpriced AS (
  -- without every price the lowest is not certain
  SELECT b.ocid, COUNT(*) AS bids
  FROM tender_bid AS b
  WHERE b.status NOT IN ('invited', 'withdrawn') AND (b.amount IS NULL OR b.currency IS NULL OR b.amount < $smallest_price)
  GROUP BY b.ocid
),
offers AS (
  SELECT b.ocid, b.currency, b.tenderer, b.amount, b.status,
    MIN(b.amount) OVER (PARTITION BY b.ocid, b.currency) AS lowest
  FROM tender_bid AS b
  WHERE b.status NOT IN ('invited', 'withdrawn') AND b.currency IS NOT NULL AND b.amount >= $smallest_price
    AND ($currency = '' OR b.currency = $currency)
),
lowest AS (
  SELECT ocid, currency, MIN(lowest) AS lowest_price,
    COUNT(*) FILTER (WHERE amount = lowest) AS at_lowest,
    COUNT(*) FILTER (WHERE amount = lowest AND status = 'disqualified') AS disqualified_at_lowest,
    MIN(tenderer) FILTER (WHERE amount = lowest AND status = 'disqualified') AS lowest_tenderer,
    COUNT(*) FILTER (WHERE status = 'valid') AS valid_bids,
    MIN(amount) FILTER (WHERE status = 'valid') AS lowest_valid_price
  FROM offers
  GROUP BY ocid, currency
)
SELECT p.ocid, l.currency, p.buyer, p.published_month, p.award_criteria, p.active_awards,
  -- 2 price alone decides, 1 not stated, 0 something else counts as well
  CASE WHEN p.award_criteria IN ('priceonly', 'lowestcost') THEN 2 WHEN p.award_criteria IS NULL THEN 1 ELSE 0
  END AS price_decides,
  COALESCE(u.bids, 0) AS unpriced, l.lowest_price, l.lowest_tenderer, l.at_lowest, l.disqualified_at_lowest, l.valid_bids, l.lowest_valid_price,
  ROUND(l.lowest_price / 100, 2) AS lowest_at, ROUND(l.lowest_valid_price / 100, 2) AS lowest_valid_at,
  CASE WHEN l.currency = 'CNY' THEN l.lowest_valid_price - l.lowest_price END AS amount
FROM process AS p
JOIN lowest AS l ON p.ocid = l.ocid
LEFT JOIN unpriced AS u ON p.ocid = u.ocid
WHERE COALESCE(p.status NOT IN ($skip_statuses), TRUE)
  AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
  AND ('*' IN ($only_methods) OR p.method_details IN ($only_methods))
