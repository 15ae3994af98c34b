-- One row per pair of bidders of one lot whose deposits left one account, came from payers of one name, or of whom one bears the
-- name of the other's payer. What was paid back before the opening is set off: afterwards every deposit is returned. Whether both bid is NULL where no bid was delivered, and whether the
-- payer is a guarantor where nobody knows whose the account is and it pays for more than a few.
WITH kept AS (
  SELECT lot_no, bidder, payer_name, payer_account, holder, tenderer, open_date,
    CASE WHEN amount > 0 OR COALESCE(paid_at <= open_time, CAST(paid_at + INTERVAL 8 HOUR AS DATE) <= open_date, TRUE) THEN amount ELSE 0 END AS amount
  FROM deposit
  WHERE bidder IS NOT NULL
),

paid AS (
  SELECT lot_no, bidder, payer_account, MIN(payer_name) AS payer_name, MAX(CASE WHEN holder IN ($guarantors) THEN 1 WHEN holder IS NOT NULL THEN 0 END) AS guarantor,
    MAX(CASE WHEN holder = '个人' THEN 1 ELSE 0 END) AS person, MAX(CASE WHEN holder = '单位' THEN 1 ELSE 0 END) AS firm,
    MAX(CASE WHEN holder IS NULL THEN 0 ELSE 1 END) AS named,
    MIN(tenderer) AS tenderer, MIN(open_date) AS open_date, CAST(SUM(amount) AS BIGINT) AS amount
  FROM kept
  GROUP BY lot_no, bidder, payer_account, CASE WHEN payer_account IS NULL THEN payer_name END
  HAVING SUM(amount) > 0
),

-- An account that is not known stands for none: what has none meets nothing where accounts are joined.
account_lots AS (
  SELECT payer_account, lot_no, COUNT(*) AS bidders, MAX(guarantor) AS guarantor, MAX(person) AS person, MAX(named) AS named
  FROM paid
  GROUP BY payer_account, lot_no
),

account_bidders AS (
  SELECT payer_account, COUNT(DISTINCT bidder) AS bidders
  FROM paid
  GROUP BY payer_account
),

accounts AS (
  SELECT b.payer_account, b.bidders, COUNT(*) AS lots, SUM(CASE WHEN l.bidders > 1 THEN 1 ELSE 0 END) AS shared_lots,
    MAX(l.guarantor) AS guarantor, MAX(l.person) AS person, MAX(l.named) AS named
  FROM account_bidders AS b
  JOIN account_lots AS l ON b.payer_account = l.payer_account
  GROUP BY b.payer_account, b.bidders
),

name_lots AS (
  SELECT payer_name, lot_no, COUNT(DISTINCT bidder) AS bidders
  FROM paid
  GROUP BY payer_name, lot_no
),

name_bidders AS (
  SELECT payer_name, COUNT(DISTINCT bidder) AS bidders
  FROM paid
  GROUP BY payer_name
),

names AS (
  SELECT b.payer_name, b.bidders, COUNT(*) AS lots, SUM(CASE WHEN l.bidders > 1 THEN 1 ELSE 0 END) AS shared_lots
  FROM name_bidders AS b
  JOIN name_lots AS l ON b.payer_name = l.payer_name
  GROUP BY b.payer_name, b.bidders
),

used AS (
  SELECT DISTINCT payer_account, bidder
  FROM paid
),

offered AS (
  SELECT p.lot_no, p.bidder, p.payer_account, p.payer_name, p.guarantor, p.firm, p.tenderer, p.open_date, p.amount,
    o.lot_no IS NOT NULL AS has_bid, o.price, o.won, o.bidder_name, o.representative, o.agent,
    -- who bid comes first, for a candidate is one that coverage counts; then the cheaper; of equal prices, or of none, the smaller number
    RANK() OVER (PARTITION BY p.lot_no ORDER BY CASE WHEN o.lot_no IS NULL THEN 1 ELSE 0 END, o.price NULLS FIRST, p.bidder) AS place
  FROM paid AS p
  LEFT JOIN bid_offer AS o ON p.lot_no = o.lot_no AND p.bidder = o.bidder
),

