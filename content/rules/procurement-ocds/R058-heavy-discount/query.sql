-- One row per process and currency with a sole winner and a second bidder: how far apart they are, and the upper fence.
WITH offers AS (
  SELECT p.ocid, p.buyer, p.published_month, p.winner, p.won_lots, p.valid_bids, b.currency, b.tenderer, b.amount, b.tenderer = p.winner AS won,
    ROW_NUMBER() OVER (PARTITION BY p.ocid, b.currency, b.tenderer = p.winner ORDER BY b.amount, b.tenderer) AS place
  FROM process AS p
  JOIN tender_bid AS b ON p.ocid = b.ocid
  WHERE p.winner IS NOT NULL AND b.status = 'valid' AND COALESCE(b.lots = p.won_lots, TRUE)
    AND b.amount >= $smallest_price AND b.currency IS NOT NULL AND ($currency = '' OR b.currency = $currency)
    AND COALESCE(p.status NOT IN ($skip_statuses), TRUE)
    AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
    AND ('*' IN ($only_methods) OR p.method_details IN ($only_methods))
),
contest AS (
  SELECT ocid, currency, buyer, published_month, winner, won_lots, valid_bids,
    MIN(amount) FILTER (WHERE won) AS winning_price,
    MIN(amount) FILTER (WHERE NOT won) AS second_price,
    MIN(tenderer) FILTER (WHERE NOT won AND place = 1) AS runner_up
  FROM offers
  GROUP BY ocid, currency, buyer, published_month, winner, won_lots, valid_bids
),
compared AS (
  SELECT ocid, currency, buyer, published_month, winner, won_lots, winning_price, second_price, runner_up,
    (second_price - winning_price) / winning_price AS difference
  FROM contest
  WHERE winning_price > 0 AND (second_price IS NOT NULL OR valid_bids >= 2)
),
-- Quartiles by rank, per currency: position (n + 1/3) q + 1/3, linear between neighbours (Hyndman and Fan's type 8).
ranked AS (
  SELECT currency, difference,
    ROW_NUMBER() OVER (PARTITION BY currency ORDER BY difference) AS place,
    COUNT(*) OVER (PARTITION BY currency) AS n
  FROM compared
  WHERE second_price >= winning_price
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
SELECT c.ocid, c.currency, c.buyer, c.published_month, c.winner, c.won_lots, c.runner_up, c.winning_price, c.second_price, c.difference,
  CASE WHEN c.currency = 'CNY' THEN c.winning_price END AS amount, q.n AS compared, q.q1, q.q3,
  CASE WHEN $fixed_fence > 0 THEN $fixed_fence ELSE q.q3 + 1.5 * (q.q3 - q.q1) END AS fence
FROM compared AS c
LEFT JOIN quartiles AS q ON c.currency = q.currency
