SELECT a.person, a.settle_id, b.settle_id AS later
FROM med_settlement a JOIN med_settlement b
  ON a.person = b.person AND a.hospital <> b.hospital AND a.admit <= b.admit AND b.admit < a.discharge AND b.admit < b.discharge
  AND (a.admit < b.admit OR a.settle_id < b.settle_id)
WHERE a.kind = '住院' AND b.kind = '住院'
  AND NOT regexp_matches(coalesce(a.diagnosis, ''), '^(P|Z38)') AND NOT regexp_matches(coalesce(b.diagnosis, ''), '^(P|Z38)')
