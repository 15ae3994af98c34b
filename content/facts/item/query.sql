SELECT item, title, universal, min_age, monthly_standard, _delivery, _row
FROM subsidy_item
