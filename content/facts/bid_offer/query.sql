SELECT b.lot_no, b.bidder, b.bidder_name, b.representative, b.agent, b.price, b.won, t.tenderer, t.category,
  CAST(t.open_time + INTERVAL 8 HOUR AS DATE) AS open_date, b._delivery, b._row
FROM bid AS b
LEFT JOIN tender_lot AS t ON b.lot_no = t.lot_no
