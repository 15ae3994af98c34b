-- One row per process, lots and price that at least two submitted bids name: how many different bidders share it.
SELECT b.ocid, b.currency, b.amount AS price, COALESCE(b.lots, '') AS lots,
  CASE WHEN b.currency = 'CNY' THEN b.amount END AS amount,
  MIN(b.buyer) AS buyer, MIN(b.published_month) AS published_month,
  COUNT(DISTINCT b.bid_id) AS bids,
  -- bids without a known tenderer may be one firm's: how many share the price is known where two are named, or all are
  CASE WHEN COUNT(DISTINCT b.bidder) >= 2 OR COUNT(*) FILTER (WHERE b.bidder IS NULL) = 0 THEN COUNT(DISTINCT b.bidder) END AS bidders,
  COUNT(DISTINCT w.supplier) AS winners,
  COALESCE(MIN(w.supplier), MIN(b.tenderer)) AS first_bidder
FROM tender_bid AS b
LEFT JOIN process AS p ON b.ocid = p.ocid
LEFT JOIN award_party AS w
  ON b.ocid = w.ocid AND b.tenderer = w.supplier AND w.status = 'active' AND COALESCE(b.lots = w.lots, TRUE)
WHERE b.status NOT IN ('invited', 'withdrawn') AND b.currency IS NOT NULL AND b.amount >= $smallest_price
  AND COALESCE(b.tender_status NOT IN ($skip_statuses), TRUE)
  AND COALESCE(b.method_details NOT IN ($skip_methods), TRUE)
  AND ('*' IN ($only_methods) OR b.method_details IN ($only_methods))
  AND COALESCE(p.award_criteria NOT IN ($skip_criteria), TRUE)
GROUP BY b.ocid, b.currency, b.amount, b.lots
HAVING MIN(b.bid_id) <> MAX(b.bid_id)
