WITH ordered AS (
  SELECT person, hospital, substr(diagnosis, 1, 3) AS diagnosis_group, admit,
    lag(discharge) OVER (PARTITION BY person, hospital, substr(diagnosis, 1, 3) ORDER BY admit, discharge, settle_id) AS previous_discharge
  FROM med_settlement WHERE kind = '住院' AND person IS NOT NULL AND diagnosis IS NOT NULL
)
SELECT DISTINCT person, hospital, diagnosis_group
FROM ordered
WHERE date_diff('day', previous_discharge, admit) BETWEEN 0 AND 15 AND NOT regexp_matches(diagnosis_group, '^(Z49|Z51|N18|F2[0-9])')
