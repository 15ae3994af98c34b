SELECT item, monthly_standard, COALESCE(valid_from, DATE '1900-01-01') AS valid_from,
  COALESCE(valid_to, LEAD(valid_from) OVER (PARTITION BY item ORDER BY valid_from NULLS FIRST), DATE '9999-12-31') AS valid_to,
  _delivery, _row
FROM subsidy_item
