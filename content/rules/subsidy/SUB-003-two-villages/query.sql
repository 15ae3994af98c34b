-- One row per person, item and pair of villages that paid for the same period. The village that paid most is taken for the right
-- one and paired with each other. What came back, under whatever village, period or item, is set off. Two parts of one month that keep
-- within the standard are a move; in periods next to each other they are not.
WITH catalogue AS (
  SELECT item, title, universal, period_months, COALESCE(household, REGEXP_MATCHES(title, $household_words)) AS household
  FROM item
),
paid AS (
  SELECT person, item, period, period_end, village, agency, amount, pay_date
  FROM payment
  WHERE COALESCE(nature, '') NOT IN ($top_ups)
),
villages AS (
  SELECT person, item, period, village, CAST(SUM(amount) AS BIGINT) AS paid,
    MAX(pay_date) FILTER (WHERE amount > 0) AS last_paid, MIN(agency) AS agency
  FROM paid
  WHERE village IS NOT NULL
  GROUP BY person, item, period, village
),
ranked AS (
  SELECT person, item, period, village, paid, last_paid, agency,
    ROW_NUMBER() OVER (PARTITION BY person, item, period ORDER BY paid DESC, village) AS place,
    MAX(paid) OVER (PARTITION BY person, item, period) AS largest
  FROM villages
),
periods AS (
  SELECT person, item, period, MAX(period_end) AS period_end, CAST(SUM(amount) AS BIGINT) AS net,
    MAX(GREATEST(amount, 0)) AS largest_payment
  FROM paid
  GROUP BY person, item, period
),
standards AS (
  SELECT d.item, d.period,
    CASE WHEN COUNT(*) = COUNT(s.monthly_standard) THEN MAX(s.monthly_standard) * MAX(c.period_months) END AS standard
  FROM (SELECT DISTINCT p.item, p.period, p.period_end FROM periods AS p) AS d
  JOIN item_standard AS s ON d.item = s.item AND d.period < s.valid_to
    AND year(s.valid_from) * 12 + month(s.valid_from) <= year(d.period_end) * 12 + month(d.period_end)
  JOIN catalogue AS c ON d.item = c.item
  GROUP BY d.item, d.period
),
seconds AS (
  SELECT o.person, o.item, o.period, p.period_end, k.village AS kept_village, k.paid AS kept_paid, k.last_paid AS kept_last,
    k.agency AS kept_agency, o.village AS other_village, o.paid AS other_paid, o.last_paid AS other_last, o.agency AS other_agency,
    p.net - o.largest AS beside_largest, p.net - s.standard AS over_standard,
    COALESCE(SUM(o.paid) OVER (
      PARTITION BY o.person, o.item, o.period ORDER BY o.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0) AS before
  FROM ranked AS o
  JOIN ranked AS k ON o.person = k.person AND o.item = k.item AND o.period = k.period AND k.place = 1
  JOIN periods AS p ON o.person = p.person AND o.item = p.item AND o.period = p.period
  LEFT JOIN standards AS s ON o.item = s.item AND o.period = s.period
  WHERE o.place > 1
),
pairs AS (
  SELECT person, item, period, period_end, LEAST(kept_village, other_village) AS village_a,
    GREATEST(kept_village, other_village) AS village_b,
    CASE WHEN kept_village < other_village THEN kept_paid ELSE other_paid END AS paid_a,
    CASE WHEN kept_village < other_village THEN other_paid ELSE kept_paid END AS paid_b,
    CASE WHEN kept_village < other_village THEN kept_last ELSE other_last END AS last_a,
    CASE WHEN kept_village < other_village THEN other_last ELSE kept_last END AS last_b,
    CASE WHEN kept_village < other_village THEN kept_agency ELSE other_agency END AS agency_a,
    CASE WHEN kept_village < other_village THEN other_agency ELSE kept_agency END AS agency_b,
    GREATEST(0, LEAST(other_paid, beside_largest - before)) AS second_share,
    CASE WHEN over_standard IS NOT NULL THEN GREATEST(0, LEAST(other_paid, beside_largest - before, over_standard - before)) END AS above
  FROM seconds
),
-- Which place a code stood for when the period began: what was merged later was two places then. A code that was not in use
-- yet stands for what became it.
placed AS (
  SELECT p.person, p.item, p.period, p.period_end, p.village_a, p.village_b, p.paid_a, p.paid_b, p.last_a, p.last_b,
    p.agency_a, p.agency_b, p.second_share, p.above, a.place_name AS name_a, b.place_name AS name_b,
    a.code IS NOT NULL AND b.code IS NOT NULL AS both_known, a.closed_on <= p.period AS closed_a, b.closed_on <= p.period AS closed_b,
    a.current_code = a.code AS no_successor_a, b.current_code = b.code AS no_successor_b,
    CASE WHEN a.opened_on > p.period OR b.opened_on > p.period THEN a.current_code = b.current_code
      ELSE CASE WHEN a.merged_once_more_on <= p.period THEN a.current_code WHEN a.merged_again_on <= p.period THEN a.merged_again_into
          WHEN a.merged_on <= p.period THEN a.merged_into ELSE a.code END
        = CASE WHEN b.merged_once_more_on <= p.period THEN b.current_code WHEN b.merged_again_on <= p.period THEN b.merged_again_into
          WHEN b.merged_on <= p.period THEN b.merged_into ELSE b.code END END AS one_place
  FROM pairs AS p
  LEFT JOIN place AS a ON p.village_a = a.code
  LEFT JOIN place AS b ON p.village_b = b.code
  WHERE p.second_share > 0
),
known AS (
  SELECT person, item, period, period_end, village_a, village_b, paid_a, paid_b, last_a, last_b, agency_a, agency_b, second_share, above,
    name_a, name_b, both_known, closed_a, closed_b, one_place,
    one_place OR closed_a AND no_successor_a OR closed_b AND no_successor_b AS merged,
    year(period) * 12 + month(period) - LAG(year(period_end) * 12 + month(period_end)) OVER w = 1
      OR LEAD(year(period) * 12 + month(period)) OVER w - year(period_end) * 12 - month(period_end) = 1 AS next_to_another
  FROM placed
  WINDOW w AS (PARTITION BY person, item, village_a, village_b, one_place ORDER BY period)
),
judged AS (
  SELECT person, item, period, period_end, village_a, village_b, paid_a, paid_b, last_a, last_b, agency_a, agency_b, name_a, name_b,
    both_known, merged, closed_a, closed_b, above,
    CASE WHEN above IS NULL THEN NULL WHEN next_to_another AND NOT one_place THEN second_share ELSE above END AS too_much
  FROM known
),
summed AS (
  SELECT person, item, village_a, village_b, MIN(name_a) AS name_a, MIN(name_b) AS name_b, BOOL_AND(both_known) AS both_known,
    BOOL_OR(too_much IS NULL) AS standard_missing, COUNT(*) FILTER (WHERE too_much > 0) AS months_double,
    COUNT(*) FILTER (WHERE too_much > 0 AND merged) AS months_merged, COALESCE(SUM(above), 0) = 0 AS within, SUM(too_much) AS too_much,
    SUM(paid_a + paid_b) FILTER (WHERE too_much > 0) AS paid, MIN(period) FILTER (WHERE too_much > 0) AS first_month,
    MAX(period_end) FILTER (WHERE too_much > 0) AS last_month, MIN(GREATEST(last_a, last_b)) FILTER (WHERE too_much > 0) AS since,
    MIN(agency_a) AS agency_a, MIN(agency_b) AS agency_b,
    CASE WHEN BOOL_OR(closed_a) <> BOOL_OR(closed_b) THEN BOOL_OR(closed_a)
      WHEN SUM(paid_a) <> SUM(paid_b) THEN SUM(paid_b) < SUM(paid_a)
      ELSE COALESCE(MAX(last_b) >= MAX(last_a), TRUE) END AS at_b
  FROM judged
  GROUP BY person, item, village_a, village_b
),
taken_back AS (
  -- Booked under a period that was not drawn twice: what goes below the one payment due for it.
  SELECT person, item, SUM(returned) AS returned
  FROM (
    SELECT n.person, n.item, n.period, LEAST(-SUM(n.amount), GREATEST(0, MAX(q.largest_payment) - MAX(q.net))) AS returned
    FROM paid AS n
    JOIN (SELECT person, item, MIN(since) AS since FROM summed GROUP BY person, item) AS o ON n.person = o.person AND n.item = o.item
    JOIN periods AS q ON n.person = q.person AND n.item = q.item AND n.period = q.period
    WHERE n.amount < 0 AND COALESCE(n.pay_date >= o.since, TRUE)
    GROUP BY n.person, n.item, n.period
  )
  GROUP BY person, item
),
-- Booked under an item that was not drawn twice: what goes below all that was paid for that period.
elsewhere AS (
  SELECT person, SUM(spare) AS spare
  FROM (
    SELECT p.person, p.item, p.period,
      LEAST(-SUM(CASE WHEN p.amount < 0 AND COALESCE(p.pay_date >= f.since, TRUE) THEN p.amount ELSE 0 END),
        GREATEST(0, -SUM(p.amount))) AS spare
    FROM paid AS p
    JOIN (SELECT person, MIN(since) AS since FROM summed WHERE too_much > 0 GROUP BY person) AS f ON p.person = f.person
    LEFT JOIN (SELECT DISTINCT person, item FROM summed WHERE too_much > 0) AS o ON p.person = o.person AND p.item = o.item
    WHERE o.person IS NULL
    GROUP BY p.person, p.item, p.period
  )
  GROUP BY person
),
own AS (
  SELECT s.person, s.item, s.village_a, s.village_b, s.name_a, s.name_b, s.both_known, s.standard_missing, s.months_double,
    s.months_merged, s.within, s.too_much, s.paid, s.first_month, s.last_month, s.agency_a, s.agency_b, s.at_b,
    LEAST(s.too_much, GREATEST(0, t.returned - (SUM(s.too_much) OVER (
      PARTITION BY s.person, s.item ORDER BY s.first_month NULLS LAST, s.village_a, s.village_b ROWS UNBOUNDED PRECEDING
    ) - s.too_much))) AS returned
  FROM summed AS s
  LEFT JOIN taken_back AS t ON s.person = t.person AND s.item = t.item
),
-- What came back elsewhere goes to the earliest of what is left.
shared AS (
  SELECT w.person, w.item, w.village_a, w.village_b, w.name_a, w.name_b, w.both_known, w.standard_missing, w.months_double,
    w.months_merged, w.within, w.too_much, w.paid, w.first_month, w.last_month, w.agency_a, w.agency_b, w.at_b,
    w.returned, COALESCE(LEAST(w.too_much - w.returned, GREATEST(0,
      e.spare - SUM(w.too_much - w.returned) OVER earlier + w.too_much - w.returned)), 0) AS elsewhere
  FROM own AS w
  LEFT JOIN elsewhere AS e ON w.person = e.person
  WINDOW earlier AS (
    PARTITION BY w.person ORDER BY w.first_month NULLS LAST, w.item NULLS LAST, w.village_a, w.village_b ROWS UNBOUNDED PRECEDING
  )
),
settled AS (
  SELECT person, item, village_a, village_b, name_a, name_b, both_known, standard_missing, months_double, months_merged, within,
    too_much, paid, first_month, last_month, agency_a, agency_b, at_b, returned + elsewhere AS returned, elsewhere
  FROM shared
)
SELECT s.person, s.item, COALESCE(c.title, s.item) AS item_title, s.village_a, s.village_b, s.name_a, s.name_b,
  CASE WHEN s.at_b THEN s.village_b ELSE s.village_a END AS village, CASE WHEN s.at_b THEN s.agency_b ELSE s.agency_a END AS agency,
  c.universal, CASE WHEN NOT c.household THEN TRUE END AS per_person, CASE WHEN s.both_known THEN TRUE END AS both_known,
  CASE WHEN s.standard_missing AND s.months_double = 0 THEN NULL WHEN s.too_much = s.returned THEN 0
    ELSE s.months_double END AS months_double,
  s.months_merged, CAST(s.paid AS BIGINT) AS paid, CAST(s.too_much AS BIGINT) AS drawn_twice,
  CAST(NULLIF(s.returned, 0) AS BIGINT) AS returned, CAST(NULLIF(s.elsewhere, 0) AS BIGINT) AS returned_elsewhere,
  CASE WHEN s.standard_missing AND s.months_double = 0 THEN NULL ELSE CAST(s.too_much - s.returned AS BIGINT) END AS overpaid,
  s.first_month, s.last_month, CASE WHEN s.last_month > s.first_month THEN s.last_month END AS until_month,
  CASE WHEN s.within THEN '未超过一人的标准，但连着几期两村各发一部分' END AS within_zh,
  CASE WHEN s.within THEN 'no more than one person''s standard, but each paid a part in periods running' END AS within_en,
  CASE c.period_months WHEN 3 THEN '季度' WHEN 6 THEN '半年' WHEN 12 THEN '年度' ELSE '月' END AS period_zh,
  CASE c.period_months WHEN 3 THEN 'quarter' WHEN 6 THEN 'half-year' WHEN 12 THEN 'year' ELSE 'month' END AS period_en
FROM settled AS s
LEFT JOIN catalogue AS c ON s.item = c.item
