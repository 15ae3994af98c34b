-- Whose the paying account is: one whose trade it is to pay deposits by the kind of payer delivered or by the name on the
-- account, whichever says so (企业 and 单位 are said of guarantors, too); else by the kind, else by the name.
SELECT d.lot_no, d.bidder, d.payer_name, d.payer_account,
  CASE WHEN regexp_matches(d.payer_kind, '(^|[^非不无])(担保|保函)') THEN '担保'
    WHEN regexp_matches(d.payer_kind, '(^|[^非不无])保险') THEN '保险'
    WHEN regexp_matches(d.payer_kind, '^银行$|金融机构') THEN '银行'
    WHEN regexp_matches(d.payer_kind, '(^|[^非不无])(交易中心|交易平台|代收)') THEN '交易平台'
    WHEN d.payer_name_holder IN ('担保', '保险', '银行', '交易平台') THEN d.payer_name_holder
    WHEN regexp_matches(d.payer_kind, '(^|[^非不])(个人|自然人)') THEN '个人'
    WHEN regexp_matches(d.payer_kind, '企业|单位|公司|法人|非个人|非自然人') THEN '单位'
    ELSE d.payer_name_holder END AS holder,
  d.amount, d.paid_at, t.tenderer, CAST(t.open_time + INTERVAL 8 HOUR AS DATE) AS open_date,
  -- midnight in China (16:00 UTC) is how a day without a time is written
  CASE WHEN STRFTIME(t.open_time, '%H:%M:%S') <> '16:00:00' THEN t.open_time END AS open_time, d._delivery, d._row
FROM bid_deposit AS d
LEFT JOIN tender_lot AS t ON d.lot_no = t.lot_no
