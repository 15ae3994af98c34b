-- Policies that were not given up or cancelled. An agent is told by number where there is one, and one name of one insurer that
-- has a single number in a village is that number's; the house by its address, a renewal by the policy it renews.
WITH standing AS (
  SELECT policy_no, person, village, agent, agency, sign_date, premium, _delivery, _row,
    COALESCE(agent_no, CASE WHEN agent IS NOT NULL AND MIN(agent_no) OVER same_name = MAX(agent_no) OVER same_name THEN MIN(agent_no) OVER same_name END)
      AS agent_no,
    CASE WHEN house IS NOT NULL THEN concat('house ', CAST(house AS VARCHAR))
      ELSE concat('policy ', COALESCE(former_policy, policy_no)) END AS house
  FROM house_insurance
  -- 未退保, 没有注销, 不予解除 and 退保：否 say that it stands
  WHERE surrendered IS NULL AND NOT COALESCE(regexp_matches(status,
    '(^|[^未没不非无被予以有可能曾经])(被|予以?|有|曾|经)*(退保|注销|撤销|作废|解约|解除|无效|取消)($|[^:：否]|[:：] ?[^否无未不没])'), FALSE)
  WINDOW same_name AS (PARTITION BY village, agency, agent)
)

SELECT policy_no, person, village,
  CASE WHEN COALESCE(agent_no, agent) IS NULL THEN CAST(NULL AS VARCHAR)
    WHEN agency IS NULL THEN COALESCE(agent_no, agent)
    ELSE concat(agency, ' ', COALESCE(agent_no, agent)) END AS agent,
  agent_no IS NOT NULL OR COALESCE(regexp_matches(agent, '[0-9A-Za-z]'), FALSE) AS told_apart,
  house, sign_date, premium, _delivery, _row
FROM standing
