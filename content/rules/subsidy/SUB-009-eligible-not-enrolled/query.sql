-- One row per older person: how long entitled, and how long not paid, as far as the village's payments reach and from when they
-- are known. A higher tier of the allowance counts as paid, another benefit of the old does not; what the bank returned or was
-- taken back was not paid.
WITH allowance AS (
  SELECT item, title, min_age
  FROM item
  WHERE item = $item
),
tiers AS (
  -- Due by age alone: by its name an allowance of the old, and for no care, need or merit.
  SELECT t.item
  FROM item AS t
  JOIN allowance AS a ON t.min_age >= a.min_age
  WHERE t.item = a.item OR regexp_matches(t.title, $age_words) AND NOT regexp_matches(t.title, $other_words)
),
due AS (
  SELECT p.person, p.item, p.period, p.period_end, p.amount, p.village, p.village // 1000 AS town
  FROM payment AS p
  JOIN tiers AS t ON p.item = t.item
  JOIN elder AS e ON p.person = e.person
),
months AS (
  SELECT person, period_end, SUM(amount) AS net,
    SUM(SUM(amount)) OVER (PARTITION BY person ORDER BY period_end ROWS UNBOUNDED PRECEDING) AS so_far
  FROM due
  GROUP BY person, period_end
),
kept AS (
  -- A month stays paid where nothing taken back later, under whatever month, reaches it.
  SELECT person, period_end, so_far - net AS before,
    MIN(so_far) OVER (PARTITION BY person ORDER BY period_end ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS least_after
  FROM months
),
paid AS (
  SELECT person, MAX(period_end) AS last_month
  FROM kept
  WHERE least_after > before
  GROUP BY person
),
sums AS (
  SELECT person, MAX(item) AS tier, -SUM(LEAST(amount, 0)) AS returned
  FROM due
  GROUP BY person
),
living AS (
  -- How far the allowance was paid to others who are alive: in the village, the town, the county. Not further: a county that delivered nothing would look paid.
  SELECT d.person, d.village, d.town, MAX(d.period_end) AS last_month, MIN(d.period) AS first_month
  FROM due AS d
  LEFT JOIN death AS x ON d.person = x.person
  WHERE d.amount > 0 AND x.person IS NULL
  GROUP BY d.person, d.village, d.town
),
in_village AS (
  SELECT village, MAX(last_month) AS first_last, MAX(person) FILTER (WHERE place = 1) AS first_person,
    MAX(last_month) FILTER (WHERE place > 1) AS next_last, MIN(first_month) AS began
  FROM (
    SELECT village, person, last_month, first_month, ROW_NUMBER() OVER (PARTITION BY village ORDER BY last_month DESC, person) AS place FROM living
  )
  GROUP BY village
),
in_town AS (
  SELECT town, MAX(last_month) AS first_last, MAX(person) FILTER (WHERE place = 1) AS first_person,
    MAX(last_month) FILTER (WHERE place > 1) AS next_last, MIN(first_month) AS began
  FROM (
    SELECT town, person, MAX(last_month) AS last_month, MIN(first_month) AS first_month,
      ROW_NUMBER() OVER (PARTITION BY town ORDER BY MAX(last_month) DESC, person) AS place
    FROM living
    GROUP BY town, person
  )
  GROUP BY town
),
in_county AS (
  SELECT county, MAX(last_month) FILTER (WHERE place = 1) AS first_last, MAX(person) FILTER (WHERE place = 1) AS first_person,
    MAX(last_month) FILTER (WHERE place > 1) AS next_last, MIN(first_month) AS began
  FROM (
    SELECT town // 1000 AS county, person, MAX(last_month) AS last_month, MIN(first_month) AS first_month,
      ROW_NUMBER() OVER (PARTITION BY town // 1000 ORDER BY MAX(last_month) DESC, person) AS place
    FROM living
    GROUP BY town // 1000, person
  )
  GROUP BY county
),
local AS (
  SELECT e.person, e.village, e.birth_date, e.status, e.reference_month, a.title, a.item, a.min_age,
    CASE WHEN v.first_person = e.person THEN v.next_last ELSE v.first_last END AS village_last, v.began AS village_began,
    CASE WHEN t.first_person = e.person THEN t.next_last ELSE t.first_last END AS town_last, t.began AS town_began,
    CASE WHEN w.first_person = e.person THEN w.next_last ELSE w.first_last END AS county_last, w.began AS county_began
  FROM elder AS e
  LEFT JOIN allowance AS a ON TRUE
  LEFT JOIN in_village AS v ON e.village = v.village
  LEFT JOIN in_town AS t ON e.village // 1000 = t.town
  LEFT JOIN in_county AS w ON e.village // 1000000 = w.county
  WHERE e.person IS NOT NULL
),
reached AS (
  SELECT person, village, birth_date, status, reference_month, title, item, min_age,
    CASE WHEN village_last IS NOT NULL THEN '同村（社区）' WHEN town_last IS NOT NULL THEN '同乡镇（街道）' ELSE '同县（市、区）' END AS where_zh,
    CASE WHEN village_last IS NOT NULL THEN 'village' WHEN town_last IS NOT NULL THEN 'town' ELSE 'county' END AS where_en,
    CASE WHEN village_last IS NOT NULL THEN village_began WHEN town_last IS NOT NULL THEN town_began ELSE county_began END AS began,
    LEAST(reference_month, COALESCE(village_last, town_last, county_last, DATE '1900-01-01')) AS as_of
  FROM local
),
numbered AS (
  SELECT r.person, r.village, r.birth_date, r.status, r.reference_month, r.title, r.item, r.as_of, p.last_month, x.tier, x.returned,
    r.where_zh, r.where_en, r.began, year(r.began) * 12 + month(r.began) - 1 AS before_number,
    year(r.reference_month) * 12 + month(r.reference_month) AS reference_number, year(r.as_of) * 12 + month(r.as_of) AS as_of_number,
    (year(r.birth_date) + r.min_age) * 12 + month(r.birth_date) AS entitled_number,
    year(p.last_month) * 12 + month(p.last_month) AS last_number,
    COALESCE(year(p.last_month) * 12 + month(p.last_month), (year(r.birth_date) + r.min_age) * 12 + month(r.birth_date)) AS since_number
  FROM reached AS r
  LEFT JOIN paid AS p ON r.person = p.person
  LEFT JOIN sums AS x ON r.person = x.person
)
SELECT n.person, n.village, n.title AS item_title, n.where_zh, n.where_en,
  CASE WHEN n.before_number > n.since_number THEN n.began END AS known_from, n.birth_date, n.reference_month, n.as_of, n.last_month, n.tier, n.status,
  s.monthly_standard, CAST(NULLIF(n.returned, 0) AS BIGINT) AS returned,
  CASE WHEN d.person IS NULL THEN FALSE WHEN NOT d.disputed THEN TRUE END AS dead,
  n.reference_number - n.entitled_number AS months_entitled,
  -- Where payments reach no further than the time allowed for enrolment, nobody can tell yet.
  CASE WHEN n.last_number IS NULL AND n.as_of_number < n.reference_number AND n.as_of_number - n.entitled_number <= $grace_months
      AND n.reference_number - n.entitled_number >= $unpaid_months THEN NULL
    WHEN n.as_of_number - GREATEST(n.since_number, n.before_number) >= $unpaid_months
      THEN n.as_of_number - GREATEST(n.since_number, n.before_number)
    WHEN n.reference_number - n.since_number < $unpaid_months THEN n.reference_number - n.since_number END AS months_unpaid
FROM numbered AS n
LEFT JOIN death AS d ON n.person = d.person
LEFT JOIN item_standard AS s ON n.item = s.item AND s.valid_from <= n.reference_month AND n.reference_month < s.valid_to
