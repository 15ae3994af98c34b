SELECT b.lot_no, b.bidder, b.price, b.won, t.tenderer, t.category, CAST(t.open_time AS DATE) AS open_date, b._delivery, b._row
FROM bid AS b
LEFT JOIN tender_lot AS t ON b.lot_no = t.lot_no
