-- One row per process, lots and price that at least two submitted bids name: how many different bidders share it. A consortium and
-- its member are no two: what they have in common is one firm.
WITH offers AS (
  SELECT b.ocid, b.currency, b.amount AS price, COALESCE(b.lots, '') AS lots, b.lots AS stated_lots, b.buyer, b.published_month,
    b.bid_id, b.bidder, b.tenderer,
    DENSE_RANK() OVER (ORDER BY b.ocid, b.currency, b.amount, COALESCE(b.lots, '')) AS offer
  FROM tender_bid AS b
  LEFT JOIN process AS p ON b.ocid = p.ocid
  WHERE b.status NOT IN ('invited', 'withdrawn') AND b.currency IS NOT NULL AND b.amount >= $smallest_price
    AND COALESCE(b.tender_status NOT IN ($skip_statuses), TRUE)
    AND COALESCE(b.method_details NOT IN ($skip_methods), TRUE)
    AND ('*' IN ($only_methods) OR b.method_details IN ($only_methods))
    AND COALESCE(p.award_criteria NOT IN ($skip_criteria), TRUE)
),
-- Who won is a bidder all of whose members, joined by +, are suppliers of the lots; it is named by the first of them. Lots that are not stated may be any;
-- ids of lots are joined by +, and \Q to \E takes them letter by letter.
won AS (
  SELECT o.offer, o.bid_id, MIN(a.supplier) AS supplier
  FROM offers AS o
  JOIN award_party AS a
    ON o.ocid = a.ocid AND a.status = 'active' AND STRPOS('+' || o.bidder || '+', '+' || CAST(a.supplier AS VARCHAR) || '+') > 0
    AND (
      o.stated_lots IS NULL OR a.lots IS NULL
      OR REGEXP_MATCHES('+' || o.stated_lots || '+', '[+](\Q' || REPLACE(a.lots, '+', '\E|\Q') || '\E)[+]')
    )
  GROUP BY o.offer, o.bid_id, o.bidder
  HAVING COUNT(DISTINCT a.supplier) > LENGTH(o.bidder) - LENGTH(REPLACE(o.bidder, '+', ''))
),
priced AS (
  SELECT o.offer, o.ocid, o.currency, o.price, o.lots, MIN(o.buyer) AS buyer, MIN(o.published_month) AS published_month,
    COUNT(DISTINCT o.bid_id) AS bids, COUNT(*) FILTER (WHERE o.bidder IS NULL) AS unnamed, COUNT(DISTINCT w.supplier) AS winners,
    COALESCE(MIN(w.supplier), MIN(o.tenderer)) AS first_bidder
  FROM offers AS o
  LEFT JOIN won AS w ON o.offer = w.offer AND o.bid_id = w.bid_id
  GROUP BY o.offer, o.ocid, o.currency, o.price, o.lots
  HAVING MIN(o.bid_id) <> MAX(o.bid_id)
),
bidders AS (
  SELECT offer, bidder, MIN(ocid) AS ocid, MIN(bid_id) AS bid_id
  FROM offers
  WHERE bidder IS NOT NULL
  GROUP BY offer, bidder
),
members AS (
  SELECT b.offer, b.bidder, m.tenderer
  FROM bidders AS b
  JOIN bid_party AS m ON b.ocid = m.ocid AND b.bid_id = m.bid_id
),
overlaps AS (
  SELECT DISTINCT a.offer, a.bidder, b.bidder AS other
  FROM members AS a
  JOIN members AS b ON a.offer = b.offer AND a.tenderer = b.tenderer AND a.bidder > b.bidder
),
compared AS (
  SELECT a.offer, a.bidder, COUNT(b.bidder) AS earlier, COUNT(o.other) AS overlapping
  FROM bidders AS a
  LEFT JOIN bidders AS b ON a.offer = b.offer AND a.bidder > b.bidder
  LEFT JOIN overlaps AS o ON a.offer = o.offer AND a.bidder = o.bidder AND b.bidder = o.other
  GROUP BY a.offer, a.bidder
),
-- of those that overlap the first stands for all, but two that have nothing in common are two whoever overlaps both
counted AS (
  SELECT offer, GREATEST(COUNT(*) FILTER (WHERE overlapping = 0), CASE WHEN BOOL_OR(overlapping < earlier) THEN 2 ELSE 1 END) AS bidders
  FROM compared
  GROUP BY offer
)
SELECT p.ocid, p.currency, p.price, p.lots, CASE WHEN p.currency = 'CNY' THEN p.price END AS amount, p.buyer, p.published_month, p.bids,
  -- bids without a known tenderer may be one firm's: how many share the price is known where two are named, or all are
  CASE WHEN c.bidders >= 2 OR p.unnamed = 0 THEN c.bidders END AS bidders, LEAST(p.winners, c.bidders) AS winners, p.first_bidder
FROM priced AS p
LEFT JOIN counted AS c ON p.offer = c.offer
