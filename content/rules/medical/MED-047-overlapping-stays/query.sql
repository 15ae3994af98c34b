-- One row per pair of stays of one person in two hospitals that meet or overlap; `later` is the one admitted to later.
SELECT a.person, a.settle_id, b.settle_id AS later_settle_id, a.hospital, b.hospital AS later_hospital, a.admit, a.discharge,
  b.admit AS later_admit, b.discharge AS later_discharge, a.diagnosis, b.diagnosis AS later_diagnosis,
  date_diff('day', b.admit, LEAST(a.discharge, b.discharge)) AS overlap_days,
  -- NULL where a diagnosis is missing and the other is no newborn's
  regexp_matches(a.diagnosis, $newborn_codes) OR regexp_matches(b.diagnosis, $newborn_codes) AS newborn,
  -- NULL where a reversal may have taken one of them back
  CASE WHEN a.fund_pay + b.fund_pay IS NOT NULL THEN LEAST(a.fund_pay, b.fund_pay)
    WHEN COALESCE(a.fund_pay, b.fund_pay) <= 0 THEN 0 END AS least_paid,
  a.fund_pay + b.fund_pay AS fund_paid,
  LEAST(a.discharge, b.discharge) AS overlap_until,
  -- NULL where one name has two codes: two hospitals of that name, or one that was given a new code
  CASE WHEN a.hospital <> b.hospital THEN TRUE END AS two_hospitals
FROM stay AS a
JOIN stay AS b ON a.person = b.person
  AND a.provider <> b.provider AND (a.hospital <> b.hospital OR a.provider <> a.hospital AND b.provider <> b.hospital)
  AND a.admit <= b.admit AND b.admit <= a.discharge
  AND (a.admit < b.admit OR a.settle_id < b.settle_id)
