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
    _delivery, _row, fund_pay AS settled, SUM(fund_pay) OVER stay AS fund_pay, MIN(fund_pay) OVER stay AS least,
    MAX(fund_pay) OVER stay AS most, FIRST_VALUE(_delivery) OVER largest AS stay_delivery, FIRST_VALUE(_row) OVER largest AS stay_row,
    ROW_NUMBER() OVER largest AS place
  FROM settled
  WINDOW stay AS (PARTITION BY person, hospital, admit, discharge, apart),
    largest AS (
      PARTITION BY person, hospital, admit, discharge, apart
      ORDER BY fund_pay DESC NULLS LAST, settle_id NULLS LAST, _row NULLS LAST
    )
),
-- A reversal may bear its own day and not those of the stay. It takes back the earlier settlement (or all settlements of one stay)
-- of that person and hospital that has its amount, or as many of them as there are such reversals.
reversals AS (
  SELECT person, hospital, admit, diagnosis, -settled AS amount, _delivery, _row
  FROM summed
  WHERE most < 0
),
possible AS (
  SELECT r._delivery, r._row, r.amount, s._delivery AS settled_delivery, s._row AS settled_row, s.stay_delivery, s.stay_row
  FROM reversals AS r
  JOIN summed AS s ON r.person = s.person AND r.hospital = s.hospital AND s.admit <= r.admit
    AND (s.settled = r.amount OR s.place = 1 AND s.fund_pay = r.amount) AND s.fund_pay >= r.amount
    AND COALESCE(s.diagnosis = r.diagnosis, TRUE)
),
counted AS (
  SELECT _delivery, _row, amount, settled_delivery, settled_row, stay_delivery, stay_row,
    COUNT(*) OVER (PARTITION BY _delivery, _row) = COUNT(*) OVER (PARTITION BY settled_delivery, settled_row, amount) AS as_many
  FROM possible
),
matched AS (
  SELECT amount, settled_delivery, settled_row, stay_delivery, stay_row, BOOL_AND(as_many) OVER (PARTITION BY _delivery, _row) AS sure
  FROM counted
),
-- What a reversal may take back that is not known to, nobody can say that the fund paid: of equal settlements any, of none that
-- has its amount all earlier ones.
taken AS (
  SELECT stay_delivery, stay_row, SUM(CASE WHEN sure THEN amount END) AS amount, BOOL_AND(sure) AS sure
  FROM (
    SELECT stay_delivery, stay_row, amount, BOOL_AND(sure) AS sure
    FROM matched
    GROUP BY settled_delivery, settled_row, stay_delivery, stay_row, amount
    UNION ALL
    SELECT s.stay_delivery, s.stay_row, NULL AS amount, FALSE AS sure
    FROM reversals AS r
    LEFT JOIN possible AS p ON r._delivery = p._delivery AND r._row = p._row
    JOIN summed AS s ON r.person = s.person AND r.hospital = s.hospital AND s.admit <= r.admit
    WHERE p._row IS NULL AND s.fund_pay > 0 AND COALESCE(s.diagnosis = r.diagnosis, TRUE)
  )
  GROUP BY stay_delivery, stay_row
),
standing AS (
  SELECT s.person, s.settle_id, s.hospital, s.provider, s.admit, s.discharge, s.diagnosis, s.apart, s._delivery, s._row,
    CASE WHEN COALESCE(t.sure, TRUE) THEN s.fund_pay - COALESCE(t.amount, 0) END AS fund_pay
  FROM summed AS s
  LEFT JOIN taken AS t ON s._delivery = t.stay_delivery AND s._row = t.stay_row
  WHERE s.place = 1
    AND NOT ((COALESCE(s.least < 0, FALSE) OR t.amount IS NOT NULL) AND s.fund_pay - COALESCE(t.amount, 0) <= 0)
),
-- Settled on the last day of the year and continued at once: the same stay.
ordered AS (
  SELECT person, settle_id, hospital, provider, admit, discharge, diagnosis, fund_pay, apart, _delivery, _row,
    LAG(discharge) OVER earlier AS previous_discharge
  FROM standing
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
  CASE WHEN COUNT(*) OVER whole = COUNT(fund_pay) OVER whole THEN CAST(SUM(fund_pay) OVER whole AS BIGINT) END AS fund_pay
FROM numbered
WINDOW whole AS (PARTITION BY person, hospital, apart, stay_number)
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY person, hospital, apart, stay_number
  ORDER BY admit NULLS LAST, discharge NULLS LAST
) = 1
