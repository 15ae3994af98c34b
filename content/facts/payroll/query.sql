-- A pension is paid after the post was left; wages then are arrears.
SELECT person, unit, COALESCE(earned_month, month) AS month, amount, kind,
  earned_month IS NULL AND (
    COALESCE(nature = '补发', FALSE)
    OR COALESCE(year(month) * 12 + month(month) > year(left_on) * 12 + month(left_on) AND kind <> '退休', FALSE)
  ) AS arrears,
  _delivery, _row
FROM fiscal_payroll
