SELECT d.person, d.case_no, count(DISTINCT f.month) AS months
FROM dibao_member d JOIN fiscal_payroll f
  ON d.person = f.person AND f.month >= d.start_month AND f.month < coalesce(d.end_month, DATE '9999-12-01')
WHERE f.amount > 0 AND coalesce(f.kind, '') <> '公益性岗位'
GROUP BY 1, 2 HAVING count(DISTINCT f.month) >= 2
