SELECT company, company_name, kind, established, status, status_date, registered_capital, _delivery, _row
FROM enterprise
