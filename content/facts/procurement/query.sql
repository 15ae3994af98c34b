-- One row per purchase. A later row of one number, signing date and instalment corrects the earlier one, also to nothing;
-- instalments of one number are one purchase; a contract cancelled, never made or ended unperformed is none, whether its status
-- says so or a negative row of its own takes it back, under the same number or another one of the same buyer, supplier, budget
-- item, category and sum.
WITH corrected AS (
  SELECT purchase_no, buyer, budget_item, category, fiscal_year, method, supplier, amount, contract_date, approval, region,
    regexp_matches(status, '解除|撤销|作废|取消|废止|无效|未签订|未签约|未签署|未生效|未成立')
      -- ended unperformed; what was ended after a part was performed, or may have been, is a purchase
      OR regexp_matches(status, '终止') AND regexp_matches(status, '未(实际|曾|予)?(履行|执行|实施)($|[^完的部])') AS ended, _delivery, _row,
    contract_date IS NOT NULL AND _delivery < MAX(_delivery) OVER (
      PARTITION BY purchase_no, buyer, contract_date, instalment, amount >= 0
    ) AS replaced
  FROM procurement
),

whole AS (
  SELECT purchase_no, buyer, budget_item, category, fiscal_year, method, supplier, contract_date, approval, region,
    _delivery, _row,
    CAST(SUM(amount) OVER (PARTITION BY purchase_no, buyer) AS BIGINT) AS amount,
    bool_or(ended) OVER (PARTITION BY purchase_no, buyer) AS ended,
    ROW_NUMBER() OVER (PARTITION BY purchase_no, buyer ORDER BY amount > 0 DESC, _delivery, _row) AS place
  FROM corrected
  WHERE NOT replaced
),

turns AS (
  SELECT purchase_no, buyer, budget_item, category, fiscal_year, method, supplier, amount, contract_date, approval, region,
    _delivery, _row,
    ROW_NUMBER() OVER (
      PARTITION BY buyer, supplier, budget_item, category, amount ORDER BY contract_date NULLS LAST, purchase_no
    ) AS turn
  FROM whole
  WHERE place = 1 AND NOT COALESCE(ended, FALSE)
)

SELECT t.purchase_no, t.buyer, t.budget_item, t.category, t.fiscal_year, t.method, t.supplier, t.amount, t.contract_date,
  t.approval IS NOT NULL AS approved, t.region, t._delivery, t._row
FROM turns AS t
LEFT JOIN turns AS o ON t.buyer = o.buyer AND t.supplier = o.supplier AND t.budget_item = o.budget_item
  AND t.category = o.category AND t.amount = -o.amount AND t.turn = o.turn
WHERE o.purchase_no IS NULL
