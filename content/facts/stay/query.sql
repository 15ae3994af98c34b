SELECT person, settle_id, hospital, admit, discharge, diagnosis, fund_pay, _delivery, _row
FROM med_settlement
WHERE kind = '住院'
