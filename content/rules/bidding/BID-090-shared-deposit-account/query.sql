-- One row per pair of bidders of one lot whose deposits left the same account, or came from payers of the same name.
WITH paid AS (
  SELECT d.lot_no, d.bidder, d.payer_name, d.payer_account, d.amount, d.tenderer, d.open_date, o.won, o.price
  FROM deposit AS d
  JOIN bid_offer AS o ON d.lot_no = o.lot_no AND d.bidder = o.bidder
  WHERE d.bidder IS NOT NULL
),
accounts AS (
  SELECT payer_account, COUNT(DISTINCT bidder) AS bidders
  FROM deposit
  WHERE payer_account IS NOT NULL
  GROUP BY payer_account
),
names AS (
  SELECT payer_name, COUNT(DISTINCT bidder) AS bidders
  FROM deposit
  WHERE payer_name IS NOT NULL
  GROUP BY payer_name
),
pairs AS (
  SELECT a.lot_no, a.bidder, b.bidder AS other_bidder, a.tenderer, a.open_date, a.price, b.price AS other_price,
    a.payer_account, a.payer_name, COALESCE(a.payer_account = b.payer_account, FALSE) AS same_account,
    COALESCE(a.won, FALSE) OR COALESCE(b.won, FALSE) AS one_won, a.amount + b.amount AS deposits
  FROM paid AS a
  JOIN paid AS b ON a.lot_no = b.lot_no
    AND (a.payer_account = b.payer_account OR a.payer_name = b.payer_name)
    AND (COALESCE(a.price, 0) < COALESCE(b.price, 0)
      OR (COALESCE(a.price, 0) = COALESCE(b.price, 0) AND a.bidder < b.bidder))
  WHERE a.bidder <> b.bidder
)
SELECT p.lot_no, p.bidder, p.other_bidder, p.tenderer, p.open_date, p.price, p.other_price, p.same_account, p.one_won, p.deposits,
  CASE WHEN p.same_account THEN c.bidders ELSE n.bidders END AS payer_bidders
FROM pairs AS p
LEFT JOIN accounts AS c ON p.payer_account = c.payer_account
LEFT JOIN names AS n ON p.payer_name = n.payer_name
