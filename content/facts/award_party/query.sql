-- One row per award and supplier, with the award's status.
SELECT s._delivery, s._row, s.ocid, s.award_id, s.supplier, LOWER(TRIM(a.status)) AS status, a.related_lots AS lots
FROM ocds_award_supplier AS s
JOIN ocds_award AS a ON s.ocid = a.ocid AND s.award_id = a.award_id
