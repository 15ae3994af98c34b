WITH counted AS (
  SELECT village, agent, year(sign_date) AS sign_year, count(*) AS policies
  FROM house_insurance WHERE village IS NOT NULL AND agent IS NOT NULL AND sign_date IS NOT NULL GROUP BY 1, 2, 3
)
SELECT * FROM counted
QUALIFY sum(policies) OVER (PARTITION BY village, sign_year) >= 50
  AND policies * 100.0 / sum(policies) OVER (PARTITION BY village, sign_year) >= 80
