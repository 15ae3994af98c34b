-- One row per award and supplier, with the award's status and what it needs to know of its process.
SELECT
  s._delivery,
  s._row,
  s.ocid,
  s.award_id,
  s.supplier,
  LOWER(TRIM(a.status)) AS status,
  a.related_lots AS lots,
  t.buyer,
  CAST(DATE_TRUNC('month', COALESCE(t.date_published, t.period_start, t.release_date) + INTERVAL 8 HOUR) AS DATE) AS published_month,
  LOWER(TRIM(t.status)) AS tender_status,
  TRIM(t.method_details) AS method_details
FROM ocds_award_supplier AS s
JOIN ocds_award AS a ON s.ocid = a.ocid AND s.award_id = a.award_id
LEFT JOIN ocds_tender AS t ON s.ocid = t.ocid
