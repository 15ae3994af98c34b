SELECT person, case_no, case_kind, start_month, COALESCE(end_month, DATE '9999-12-01') AS end_month, village, agency,
  _delivery, _row
FROM dibao_member
