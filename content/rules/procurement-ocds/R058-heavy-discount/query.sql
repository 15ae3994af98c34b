-- One row per process and currency with a sole winner and a second bidder: how far apart they are, and the upper fence.
WITH offers AS (
  SELECT p.ocid, p.buyer, p.published_month, p.winner, p.won_lots, p.valid_bids, b.tenderer,
    CASE WHEN b.amount >= $smallest_price THEN b.currency END AS currency,
    CASE WHEN b.currency IS NOT NULL AND b.amount >= $smallest_price THEN b.amount END AS price,
    -- a consortium with the winner in it bids for the winner; who bids without a name is not known
    STRPOS('+' || b.bidder || '+', '+' || CAST(p.winner AS VARCHAR) || '+') > 0 AS won,
    -- of a bid without a status, or one still pending, nobody knows whether it is valid
    b.status = 'valid' AND b.bidder IS NOT NULL AND b.currency IS NOT NULL AND b.amount >= $smallest_price AS known
  FROM process AS p
  JOIN tender_bid AS b ON p.ocid = b.ocid
  WHERE p.winner IS NOT NULL AND COALESCE(NULLIF(b.status, 'pending') = 'valid', TRUE) AND COALESCE(b.lots = p.won_lots, TRUE)
    AND COALESCE(p.status NOT IN ($skip_statuses), TRUE)
    AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
    AND ('*' IN ($only_methods) OR p.method_details IN ($only_methods))
),
placed AS (
  SELECT ocid, currency, buyer, published_month, winner, won_lots, valid_bids, tenderer, price, won,
    ROW_NUMBER() OVER (PARTITION BY ocid, currency, won ORDER BY price, tenderer NULLS LAST) AS place
  FROM offers
  WHERE known AND ($currency = '' OR currency = $currency)
),
contest AS (
  SELECT ocid, currency, buyer, published_month, winner, won_lots, valid_bids,
    MIN(price) FILTER (WHERE won) AS winning_price,
    MIN(price) FILTER (WHERE NOT won) AS second_price,
    MIN(tenderer) FILTER (WHERE NOT won AND place = 1) AS runner_up
  FROM placed
  GROUP BY ocid, currency, buyer, published_month, winner, won_lots, valid_bids
),
-- bids that would change one of the two prices, were they valid, priced, or another's
doubtful AS (
  SELECT c.ocid, c.currency, COUNT(*) AS bids
  FROM contest AS c
  JOIN offers AS o
    ON c.ocid = o.ocid AND NOT COALESCE(o.known, FALSE)
    AND (o.price IS NULL OR (o.currency = c.currency AND o.price < CASE WHEN o.won THEN c.winning_price ELSE c.second_price END))
  GROUP BY c.ocid, c.currency
),
compared AS (
  SELECT c.ocid, c.currency, c.buyer, c.published_month, c.winner, c.won_lots, c.winning_price, c.second_price, c.runner_up,
    CASE WHEN d.bids IS NULL THEN (c.second_price - c.winning_price) / c.winning_price END AS difference
  FROM contest AS c
  LEFT JOIN doubtful AS d ON c.ocid = d.ocid AND c.currency = d.currency
  -- where the winner's own price is not known, nothing can be told either
  WHERE (c.winning_price > 0 OR (c.winning_price IS NULL AND d.bids IS NOT NULL)) AND (c.second_price IS NOT NULL OR c.valid_bids >= 2)
),
-- Quartiles by rank, per currency: position (n + 1/3) q + 1/3, linear between neighbours (Hyndman and Fan's type 8).
ranked AS (
  SELECT currency, difference,
    ROW_NUMBER() OVER (PARTITION BY currency ORDER BY difference) AS place,
    COUNT(*) OVER (PARTITION BY currency) AS n
  FROM compared
  WHERE difference >= 0
),
neighbours AS (
  SELECT currency, n,
    MIN(difference) FILTER (WHERE place = GREATEST((3 * n + 5) // 12, 1)) AS q1_below,
    MIN(difference) FILTER (WHERE place = (3 * n + 5) // 12 + 1) AS q1_above,
    MIN(difference) FILTER (WHERE place = (9 * n + 7) // 12) AS q3_below,
    MIN(difference) FILTER (WHERE place = LEAST((9 * n + 7) // 12 + 1, n)) AS q3_above
  FROM ranked
  GROUP BY currency, n
),
quartiles AS (
  SELECT currency, n,
    CASE WHEN n >= $smallest_group THEN q1_below + (q1_above - q1_below) * ((3 * n + 5) % 12) / 12.0 END AS q1,
    CASE WHEN n >= $smallest_group THEN q3_below + (q3_above - q3_below) * ((9 * n + 7) % 12) / 12.0 END AS q3
  FROM neighbours
)
-- rounded, so that a share that lies on the fence is not kept from it by how fractions are stored
SELECT c.ocid, c.currency, c.buyer, c.published_month, c.winner, c.won_lots, c.runner_up, c.winning_price, c.second_price,
  ROUND(c.difference, 9) AS difference, CASE WHEN c.currency = 'CNY' THEN c.winning_price END AS amount, q.n AS compared,
  ROUND(q.q1, 9) AS q1, ROUND(q.q3, 9) AS q3,
  CASE WHEN $fixed_fence > 0 THEN $fixed_fence ELSE ROUND(q.q3 + 1.5 * (q.q3 - q.q1), 9) END AS fence
FROM compared AS c
LEFT JOIN quartiles AS q ON c.currency = q.currency
