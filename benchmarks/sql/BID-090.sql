WITH paid AS (
  SELECT d.lot_no, d.bidder, d.payer_name, d.payer_account, o.price
  FROM bid_deposit d JOIN bid o USING (lot_no, bidder) WHERE d.bidder IS NOT NULL
), accounts AS (
  SELECT payer_account, count(DISTINCT bidder) AS bidders FROM bid_deposit WHERE payer_account IS NOT NULL GROUP BY 1
), names AS (
  SELECT payer_name, count(DISTINCT bidder) AS bidders FROM bid_deposit WHERE payer_name IS NOT NULL GROUP BY 1
)
SELECT a.lot_no, a.bidder, b.bidder AS other
FROM paid a JOIN paid b ON a.lot_no = b.lot_no AND a.bidder < b.bidder
  AND (a.payer_account = b.payer_account OR a.payer_name = b.payer_name)
LEFT JOIN accounts c ON a.payer_account = c.payer_account
LEFT JOIN names n ON a.payer_name = n.payer_name
WHERE CASE WHEN coalesce(a.payer_account = b.payer_account, false) THEN c.bidders ELSE n.bidders END < 30
