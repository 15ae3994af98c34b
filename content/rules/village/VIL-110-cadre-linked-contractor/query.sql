-- One row per project and cadre of that village with a link to the contractor, its head company or predecessor: the link closest
-- to meeting every condition. Codes of merged villages are read as of the day of the contract.
WITH ties AS (
  SELECT person, kin AS relative, relation, degree, valid_from, valid_to
  FROM kin
  UNION ALL
  SELECT h.person, h.kin AS relative, h.relation, h.degree, DATE '1900-01-01' AS valid_from, DATE '9999-12-31' AS valid_to
  FROM household_kin AS h
  LEFT JOIN kin AS d ON h.person = d.person AND h.kin = d.kin
  WHERE d.person IS NULL
),

circle AS (
  SELECT person, person AS relative, '本人' AS relation, 0 AS degree, village, post, valid_from, valid_to,
    DATE '1900-01-01' AS tie_from, DATE '9999-12-31' AS tie_to
  FROM cadre
  UNION ALL
  SELECT c.person, t.relative, t.relation, t.degree, c.village, c.post, c.valid_from, c.valid_to,
    t.valid_from AS tie_from, t.valid_to AS tie_to
  FROM cadre AS c
  JOIN ties AS t ON c.person = t.person
),

bodies AS (
  SELECT project_no, contractor AS body, '本企业' AS tie
  FROM village_project
  UNION ALL
  SELECT p.project_no, t.tied AS body, t.tie
  FROM village_project AS p
  JOIN company_tie AS t ON p.contractor = t.company
),

owners AS (
  SELECT company, person
  FROM company_role
  WHERE role = '股东' AND (share IS NULL OR share > 0)
),

links AS (
  SELECT p.project_no, p.village, v.place_name, p.kind, p.contract_date, p.contractor, p.amount, c.person, c.relative, c.relation,
    c.degree, c.post, CASE WHEN c.village <> p.village THEN COALESCE(w.place_name, CAST(c.village AS VARCHAR)) END AS post_village, b.body, b.tie, r.role, r.share, r.valid_from AS role_from, r.valid_to AS role_to,
    CASE WHEN r.valid_to <= p.contract_date THEN r.valid_to END AS role_ended,
    CASE WHEN e.company IS NOT NULL THEN COALESCE(regexp_matches(e.kind, $collective_kinds), FALSE)
      OR COALESCE(regexp_matches(e.company_name, $collective_names), FALSE)
      -- a co-operative by its kind or by how its name ends: a firm in 合作社路 is none
      OR ((COALESCE(regexp_matches(e.kind, '合作社'), FALSE) OR COALESCE(regexp_matches(e.company_name, '合作社(联合社|联社)?([(（].*[)）])?$'), FALSE))
        AND r.role = '法定代表人' AND c.relative = c.person AND o.person IS NULL) END AS collective,
    CASE WHEN e.company IS NOT NULL THEN COALESCE(regexp_matches(e.kind, $state_kinds), FALSE)
      OR COALESCE(regexp_matches(h.kind, $state_kinds), FALSE) END AS state_owned,
    COALESCE(r.assigned, FALSE) AS assigned,
    CASE WHEN e.company IS NOT NULL THEN COALESCE(e.status <> '存续' AND e.status_date <= p.contract_date, FALSE) END AS closed_before,
    COALESCE(e.status <> '存续' AND e.status_date IS NULL, FALSE) AS closed_unknown,
    CASE WHEN p.contract_date < c.valid_from THEN date_diff('day', p.contract_date, c.valid_from)
      WHEN p.contract_date >= c.valid_to THEN date_diff('day', c.valid_to, p.contract_date) + 1
      ELSE 0 END AS days_out_of_post,
    CASE WHEN r.valid_to > p.contract_date THEN 0
      ELSE (year(p.contract_date) - year(r.valid_to)) * 12 + month(p.contract_date) - month(r.valid_to)
        - CASE WHEN day(p.contract_date) < day(r.valid_to) THEN 1 ELSE 0 END END AS months_since_role
  FROM village_project AS p
  JOIN bodies AS b ON p.project_no = b.project_no
  JOIN company_role AS r ON b.body = r.company AND r.valid_from <= p.contract_date
  JOIN circle AS c ON r.person = c.relative AND c.tie_from <= p.contract_date AND p.contract_date < c.tie_to
  LEFT JOIN standing_place AS v ON p.village = v.code
  LEFT JOIN standing_place AS w ON c.village = w.code
  LEFT JOIN company AS e ON p.contractor = e.company
  LEFT JOIN company AS h ON b.body = h.company
  LEFT JOIN owners AS o ON b.body = o.company AND c.person = o.person
  WHERE r.role IN ($roles) AND p.amount > 0
    AND COALESCE(
      CASE WHEN v.merged_again_on <= p.contract_date THEN v.merged_again_into
        WHEN v.merged_on <= p.contract_date THEN v.merged_into ELSE p.village END
      = CASE WHEN w.merged_again_on <= p.contract_date THEN w.merged_again_into
        WHEN w.merged_on <= p.contract_date THEN w.merged_into ELSE c.village END, FALSE)
)

SELECT project_no, village, COALESCE(place_name, CAST(village AS VARCHAR)) AS village_name, COALESCE(kind, '') AS kind, contract_date,
  contractor, amount, person, relative, relation, degree, post, post_village, body, tie, role, share, role_from, role_to, role_ended,
  CASE WHEN tie <> '本企业' THEN tie END AS other_body, collective, state_owned, assigned, closed_before, closed_unknown,
  days_out_of_post, months_since_role, CASE WHEN months_since_role > 0 THEN months_since_role END AS months_ended,
  relative = person AS in_person, role = '参保' AS employee_only,
  1 AS managing_level -- village cadres are managed by the town's party committee
FROM links
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY project_no, person
  ORDER BY CASE WHEN months_since_role < $lookback_months AND degree <= $max_degree AND NOT assigned
      AND NOT collective AND NOT state_owned THEN 0 ELSE 1 END,
    days_out_of_post, CASE WHEN relative = person THEN 0 ELSE 1 END, CASE WHEN role = '参保' THEN 1 ELSE 0 END, degree NULLS LAST,
    months_since_role, CASE WHEN tie = '本企业' THEN 0 ELSE 1 END, tie, role, relative, role_from, post NULLS LAST, relation
) = 1
