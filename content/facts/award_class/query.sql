-- One row per awarded item with its classification, for awards in force (status active).
WITH suppliers AS (
  SELECT m.ocid, m.award_id, COUNT(*) AS n_suppliers, MIN(m.supplier) AS supplier
  FROM (SELECT DISTINCT s.ocid, s.award_id, s.supplier FROM ocds_award_supplier AS s) AS m
  GROUP BY m.ocid, m.award_id
)

SELECT
  i._delivery,
  i._row,
  i.ocid,
  i.award_id,
  i.item_id,
  UPPER(TRIM(i.scheme)) AS scheme, -- cpv and CPV are one
  TRIM(i.class_id) AS class_id,
  COALESCE(s.n_suppliers, 0) AS n_suppliers,
  CASE WHEN s.n_suppliers = 1 THEN s.supplier END AS supplier,
  t.buyer,
  CAST(DATE_TRUNC('month', COALESCE(t.date_published, t.period_start, t.release_date) + INTERVAL 8 HOUR) AS DATE) AS published_month,
  LOWER(TRIM(t.status)) AS tender_status,
  TRIM(t.method_details) AS method_details
FROM ocds_award_item AS i
JOIN ocds_award AS a ON i.ocid = a.ocid AND i.award_id = a.award_id AND LOWER(TRIM(a.status)) = 'active'
LEFT JOIN suppliers AS s ON i.ocid = s.ocid AND i.award_id = s.award_id
LEFT JOIN ocds_tender AS t ON i.ocid = t.ocid
