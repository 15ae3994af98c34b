SELECT project_no, village, kind, contract_date, contractor, amount, _delivery, _row
FROM village_project
