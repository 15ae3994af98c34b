-- One row per village, year and agent: the agent's share of the houses insured there that year, alone and with the other of the
-- two largest. Houses whose agent is not known stay in the denominator; where they could decide it, it cannot be judged.
-- A village that was merged is the one it became: policies go on under the old code for years.
-- Policies whose village or day is not known meet nothing where villages are joined.
WITH placed AS (
  SELECT COALESCE(
      CASE WHEN s.merged_again_on <= h.sign_date THEN s.merged_again_into WHEN s.merged_on <= h.sign_date THEN s.merged_into END,
      h.village
    ) AS village,
    h.village AS written_village, h.agent, h.agent_name, h.told_apart, h.house, h.sign_date, h.premium
  FROM house_policy AS h
  LEFT JOIN standing_place AS s ON h.village = s.code
),

counted AS (
  SELECT village, year(sign_date) AS sign_year, agent, MIN(CASE WHEN NOT told_apart THEN agent_name END) AS name_only,
    COUNT(DISTINCT house) AS houses, COUNT(DISTINCT CASE WHEN told_apart THEN house END) AS numbered_houses, COUNT(*) AS policies, CAST(SUM(premium) AS BIGINT) AS premium,
    MIN(sign_date) AS first_signed, MAX(sign_date) AS last_signed,
    MIN(CASE WHEN written_village <> village THEN written_village END) AS former_village,
    MAX(CASE WHEN written_village <> village THEN written_village END) AS other_former_village,
    MIN(CASE WHEN written_village <> village THEN sign_date END) AS former_from
  FROM placed
  GROUP BY village, year(sign_date), agent
),

villages AS (
  SELECT village, year(sign_date) AS sign_year, COUNT(DISTINCT house) AS houses, COUNT(*) AS policies,
    -- under one name may be several
    CASE WHEN BOOL_AND(told_apart OR agent IS NULL) THEN COUNT(DISTINCT agent) END AS agents
  FROM placed
  GROUP BY village, year(sign_date)
),

ranked AS (
  SELECT village, sign_year, agent, houses, numbered_houses, policies, premium, first_signed, last_signed, former_village, other_former_village, former_from,
    -- where too few bear the number it is the name that holds them
    CASE WHEN numbered_houses * 100.0 < $min_share * houses THEN COALESCE(name_only, agent) ELSE agent END AS signer,
    ROW_NUMBER() OVER (PARTITION BY village, sign_year ORDER BY houses DESC, agent) AS place
  FROM counted
  WHERE agent IS NOT NULL
),

shares AS (
  SELECT r.village, r.sign_year, r.agent, r.signer, r.houses, r.numbered_houses, r.policies, r.premium, r.first_signed, r.last_signed, r.former_village, r.other_former_village, r.former_from,
    v.houses AS village_houses, v.policies AS village_policies, v.agents, COALESCE(u.houses, 0) AS open_houses,
    o.signer AS other_agent, CASE WHEN o.agent IS NOT NULL THEN LEAST(r.houses + o.houses, v.houses) END AS pair_houses, LEAST(r.houses, o.houses) AS lesser_houses,
    GREATEST(r.houses, o.houses) AS greater_houses, r.houses * 100.0 / v.houses AS share_percent,
    r.numbered_houses * 100.0 / v.houses AS numbered_percent
  FROM ranked AS r
  JOIN villages AS v ON r.village = v.village AND r.sign_year = v.sign_year
  LEFT JOIN counted AS u ON r.village = u.village AND r.sign_year = u.sign_year AND u.agent IS NULL
  LEFT JOIN ranked AS o ON r.village = o.village AND r.sign_year = o.sign_year AND r.place + o.place = 3
),

judged AS (
  SELECT village, sign_year, agent, signer, houses, numbered_houses, policies, premium, first_signed, last_signed, former_village, other_former_village, former_from, village_houses, village_policies,
    agents, open_houses, other_agent, pair_houses, share_percent, numbered_percent,
    village_houses >= $key_policies AND pair_houses * 100.0 >= $key_share * village_houses
      AND lesser_houses * 100.0 >= $min_partner_share * village_houses AND greater_houses * 100.0 < $min_share * village_houses AS together
  FROM shares
)

SELECT j.village, COALESCE(p.place_name, CAST(j.village AS VARCHAR)) AS village_name, j.sign_year, j.agent,
  j.signer, j.numbered_percent >= $min_share AS told_apart, j.numbered_percent, j.numbered_houses, j.houses,
  j.policies, j.premium, j.first_signed, j.last_signed, j.former_village, j.other_former_village, j.former_from, j.village_houses, j.village_policies, j.agents, j.share_percent,
  j.share_percent / 100.0 AS share, j.together,
  CASE WHEN j.share_percent >= $min_share THEN j.share_percent WHEN j.together THEN j.pair_houses * 100.0 / j.village_houses
    WHEN (j.houses + j.open_houses) * 100.0 < $min_share * j.village_houses THEN j.share_percent END AS held_percent,
  CASE WHEN j.together THEN j.other_agent END AS partner, CASE WHEN j.together THEN j.pair_houses END AS pair_houses,
  CASE WHEN j.together THEN j.pair_houses * 1.0 / j.village_houses END AS pair_share,
  CASE WHEN j.numbered_houses = 0 THEN '只登记了姓名，可能是同名的几个人'
    WHEN j.numbered_houses < j.houses
      THEN concat('其中', CAST(j.numbered_houses AS VARCHAR), '处写明工号，', CAST(j.houses - j.numbered_houses AS VARCHAR), '处只登记了姓名，可能是同名的几个人') END AS name_only_zh,
  CASE WHEN j.numbered_houses = 0 THEN 'only the name is on record, which several people may bear'
    WHEN j.numbered_houses < j.houses
      THEN concat(CAST(j.numbered_houses AS VARCHAR), ' with the number, ', CAST(j.houses - j.numbered_houses AS VARCHAR), ' with the name only, which several people may bear') END AS name_only_en
FROM judged AS j
LEFT JOIN standing_place AS p ON j.village = p.code
