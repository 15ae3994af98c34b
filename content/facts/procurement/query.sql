SELECT purchase_no, buyer, budget_item, category, fiscal_year, method, supplier, amount, contract_date, _delivery, _row
FROM procurement
