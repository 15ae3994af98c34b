SELECT d.lot_no, d.bidder, d.payer_name, d.payer_account, d.amount, d.paid_at, t.tenderer,
  CAST(t.open_time AS DATE) AS open_date, d._delivery, d._row
FROM bid_deposit AS d
LEFT JOIN tender_lot AS t ON d.lot_no = t.lot_no
