-- One row per award, with its supplier where there is exactly one and with what it needs to know of its process.
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
  CASE WHEN s.n_suppliers = 1 THEN s.supplier END AS supplier,
  t.buyer,
  CAST(DATE_TRUNC('month', COALESCE(t.date_published, t.period_start, t.release_date) + INTERVAL 8 HOUR) AS DATE) AS published_month,
  LOWER(TRIM(t.status)) AS tender_status,
  TRIM(t.method_details) AS method_details
FROM ocds_award AS a
LEFT JOIN suppliers AS s ON a.ocid = s.ocid AND a.award_id = s.award_id
LEFT JOIN ocds_tender AS t ON a.ocid = t.ocid
