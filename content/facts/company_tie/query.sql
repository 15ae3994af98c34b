WITH named AS (
  SELECT company, parent, former, replace(replace(company_name, '（', '('), '）', ')') AS company_name, _delivery, _row
  FROM enterprise
),

heads AS (
  SELECT company_name, MIN(company) AS company
  FROM named
  GROUP BY company_name
  HAVING COUNT(*) = 1
),

ties AS (
  SELECT company, parent AS tied, '总公司' AS tie, _delivery, _row
  FROM named
  UNION ALL
  SELECT b.company, h.company AS tied, '总公司' AS tie, b._delivery, b._row
  FROM named AS b
  JOIN heads AS h ON concat(split_part(b.company_name, '公司', 1), '公司') = h.company_name
  WHERE b.parent IS NULL AND regexp_matches(b.company_name, '公司.*(分公司|分店|分部|分厂|办事处|营业部|项目部)$')
  UNION ALL
  SELECT company, former AS tied, '前身' AS tie, _delivery, _row
  FROM named
)

SELECT company, tied, tie, _delivery, _row
FROM ties
WHERE company <> tied
