WITH circle AS (
  SELECT person, person AS relative, village, valid_from, valid_to, NULL::DATE AS tie_from, NULL::DATE AS tie_to FROM village_cadre
  UNION ALL
  SELECT c.person, k.kin, c.village, c.valid_from, c.valid_to, k.valid_from, k.valid_to
  FROM village_cadre c JOIN kinship k USING (person) WHERE k.degree <= 2
)
SELECT DISTINCT p.project_no, c.person
FROM village_project p
JOIN circle c ON p.village = c.village AND p.contract_date >= c.valid_from AND p.contract_date < coalesce(c.valid_to, DATE '9999-12-31')
  AND p.contract_date >= coalesce(c.tie_from, DATE '1900-01-01') AND p.contract_date < coalesce(c.tie_to, DATE '9999-12-31')
JOIN enterprise_person r ON p.contractor = r.company AND c.relative = r.person AND r.role IN ('法定代表人', '股东', '参保')
  AND r.valid_from <= p.contract_date AND coalesce(r.valid_to, DATE '9999-12-31') > p.contract_date - INTERVAL 24 MONTH
LEFT JOIN enterprise e ON p.contractor = e.company
WHERE NOT coalesce(regexp_matches(e.kind, '集体经济|股份经济合作社'), false)
