-- One row per award, with its supplier where there is exactly one.
WITH suppliers AS (
  SELECT m.ocid, m.award_id, COUNT(*) AS n_suppliers, MIN(m.supplier) AS supplier
  FROM (SELECT DISTINCT s.ocid, s.award_id, s.supplier FROM ocds_award_supplier AS s) AS m
  GROUP BY m.ocid, m.award_id
)

SELECT
  a._delivery,
  a._row,
  a.ocid,
  a.award_id,
  LOWER(TRIM(a.status)) AS status,
  a.award_date,
  a.amount,
  UPPER(TRIM(a.currency)) AS currency,
  a.related_lots AS lots,
  COALESCE(s.n_suppliers, 0) AS n_suppliers,
  CASE WHEN s.n_suppliers = 1 THEN s.supplier END AS supplier
FROM ocds_award AS a
LEFT JOIN suppliers AS s ON a.ocid = s.ocid AND a.award_id = s.award_id
