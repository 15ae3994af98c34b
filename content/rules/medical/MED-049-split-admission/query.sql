-- One row per person, hospital and diagnosis group with stays that follow each other. What is counted is the returns soon after
-- discharge; a candidate without any has no sums and no days, and says how long after discharge the soonest return came, or
-- nothing where a reversal may have taken back one of the stays, or where they may be of two hospitals.
WITH ordered AS (
  SELECT person, hospital, substr(diagnosis, 1, 3) AS diagnosis_group, admit, discharge, fund_pay, provider,
    LAG(admit) OVER earlier AS previous_admit, LAG(discharge) OVER earlier AS previous_discharge,
    LAG(provider) OVER earlier AS previous_provider
  FROM stay
  WHERE person IS NOT NULL AND hospital IS NOT NULL AND diagnosis IS NOT NULL AND COALESCE(fund_pay > 0, TRUE)
  WINDOW earlier AS (
    PARTITION BY person, hospital, substr(diagnosis, 1, 3), fund_pay IS NULL
    ORDER BY admit NULLS LAST, discharge NULLS LAST, settle_id NULLS LAST
  )
),
-- One name with two codes: two hospitals of that name, or one that was given a new code. A hospital without a code has its name.
coded AS (
  SELECT person, hospital, diagnosis_group, admit, discharge, fund_pay, previous_admit, previous_discharge,
    COALESCE(previous_provider <> provider AND previous_provider <> hospital AND provider <> hospital, FALSE) AS two_codes
  FROM ordered
),
returns AS (
  SELECT person, hospital, diagnosis_group, discharge, fund_pay, previous_admit,
    fund_pay IS NULL OR two_codes AND COALESCE(date_diff('day', previous_discharge, admit) <= $max_gap_days, TRUE) AS open,
    CASE WHEN fund_pay IS NOT NULL AND NOT two_codes THEN date_diff('day', previous_discharge, admit) END AS gap_days
  FROM coded
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
