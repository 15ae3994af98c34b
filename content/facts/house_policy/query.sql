-- Policies that were not given up or cancelled. An agent is told by number where there is one, and one name of one insurer that
-- has a single number in a village is counted with that number; which of the policies bear it is said of each. Blanks and case
-- make no other agent (a code is half width already: intake sees to it). The house by its address, a renewal by the policy it renews.
WITH written AS (
  SELECT policy_no, person, village, house, former_policy, sign_date, premium, _delivery, _row,
    UPPER(REPLACE(REPLACE(agent, ' ', ''), '　', '')) AS agent_name,
    UPPER(REPLACE(REPLACE(agent_no, ' ', ''), '　', '')) AS agent_no,
    REPLACE(REPLACE(REPLACE(REPLACE(agency, '(', '（'), ')', '）'), ' ', ''), '　', '') AS agency
  FROM house_insurance
  -- 未退保, 没有注销, 不予解除 and 退保：否 say that it stands
  WHERE surrendered IS NULL AND NOT COALESCE(regexp_matches(status,
    '(^|[^未没不非无被予以有可能曾经])(被|予以?|有|曾|经)*(退保|注销|撤销|作废|解约|解除|无效|取消)($|[^:：否]|[:：] ?[^否无未不没])'), FALSE)
),

standing AS (
  SELECT policy_no, person, village, agent_name, agency, sign_date, premium, _delivery, _row, agent_no AS own_no,
    COALESCE(agent_no, CASE WHEN agent_name IS NOT NULL AND MIN(agent_no) OVER same_name = MAX(agent_no) OVER same_name
      THEN MIN(agent_no) OVER same_name END) AS agent_no,
    CASE WHEN house IS NOT NULL THEN concat('house ', CAST(house AS VARCHAR))
      ELSE concat('policy ', COALESCE(former_policy, policy_no)) END AS house
  FROM written
  WINDOW same_name AS (PARTITION BY village, agency, agent_name)
)

SELECT policy_no, person, village,
  CASE WHEN COALESCE(agent_no, agent_name) IS NULL THEN CAST(NULL AS VARCHAR)
    WHEN agency IS NULL THEN COALESCE(agent_no, agent_name)
    ELSE concat(agency, ' ', COALESCE(agent_no, agent_name)) END AS agent,
  CASE WHEN agency IS NULL OR agent_name IS NULL THEN agent_name ELSE concat(agency, ' ', agent_name) END AS agent_name,
  own_no IS NOT NULL OR COALESCE(regexp_matches(agent_name, '[0-9]|[一-鿿][A-Z]'), FALSE) AS told_apart,
  house, sign_date, premium, _delivery, _row
FROM standing
