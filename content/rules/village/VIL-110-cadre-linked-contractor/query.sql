-- One row per project and cadre of that village with a link to the contractor: the link closest to meeting every condition.
WITH circle AS (
  SELECT person, person AS relative, '本人' AS relation, 0 AS degree, village, post, valid_from, valid_to,
    DATE '1900-01-01' AS tie_from, DATE '9999-12-31' AS tie_to
  FROM cadre
  UNION ALL
  SELECT c.person, k.kin AS relative, k.relation, k.degree, c.village, c.post, c.valid_from, c.valid_to,
    k.valid_from AS tie_from, k.valid_to AS tie_to
  FROM cadre AS c
  JOIN kin AS k ON c.person = k.person
),
links AS (
  SELECT p.project_no, p.village, p.kind, p.contract_date, p.contractor, p.amount, c.person, c.relative, c.relation, c.degree,
    c.post, r.role, r.share, r.valid_from AS role_from, r.valid_to AS role_to,
    COALESCE(regexp_matches(e.kind, $collective_kinds), FALSE) AS collective,
    CASE WHEN p.contract_date < c.valid_from THEN date_diff('day', p.contract_date, c.valid_from)
      WHEN p.contract_date >= c.valid_to THEN date_diff('day', c.valid_to, p.contract_date) + 1
      ELSE 0 END AS days_out_of_post,
    CASE WHEN r.valid_to > p.contract_date THEN 0
      ELSE (year(p.contract_date) - year(r.valid_to)) * 12 + month(p.contract_date) - month(r.valid_to)
        - CASE WHEN day(p.contract_date) < day(r.valid_to) THEN 1 ELSE 0 END END AS months_since_role
  FROM village_project AS p
  JOIN circle AS c ON p.village = c.village AND c.tie_from <= p.contract_date AND p.contract_date < c.tie_to
  JOIN company_role AS r ON p.contractor = r.company AND c.relative = r.person AND r.valid_from <= p.contract_date
  LEFT JOIN company AS e ON p.contractor = e.company
  WHERE r.role IN ($roles)
)
SELECT project_no, village, kind, contract_date, contractor, amount, person, relative, relation, degree, post, role, share,
  role_from, role_to, collective, days_out_of_post, months_since_role,
  1 AS managing_level -- village cadres are managed by the town's party committee
FROM links
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY project_no, person
  ORDER BY CASE WHEN days_out_of_post = 0 AND months_since_role < $lookback_months AND degree <= $max_degree THEN 0 ELSE 1 END,
    days_out_of_post, degree NULLS LAST, months_since_role, role NULLS LAST, relative, role_from, post NULLS LAST
) = 1
