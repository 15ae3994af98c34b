-- One row per person, hospital and diagnosis group with stays that follow each other. What is counted is the returns soon after
-- discharge; a candidate without any has no sums and no days, and says how long after discharge the soonest return came, or
-- nothing where a reversal may have taken back one of the stays.
WITH ordered AS (
  SELECT person, hospital, substr(diagnosis, 1, 3) AS diagnosis_group, admit, discharge, fund_pay,
    LAG(admit) OVER earlier AS previous_admit, LAG(discharge) OVER earlier AS previous_discharge
  FROM stay
  WHERE person IS NOT NULL AND hospital IS NOT NULL AND diagnosis IS NOT NULL AND COALESCE(fund_pay > 0, TRUE)
  WINDOW earlier AS (
    PARTITION BY person, hospital, substr(diagnosis, 1, 3), fund_pay IS NULL
    ORDER BY admit NULLS LAST, discharge NULLS LAST, settle_id NULLS LAST
  )
),
returns AS (
  SELECT person, hospital, diagnosis_group, discharge, fund_pay, previous_admit,
    fund_pay IS NULL AS open, CASE WHEN fund_pay IS NOT NULL THEN date_diff('day', previous_discharge, admit) END AS gap_days
  FROM ordered
)
SELECT person, hospital, diagnosis_group, regexp_matches(diagnosis_group, $planned_codes) AS planned,
  regexp_matches(diagnosis_group, $newborn_codes) AS newborn,
  COUNT(*) FILTER (WHERE gap_days <= $max_gap_days) AS readmissions,
  CASE WHEN MIN(gap_days) <= $max_gap_days OR NOT BOOL_OR(open) THEN MIN(gap_days) END AS shortest_gap,
  CAST(SUM(fund_pay) FILTER (WHERE gap_days <= $max_gap_days) AS BIGINT) AS fund_paid_again,
  MIN(previous_admit) FILTER (WHERE gap_days <= $max_gap_days) AS first_admit,
  MAX(discharge) FILTER (WHERE gap_days <= $max_gap_days) AS last_discharge
FROM returns
WHERE gap_days >= 0 OR open
GROUP BY person, hospital, diagnosis_group
