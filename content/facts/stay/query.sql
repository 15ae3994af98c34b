-- One row per stay as it stands. A hospital is known by its code, under the name it bore last, and without one by its name,
-- whatever the width of its brackets and blanks. A diagnosis is written in capitals, without blanks
-- (half width it is already: intake sees to codes).
WITH codes AS (
  SELECT person, settle_id, hospital, hospital_code, kind, admit, discharge, fund_pay, _delivery, _row,
    UPPER(REPLACE(REPLACE(diagnosis, ' ', ''), '　', '')) AS diagnosis
  FROM med_settlement
),
written AS (
  SELECT person, settle_id, hospital_code, admit, discharge, diagnosis, fund_pay, _delivery, _row,
    REPLACE(REPLACE(REPLACE(REPLACE(hospital, '(', '（'), ')', '）'), ' ', ''), '　', '') AS hospital,
    -- a row that lacks what a stay is known by stands for itself
    CASE WHEN person IS NULL OR hospital IS NULL OR admit IS NULL OR discharge IS NULL THEN settle_id END AS apart
  FROM codes
  WHERE kind = '住院'
),
settled AS (
  SELECT person, settle_id, hospital_code, admit, discharge, diagnosis, fund_pay, _delivery, _row, apart,
    CASE WHEN hospital_code IS NULL THEN hospital ELSE FIRST_VALUE(hospital) OVER (
      PARTITION BY hospital_code ORDER BY CASE WHEN hospital IS NULL THEN 1 ELSE 0 END, admit DESC NULLS LAST, hospital NULLS LAST
    ) END AS hospital
  FROM written
),
-- Settlements of one stay: the largest stands for them, with what is left of their sum.
summed AS (
  SELECT person, settle_id, hospital, COALESCE(hospital_code, hospital) AS provider, admit, discharge, diagnosis, apart,
    _delivery, _row, SUM(fund_pay) OVER stay AS fund_pay, MIN(fund_pay) OVER stay AS least,
    ROW_NUMBER() OVER (
      PARTITION BY person, hospital, admit, discharge, apart
      ORDER BY fund_pay DESC NULLS LAST, settle_id NULLS LAST, _row NULLS LAST
    ) AS place
  FROM settled
  WINDOW stay AS (PARTITION BY person, hospital, admit, discharge, apart)
),
-- Settled on the last day of the year and continued at once: the same stay.
ordered AS (
  SELECT person, settle_id, hospital, provider, admit, discharge, diagnosis, fund_pay, apart, _delivery, _row,
    LAG(discharge) OVER earlier AS previous_discharge
  FROM summed
  WHERE place = 1 AND NOT (COALESCE(least < 0, FALSE) AND fund_pay <= 0)
  WINDOW earlier AS (
    PARTITION BY person, hospital, apart ORDER BY admit NULLS LAST, discharge NULLS LAST
  )
),
numbered AS (
  SELECT person, settle_id, hospital, provider, admit, discharge, diagnosis, fund_pay, apart, _delivery, _row,
    SUM(CASE WHEN month(previous_discharge) = 12 AND day(previous_discharge) = 31
      AND date_diff('day', previous_discharge, admit) IN (0, 1) THEN 0 ELSE 1 END) OVER (
      PARTITION BY person, hospital, apart ORDER BY admit NULLS LAST, discharge NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS stay_number
  FROM ordered
)
SELECT person, settle_id, hospital, provider, diagnosis, _delivery, _row,
  MIN(admit) OVER whole AS admit,
  MAX(discharge) OVER whole AS discharge,
  CAST(SUM(fund_pay) OVER whole AS BIGINT) AS fund_pay
FROM numbered
WINDOW whole AS (PARTITION BY person, hospital, apart, stay_number)
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY person, hospital, apart, stay_number
  ORDER BY admit NULLS LAST, discharge NULLS LAST
) = 1
