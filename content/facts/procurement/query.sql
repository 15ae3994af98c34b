-- One row per purchase. A later row of one number, signing date and instalment corrects the earlier one, also to nothing;
-- instalments of one number are one purchase; a contract cancelled, never made or ended unperformed is none, whether its status
-- says so or a negative row of its own takes it back, under the same number or another one of the same buyer, supplier, budget
-- item, category and sum.
WITH written AS (
  SELECT purchase_no, buyer, budget_item, UPPER(REPLACE(REPLACE(category, ' ', ''), '　', '')) AS category, fiscal_year, method, supplier, amount,
    contract_date, approval, region, status, instalment, _delivery, _row
  FROM procurement
),

corrected AS (
  SELECT purchase_no, buyer, budget_item, category,
    -- one category is written with its code, with code and name, with and without a blank: the code counts where there is one
    CASE WHEN regexp_matches(category, '^[ABC][0-9]{8}([^0-9]|$)') THEN LEFT(category, 9)
      WHEN regexp_matches(category, '^[ABC][0-9]{6}([^0-9]|$)') THEN LEFT(category, 7)
      WHEN regexp_matches(category, '^[ABC][0-9]{4}([^0-9]|$)') THEN LEFT(category, 5)
      WHEN regexp_matches(category, '^[ABC][0-9]{2}([^0-9]|$)') THEN LEFT(category, 3)
      ELSE category END AS category_code, fiscal_year, method, supplier, amount, contract_date, approval, region,
    -- 未解除, 没有作废, 不予撤销 and 作废：否 say that it stands
    regexp_matches(status, '(^|[^未没不非无被予以有可能曾经])(被|予以?|有|曾|经)*(解除|撤销|作废|取消|废止|无效|未签订|未签约|未签署|未生效|未成立)($|[^:：否]|[:：] ?[^否无未不没])')
      -- ended unperformed; what was ended after a part was performed, or may have been, is a purchase
      OR regexp_matches(status, '(^|[^未没不非无被予以有可能曾经])(被|予以?|有|曾|经)*终止') AND regexp_matches(status, '未(实际|曾|予)?(履行|执行|实施)($|[^完的部])') AS ended, _delivery, _row,
    contract_date IS NOT NULL AND _delivery < MAX(_delivery) OVER (
      PARTITION BY purchase_no, buyer, contract_date, instalment, amount >= 0
    ) AS replaced
  FROM written
),

whole AS (
  SELECT purchase_no, buyer, budget_item, category, category_code, fiscal_year, method, supplier, contract_date, approval, region,
    _delivery, _row,
    CAST(SUM(amount) OVER (PARTITION BY purchase_no, buyer) AS BIGINT) AS amount,
    bool_or(ended) OVER (PARTITION BY purchase_no, buyer) AS ended,
    ROW_NUMBER() OVER (PARTITION BY purchase_no, buyer ORDER BY amount > 0 DESC, _delivery, _row) AS place
  FROM corrected
  WHERE NOT replaced
),

turns AS (
  SELECT purchase_no, buyer, budget_item, category, category_code, fiscal_year, method, supplier, amount, contract_date, approval, region,
    _delivery, _row,
    ROW_NUMBER() OVER (
      PARTITION BY buyer, supplier, budget_item, category_code, amount ORDER BY contract_date NULLS LAST, purchase_no
    ) AS turn
  FROM whole
  WHERE place = 1 AND NOT COALESCE(ended, FALSE)
)

SELECT t.purchase_no, t.buyer, t.budget_item, t.category, t.category_code, t.fiscal_year, t.method, t.supplier, t.amount, t.contract_date,
  -- words for "none" and "not yet" in the place of a paper's number are no approval (无锡 is a place)
  t.approval IS NOT NULL AND (regexp_matches(t.approval, '[0-9] ?号') OR NOT regexp_matches(t.approval,
    '^(否|无|没有?|暂无|尚无|未|不|不是|待|缺)$|(未|没有?|不|无|待)(经|予以?|曾|有|能|需要?|得到|获得?|取得|办理?|上级|财政|部门|相关|正式|书面)*(批|审|核准|同意|文号|文件|备案|补|定|报|下达|申请|提供|取得|获得|得到)|(批|审批|审核|办理|申请)中|否决|驳回|退回')) AS approved, t.region, t._delivery, t._row
FROM turns AS t
LEFT JOIN turns AS o ON t.buyer = o.buyer AND t.supplier = o.supplier AND t.budget_item = o.budget_item
  AND t.category_code = o.category_code AND t.amount = -o.amount AND t.turn = o.turn
WHERE o.purchase_no IS NULL
