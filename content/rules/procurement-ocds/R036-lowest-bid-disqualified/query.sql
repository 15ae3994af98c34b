-- One row per process, lots and currency with priced bids: what became of the lowest, and what the lowest valid bid cost instead.
WITH unpriced AS (
  SELECT DISTINCT b.ocid
  FROM tender_bid AS b
  WHERE COALESCE(b.status NOT IN ('invited', 'withdrawn'), TRUE)
    AND (b.amount IS NULL OR b.currency IS NULL OR b.amount < $smallest_price)
),
offers AS (
  SELECT b.ocid, b.bid_id, b.currency, COALESCE(b.lots, '') AS lots, b.tenderer, b.amount, b.status,
    MIN(b.amount) OVER (PARTITION BY b.ocid, b.currency, b.lots) AS lowest
  FROM tender_bid AS b
  WHERE b.status NOT IN ('invited', 'withdrawn') AND b.currency IS NOT NULL AND b.amount >= $smallest_price
    AND ($currency = '' OR b.currency = $currency)
),
-- disqualified bids with a supplier of the lots among those who bid: the winner's own, by which nobody was cut out. Lots that are not
-- stated may be any; ids of lots are joined by +, and \Q to \E takes them letter by letter.
own AS (
  SELECT DISTINCT b.ocid, b.bid_id
  FROM tender_bid AS b
  JOIN award_party AS a
    ON b.ocid = a.ocid AND a.status = 'active' AND STRPOS('+' || b.bidder || '+', '+' || CAST(a.supplier AS VARCHAR) || '+') > 0
    AND (b.lots IS NULL OR a.lots IS NULL OR REGEXP_MATCHES('+' || b.lots || '+', '[+](\Q' || REPLACE(a.lots, '+', '\E|\Q') || '\E)[+]'))
  WHERE b.status = 'disqualified'
),
lowest AS (
  SELECT o.ocid, o.currency, o.lots, MIN(o.amount) AS lowest_price,
    COUNT(*) FILTER (WHERE o.amount = o.lowest AND w.bid_id IS NULL) AS at_lowest,
    COUNT(*) FILTER (WHERE o.amount = o.lowest AND w.bid_id IS NULL AND o.status = 'disqualified') AS disqualified_at_lowest,
    MIN(o.tenderer) FILTER (WHERE o.amount = o.lowest AND w.bid_id IS NULL AND o.status = 'disqualified') AS lowest_tenderer,
    COUNT(*) FILTER (WHERE o.status = 'valid') AS valid_bids,
    MIN(o.amount) FILTER (WHERE o.status = 'valid') AS lowest_valid_price
  FROM offers AS o
  LEFT JOIN own AS w ON o.ocid = w.ocid AND o.bid_id = w.bid_id
  GROUP BY o.ocid, o.currency, o.lots
),
-- bids that may be the lowest instead: for lots that may be the same, or of a status that nobody stated
cheaper AS (
  SELECT DISTINCT l.ocid, l.currency, l.lots
  FROM lowest AS l
  JOIN tender_bid AS b
    ON l.ocid = b.ocid AND l.currency = b.currency AND (l.lots = '' OR COALESCE(b.lots = l.lots, TRUE)) AND b.amount >= $smallest_price
    AND COALESCE(b.status NOT IN ('invited', 'withdrawn'), TRUE)
    AND (b.amount < l.lowest_price OR ($ties = 'all' AND b.status IS NULL AND b.amount = l.lowest_price))
),
awarded AS (
  SELECT l.ocid, l.currency, l.lots, COUNT(*) AS awards
  FROM lowest AS l
  JOIN tender_award AS a
    ON l.ocid = a.ocid AND a.status = 'active'
    AND (l.lots = '' OR a.lots IS NULL OR REGEXP_MATCHES('+' || l.lots || '+', '[+](\Q' || REPLACE(a.lots, '+', '\E|\Q') || '\E)[+]'))
  GROUP BY l.ocid, l.currency, l.lots
)
SELECT p.ocid, l.currency, l.lots, p.buyer, p.published_month, p.award_criteria, COALESCE(a.awards, 0) AS awards,
  -- 2 price alone decides, 1 not stated, 0 something else counts as well
  CASE WHEN p.award_criteria IN ('priceonly', 'lowestcost') THEN 2 WHEN p.award_criteria IS NULL THEN 1 ELSE 0
  END AS price_decides,
  l.lowest_price, l.lowest_tenderer, GREATEST(l.at_lowest, 1) AS at_lowest, l.lowest_valid_price,
  -- without every price neither the lowest is certain, nor that no valid bid has one
  CASE WHEN u.ocid IS NULL AND c.ocid IS NULL THEN l.disqualified_at_lowest END AS disqualified_at_lowest,
  CASE WHEN l.valid_bids >= 1 OR u.ocid IS NULL THEN l.valid_bids END AS valid_bids,
  CASE WHEN l.currency = 'CNY' THEN l.lowest_valid_price - l.lowest_price END AS amount
FROM process AS p
JOIN lowest AS l ON p.ocid = l.ocid
LEFT JOIN unpriced AS u ON p.ocid = u.ocid
LEFT JOIN cheaper AS c ON l.ocid = c.ocid AND l.currency = c.currency AND l.lots = c.lots
LEFT JOIN awarded AS a ON l.ocid = a.ocid AND l.currency = a.currency AND l.lots = a.lots
WHERE COALESCE(p.status NOT IN ($skip_statuses), TRUE)
  AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
  AND ('*' IN ($only_methods) OR p.method_details IN ($only_methods))
