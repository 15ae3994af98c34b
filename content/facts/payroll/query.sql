SELECT person, unit, month, amount, kind, _delivery, _row
FROM fiscal_payroll
