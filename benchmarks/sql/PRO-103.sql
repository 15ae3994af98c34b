SELECT buyer, fiscal_year, budget_item, category, count(*) AS purchases, sum(amount) AS total
FROM procurement
WHERE buyer IS NOT NULL AND budget_item IS NOT NULL AND category IS NOT NULL AND method <> '公开招标'
  AND amount > 0 AND amount < 200000000 AND NOT regexp_matches(category, '^工程')
GROUP BY 1, 2, 3, 4 HAVING count(*) >= 2 AND sum(amount) > 200000000
