SELECT company, company_name, kind, established, status, registered_capital, _delivery, _row
FROM enterprise
