SELECT lot_no, tenderer, title, category, limit_price, notice_date, CAST(open_time AS DATE) AS open_date, _delivery, _row
FROM tender_lot
