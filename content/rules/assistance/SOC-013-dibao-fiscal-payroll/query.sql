-- One row per person and case with wages inside the assisted period. Wages that were reversed, by
-- whatever unit, do not count. Regular wages come
-- month after month: single months, and two after an earlier spell had ended, may be arrears of a post that was left, and so may
-- what is less than half of what the unit usually pays.
WITH written AS (
  SELECT person, unit, month, SUM(amount) AS net, BOOL_OR(amount > 0 AND kind IN ($established)) AS established,
    BOOL_OR(amount > 0 AND kind IN ($retired)) AS retired, BOOL_AND(COALESCE(kind IN ($not_wages), FALSE)) AS not_wages,
    SUM(SUM(amount)) OVER (PARTITION BY person, unit ORDER BY month ROWS UNBOUNDED PRECEDING) AS so_far
  FROM payroll
  WHERE month IS NOT NULL AND NOT arrears
  GROUP BY person, unit, month
),
lows AS (
  SELECT person, unit, month, MIN(LEAST(0, so_far)) OVER (PARTITION BY person, unit ORDER BY month ROWS UNBOUNDED PRECEDING) AS low
  FROM written
),
-- What a unit took back beyond all that it had paid: the unit it came from has another code, and paid it.
surplus AS (
  SELECT person, unit, month, low - COALESCE(LAG(low) OVER (PARTITION BY person, unit ORDER BY month), 0) AS taken
  FROM lows
),
moved AS (
  SELECT s.person, p.unit, s.month, s.taken
  FROM surplus AS s
  JOIN written AS p ON s.person = p.person AND p.unit <> s.unit AND p.net > 0 AND p.month <= s.month
  WHERE s.taken < 0
  QUALIFY ROW_NUMBER() OVER (PARTITION BY s.person, s.unit, s.month ORDER BY p.month DESC, p.unit) = 1
),
monthly AS (
  SELECT person, unit, month, SUM(net) AS net, BOOL_OR(established) AS established, BOOL_OR(retired) AS retired,
    BOOL_AND(not_wages) AS not_wages,
    SUM(SUM(net)) OVER (PARTITION BY person, unit ORDER BY month ROWS UNBOUNDED PRECEDING) AS so_far
  FROM (
    SELECT person, unit, month, net, established, retired, not_wages FROM written
    UNION ALL
    SELECT person, unit, month, taken AS net, FALSE AS established, FALSE AS retired, TRUE AS not_wages FROM moved
  )
  GROUP BY person, unit, month
),
kept AS (
  -- Of each month what nothing reversed later, under whatever month, reaches.
  SELECT person, unit, month, net, established, retired, not_wages, so_far - net AS before,
    MIN(so_far) OVER (PARTITION BY person, unit ORDER BY month ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS least_after
  FROM monthly
),
ranked AS (
  SELECT person, unit, month, net, established, retired, not_wages,
    ROW_NUMBER() OVER (PARTITION BY person, unit, established OR retired ORDER BY net DESC, month) AS place,
    COUNT(*) OVER (PARTITION BY person, unit, established OR retired) AS months
  FROM (
    SELECT person, unit, month, LEAST(net, least_after - before) AS net, established, retired, not_wages FROM kept
  )
  WHERE net > 0
),
paid AS (
  SELECT person, unit, month, net, established, retired, not_wages,
    (established OR retired) AND net * 2 >= MAX(CASE WHEN place = (months + 1) // 2 THEN net END) OVER (
      PARTITION BY person, unit, established OR retired
    ) AS regular
  FROM ranked
),
months AS (
  SELECT person, month, BOOL_OR(established) AS established, BOOL_OR(regular) AS regular, BOOL_AND(not_wages) AS not_wages,
    year(month) * 12 + month(month) AS number
  FROM paid
  GROUP BY person, month
),
spells AS (
  SELECT person, month, number - ROW_NUMBER() OVER (PARTITION BY person ORDER BY number) AS spell,
    MIN(number) OVER (PARTITION BY person) AS first_number, number
  FROM months
  WHERE regular
),
lasting AS (
  SELECT person, spell, COUNT(*) >= 3 OR COUNT(*) = 2 AND MIN(number) = MIN(first_number) AS steady
  FROM spells
  GROUP BY person, spell
),
told AS (
  SELECT m.person, m.month, m.established, m.not_wages, COALESCE(l.steady, FALSE) AS steady
  FROM months AS m
  LEFT JOIN spells AS s ON m.person = s.person AND m.month = s.month
  LEFT JOIN lasting AS l ON s.person = l.person AND s.spell = l.spell
),
overlap AS (
  SELECT d.person, d.case_no, d.case_kind, d.agency, d.village, d.start_month, d.end_month,
    COUNT(*) FILTER (WHERE t.steady) AS months, COUNT(*) FILTER (WHERE NOT t.steady AND NOT t.not_wages) AS doubtful_months,
    COUNT(*) FILTER (WHERE t.steady AND t.established) AS active_months,
    COUNT(*) FILTER (WHERE t.not_wages) AS welfare_months,
    MIN(t.month) FILTER (WHERE t.steady) AS first_month, MAX(t.month) FILTER (WHERE t.steady) AS last_month
  FROM dibao AS d
  JOIN told AS t ON d.person = t.person AND t.month >= d.start_month AND t.month < d.end_month
  GROUP BY d.person, d.case_no, d.case_kind, d.agency, d.village, d.start_month, d.end_month
),
units AS (
  SELECT o.person, o.case_no, p.unit, SUM(SUM(p.net)) OVER (PARTITION BY o.person, o.case_no) AS wages,
    ROW_NUMBER() OVER (PARTITION BY o.person, o.case_no ORDER BY COUNT(*) DESC, p.unit NULLS LAST) AS place
  FROM overlap AS o
  JOIN told AS t ON o.person = t.person AND t.month >= o.start_month AND t.month < o.end_month AND t.steady
  JOIN paid AS p ON t.person = p.person AND t.month = p.month AND p.regular
  GROUP BY o.person, o.case_no, p.unit
)
SELECT o.person, o.case_no, o.case_kind, o.agency, o.village, o.start_month, o.end_month,
  CASE WHEN o.end_month < DATE '9999-01-01' THEN o.end_month END AS ended_month, u.unit,
  CASE WHEN o.months >= $min_months OR o.months + o.doubtful_months < $min_months THEN o.months END AS months,
  NULLIF(o.doubtful_months, 0) AS doubtful_months, NULLIF(o.active_months, 0) AS active_months,
  NULLIF(o.welfare_months, 0) AS welfare_months, CAST(u.wages AS BIGINT) AS wages, o.first_month, o.last_month
FROM overlap AS o
LEFT JOIN units AS u ON o.person = u.person AND o.case_no = u.case_no AND u.place = 1
