-- One row per buyer, fiscal year, budget item and category: purchases below the limit by methods that need no open tender of
-- their own accord, without those approved. Negative rows that take nothing whole back lower the sum and are no purchase.
SELECT buyer, fiscal_year, budget_item, category, SUM(CASE WHEN amount > 0 THEN 1 ELSE 0 END) AS purchases,
  CAST(SUM(amount) AS BIGINT) AS total, MAX(amount) AS largest, $open_tender_limit AS open_tender_limit,
  MIN(CASE WHEN amount > 0 THEN contract_date END) AS first_contract, MAX(CASE WHEN amount > 0 THEN contract_date END) AS last_contract,
  COUNT(supplier) = COUNT(*) AND MIN(supplier) = MAX(supplier) AS one_supplier,
  CASE WHEN COUNT(supplier) = COUNT(*) AND MIN(supplier) = MAX(supplier) THEN MIN(supplier) END AS supplier
FROM procurement
WHERE buyer IS NOT NULL AND budget_item IS NOT NULL AND category IS NOT NULL
  AND method NOT IN ($lawful_methods) AND NOT COALESCE(approved, FALSE) AND amount < $open_tender_limit
  AND NOT regexp_matches(category, $works_categories)
GROUP BY buyer, fiscal_year, budget_item, category
