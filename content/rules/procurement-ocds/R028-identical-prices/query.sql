-- One row per process, lots and price that at least two submitted bids name: how many different bidders share it. A consortium and
-- its member are no two: what they have in common is one firm.
WITH offers AS (
  SELECT b.ocid, b.currency, b.amount AS price, COALESCE(b.lots, '') AS lots, b.lots AS stated_lots, b.buyer, b.published_month,
    b.bid_id, b.bidder, b.tenderer
  FROM tender_bid AS b
  LEFT JOIN process AS p ON b.ocid = p.ocid
  WHERE b.status NOT IN ('invited', 'withdrawn') AND b.currency IS NOT NULL AND b.amount >= $smallest_price
    AND COALESCE(b.tender_status NOT IN ($skip_statuses), TRUE)
    AND COALESCE(b.method_details NOT IN ($skip_methods), TRUE)
    AND ('*' IN ($only_methods) OR b.method_details IN ($only_methods))
    AND COALESCE(p.award_criteria NOT IN ($skip_criteria), TRUE)
),
priced AS (
  SELECT o.ocid, o.currency, o.price, o.lots, MIN(o.buyer) AS buyer, MIN(o.published_month) AS published_month,
    COUNT(DISTINCT o.bid_id) AS bids, COUNT(*) FILTER (WHERE o.bidder IS NULL) AS unnamed, COUNT(DISTINCT w.supplier) AS winners,
    COALESCE(MIN(w.supplier), MIN(o.tenderer)) AS first_bidder
  FROM offers AS o
  LEFT JOIN award_party AS w
    ON o.ocid = w.ocid AND o.tenderer = w.supplier AND w.status = 'active' AND COALESCE(o.stated_lots = w.lots, TRUE)
  GROUP BY o.ocid, o.currency, o.price, o.lots
  HAVING MIN(o.bid_id) <> MAX(o.bid_id)
),
members AS (
  SELECT DISTINCT o.ocid, o.currency, o.price, o.lots, o.bidder, m.tenderer
  FROM offers AS o
  JOIN bid_party AS m ON o.ocid = m.ocid AND o.bid_id = m.bid_id
),
overlaps AS (
  SELECT DISTINCT a.ocid, a.currency, a.price, a.lots, a.bidder, b.bidder AS other
  FROM members AS a
  JOIN members AS b ON a.ocid = b.ocid AND a.currency = b.currency AND a.price = b.price AND a.lots = b.lots
    AND a.tenderer = b.tenderer AND a.bidder > b.bidder
),
bidders AS (
  SELECT DISTINCT ocid, currency, price, lots, bidder
  FROM offers
  WHERE bidder IS NOT NULL
),
-- of those that overlap the first stands for all, but two that have nothing in common are two whoever overlaps both
firsts AS (
  SELECT b.ocid, b.currency, b.price, b.lots, COUNT(*) AS firsts
  FROM bidders AS b
  LEFT JOIN (SELECT DISTINCT ocid, currency, price, lots, bidder FROM overlaps) AS o
    ON b.ocid = o.ocid AND b.currency = o.currency AND b.price = o.price AND b.lots = o.lots AND b.bidder = o.bidder
  WHERE o.bidder IS NULL
  GROUP BY b.ocid, b.currency, b.price, b.lots
),
apart AS (
  SELECT DISTINCT a.ocid, a.currency, a.price, a.lots
  FROM bidders AS a
  JOIN bidders AS b ON a.ocid = b.ocid AND a.currency = b.currency AND a.price = b.price AND a.lots = b.lots AND a.bidder > b.bidder
  LEFT JOIN overlaps AS o ON a.ocid = o.ocid AND a.currency = o.currency AND a.price = o.price AND a.lots = o.lots
    AND a.bidder = o.bidder AND b.bidder = o.other
  WHERE o.bidder IS NULL
),
counted AS (
  SELECT p.ocid, p.currency, p.price, p.lots, p.buyer, p.published_month, p.bids, p.unnamed, p.winners, p.first_bidder,
    CASE WHEN a.ocid IS NOT NULL THEN GREATEST(f.firsts, 2) ELSE COALESCE(f.firsts, 0) END AS bidders
  FROM priced AS p
  LEFT JOIN firsts AS f ON p.ocid = f.ocid AND p.currency = f.currency AND p.price = f.price AND p.lots = f.lots
  LEFT JOIN apart AS a ON p.ocid = a.ocid AND p.currency = a.currency AND p.price = a.price AND p.lots = a.lots
)
SELECT ocid, currency, price, lots, CASE WHEN currency = 'CNY' THEN price END AS amount, buyer, published_month, bids,
  -- bids without a known tenderer may be one firm's: how many share the price is known where two are named, or all are
  CASE WHEN bidders >= 2 OR unnamed = 0 THEN bidders END AS bidders, winners, first_bidder
FROM counted
