-- One row per buyer, fiscal year, budget item and category: purchases below the limit by methods that need no open tender of
-- their own accord, without those approved, each below the limit in force where and when
-- it was signed. Negative rows that take nothing whole back lower the sum and are no purchase.
SELECT p.buyer, p.fiscal_year, p.budget_item, p.category_code, MAX(p.category) AS category, SUM(CASE WHEN p.amount > 0 THEN 1 ELSE 0 END) AS purchases,
  CAST(SUM(p.amount) AS BIGINT) AS total, MAX(p.amount) AS largest, MAX(v.value) AS open_tender_limit,
  MIN(CASE WHEN p.amount > 0 THEN p.contract_date END) AS first_contract,
  MAX(CASE WHEN p.amount > 0 THEN p.contract_date END) AS last_contract,
  COUNT(p.supplier) = COUNT(*) AND MIN(p.supplier) = MAX(p.supplier) AS one_supplier,
  CASE WHEN COUNT(p.supplier) = COUNT(*) AND MIN(p.supplier) = MAX(p.supplier) THEN MIN(p.supplier) END AS supplier
FROM procurement AS p
LEFT JOIN open_tender_limit_versions AS v ON p.contract_date >= v.valid_from AND p.contract_date < v.valid_to
  AND COALESCE(p.region, 0) BETWEEN v.place_from AND v.place_to
WHERE p.buyer IS NOT NULL AND p.budget_item IS NOT NULL
  AND p.method NOT IN ($lawful_methods) AND NOT COALESCE(p.approved, FALSE) AND (p.amount < v.value OR p.amount < 0)
  AND NOT regexp_matches(p.category, $works_categories) -- nor those without a category
GROUP BY p.buyer, p.fiscal_year, p.budget_item, p.category_code
