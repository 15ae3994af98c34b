-- One row per village, year and agent: the agent's share of all rural-house policies signed there that year.
WITH counted AS (
  SELECT village, agent, year(sign_date) AS sign_year, COUNT(*) AS policies, CAST(SUM(premium) AS BIGINT) AS premium,
    MIN(sign_date) AS first_signed, MAX(sign_date) AS last_signed
  FROM house_policy
  WHERE village IS NOT NULL AND agent IS NOT NULL AND sign_date IS NOT NULL
  GROUP BY village, agent, year(sign_date)
)
SELECT village, agent, sign_year, policies, premium, first_signed, last_signed,
  CAST(SUM(policies) OVER here AS BIGINT) AS village_policies,
  COUNT(*) OVER here AS agents,
  policies * 1.0 / SUM(policies) OVER here AS share,
  policies * 100.0 / SUM(policies) OVER here AS share_percent
FROM counted
WINDOW here AS (PARTITION BY village, sign_year)
