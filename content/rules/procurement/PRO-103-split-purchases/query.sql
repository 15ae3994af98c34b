-- One row per buyer, fiscal year, budget item and category: the purchases below the limit that were not openly tendered.
SELECT buyer, fiscal_year, budget_item, category, COUNT(*) AS purchases, CAST(SUM(amount) AS BIGINT) AS total,
  MAX(amount) AS largest, MIN(contract_date) AS first_contract, MAX(contract_date) AS last_contract,
  COUNT(supplier) = COUNT(*) AND MIN(supplier) = MAX(supplier) AS one_supplier,
  CASE WHEN COUNT(supplier) = COUNT(*) AND MIN(supplier) = MAX(supplier) THEN MIN(supplier) END AS supplier
FROM procurement
WHERE buyer IS NOT NULL AND budget_item IS NOT NULL AND category IS NOT NULL
  AND method <> '公开招标' AND amount > 0 AND amount < $open_tender_limit
  AND NOT regexp_matches(category, $works_categories)
GROUP BY buyer, fiscal_year, budget_item, category