-- Two that share neither account nor rival share the payer's name: it need not be asked again below.
pairs AS (
  SELECT a.lot_no, a.bidder, b.bidder AS other_bidder, a.tenderer, a.open_date, a.price, b.price AS other_price,
    a.payer_account, b.payer_account AS other_account, a.payer_name,
    CASE WHEN a.has_bid AND b.has_bid THEN TRUE END AS both_bid,
    COALESCE(a.payer_account = b.payer_account, FALSE) AS same_account,
    COALESCE(a.payer_name = b.bidder_name, FALSE) OR COALESCE(b.payer_name = a.bidder_name, FALSE) AS rival_paid,
    a.firm = 1 AND b.firm = 1 AS both_firms,
    (COALESCE(a.payer_name = a.representative, FALSE) OR COALESCE(a.payer_name = a.agent, FALSE))
      <> (COALESCE(b.payer_name = b.representative, FALSE) OR COALESCE(b.payer_name = b.agent, FALSE)) AS rivals_officer_paid,
    COALESCE(a.agent = b.agent, FALSE) AS same_agent,
    CASE WHEN a.guarantor = 1 OR b.guarantor = 1 THEN TRUE WHEN a.guarantor = 0 AND b.guarantor = 0 THEN FALSE END AS guarantor,
    COALESCE(a.won, FALSE) OR COALESCE(b.won, FALSE) AS one_won, a.amount + b.amount AS deposits
  FROM offered AS a
  JOIN offered AS b ON a.lot_no = b.lot_no AND a.place < b.place
    AND (a.payer_account = b.payer_account OR a.payer_name = b.payer_name
      OR a.payer_name = b.bidder_name OR b.payer_name = a.bidder_name)
),

judged AS (
  SELECT p.lot_no, p.bidder, p.other_bidder, p.tenderer, p.open_date, p.price, p.other_price, p.both_bid, p.same_account,
    p.rival_paid, p.one_won, p.deposits,
    u.bidder IS NOT NULL OR v.bidder IS NOT NULL AS account_crossed,
    p.both_firms, p.rivals_officer_paid, p.same_agent, n.shared_lots >= $repeat_lots AND n.bidders > $repeat_lots AS repeated,
    CASE WHEN p.same_account THEN c.bidders ELSE n.bidders END AS payer_bidders,
    CASE WHEN p.same_account THEN c.lots ELSE n.lots END AS payer_lots,
    CASE WHEN p.same_account THEN c.shared_lots ELSE n.shared_lots END AS payer_shared_lots,
    CASE WHEN NOT p.same_account THEN p.guarantor WHEN c.guarantor = 1 THEN TRUE
      WHEN c.named = 0 AND c.bidders > $unnamed_bidders THEN NULL ELSE FALSE END AS guarantor,
    p.same_account AND c.person = 0 AND c.bidders >= $guarantor_bidders AND c.shared_lots * 100 < $min_shared_percent * c.lots
      AS widespread
  FROM pairs AS p
  LEFT JOIN accounts AS c ON p.payer_account = c.payer_account
  LEFT JOIN names AS n ON p.payer_name = n.payer_name
  LEFT JOIN used AS u ON p.payer_account = u.payer_account AND p.other_bidder = u.bidder
  LEFT JOIN used AS v ON p.other_account = v.payer_account AND p.bidder = v.bidder
)

SELECT lot_no, bidder, other_bidder, tenderer, open_date, price, other_price, both_bid, same_account, rival_paid, account_crossed,
  one_won, deposits, payer_bidders, payer_lots, payer_shared_lots, guarantor, widespread,
  -- an account they share is one that paid for the other
  rival_paid OR account_crossed OR both_firms OR rivals_officer_paid OR same_agent OR repeated AS linked,
  CASE WHEN same_account THEN '从同一账户转出' WHEN rival_paid THEN '其中一家的付款人与对手同名'
    WHEN account_crossed THEN '付款户名相同，且其中一个账户在别的标段为另一家付过款'
    WHEN both_firms THEN '付款户名是同一个单位名称，账户不同'
    WHEN rivals_officer_paid THEN '付款户名相同，与其中一家的法定代表人或委托人同名，账户不同'
    WHEN same_agent THEN '付款户名相同、账户不同，两家的委托人也同名'
    ELSE '付款户名相同、账户不同，且在多个标段反复出现' END AS source_zh,
  CASE WHEN same_account THEN 'left one account' WHEN rival_paid THEN 'were paid in one case by a payer of the rival''s name'
    WHEN account_crossed THEN 'came from payers of one name, one of whose accounts paid for the other bidder in another lot'
    WHEN both_firms THEN 'came from different accounts of one firm''s name'
    WHEN rivals_officer_paid THEN 'came from different accounts under the name of one bidder''s representative or agent'
    WHEN same_agent THEN 'came from different accounts of one name, and both bidders'' agents bear one name'
    ELSE 'came from different accounts of one name, as in several lots' END AS source_en
FROM judged
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY lot_no, bidder, other_bidder
  ORDER BY CASE WHEN guarantor IS NULL OR guarantor OR widespread THEN 1 ELSE 0 END, CASE WHEN same_account THEN 0 WHEN rival_paid OR account_crossed THEN 1 ELSE 2 END,
    deposits DESC, payer_bidders DESC, source_zh
) = 1
