-- One row per process and price that at least two submitted bids name: how many different bidders share it.
WITH winners AS (
  SELECT DISTINCT a.ocid, a.supplier
  FROM award_party AS a
  WHERE a.status = 'active' AND a.supplier IS NOT NULL
)
SELECT b.ocid, b.currency, b.amount AS price, ROUND(b.amount / 100, 2) AS price_at,
  CASE WHEN b.currency = 'CNY' THEN b.amount END AS amount,
  MIN(b.buyer) AS buyer, MIN(b.published_month) AS published_month,
  COUNT(*) AS bids, COUNT(DISTINCT b.bidder) AS bidders, COUNT(DISTINCT w.supplier) AS winners,
  COALESCE(MIN(w.supplier), MIN(b.tenderer)) AS first_bidder
FROM tender_bid AS b
LEFT JOIN winners AS w ON b.ocid = w.ocid AND b.tenderer = w.supplier
WHERE b.status NOT IN ('invited', 'withdrawn') AND b.bidder IS NOT NULL AND b.currency IS NOT NULL AND b.amount >= $smallest_price
  AND COALESCE(b.tender_status NOT IN ($skip_statuses), TRUE)
  AND COALESCE(b.method_details NOT IN ($skip_methods), TRUE)
  AND ('*' IN ($only_methods) OR b.method_details IN ($only_methods))
GROUP BY b.ocid, b.currency, b.amount
HAVING COUNT(*) >= 2
