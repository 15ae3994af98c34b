-- One row per contracting process: the tender as announced. Instants are UTC.
SELECT
  t._delivery,
  t._row,
  t.ocid,
  t.title,
  t.buyer,
  t.procuring_entity,
  LOWER(TRIM(t.status)) AS status,
  LOWER(TRIM(t.method)) AS method,
  TRIM(t.method_details) AS method_details,
  LOWER(TRIM(t.award_criteria)) AS award_criteria,
  t.category,
  t.value_amount,
  t.value_currency,
  t.number_of_tenderers,
  -- the month a process is counted in: of publication, else of the start of bidding, else of the release
  CAST(DATE_TRUNC('month', COALESCE(t.date_published, t.period_start, t.release_date)) AS DATE) AS published_month,
  t.period_start,
  t.period_end,
  -- whole days of 24 hours; below zero where the period ends before it starts
  DATE_DIFF('day', CAST(t.period_start AS DATE), CAST(t.period_end AS DATE))
  - CASE WHEN STRFTIME(t.period_end, '%H:%M:%S') < STRFTIME(t.period_start, '%H:%M:%S') THEN 1 ELSE 0 END AS period_days
FROM ocds_tender AS t
