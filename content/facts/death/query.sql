-- The earliest date wins (cremation, medical certificate, register, court); which row gave it is kept as its provenance.
WITH ranked AS (
  SELECT person, death_date, source, _delivery, _row,
    COUNT(*) OVER (PARTITION BY person) AS sources,
    ROW_NUMBER() OVER (PARTITION BY person ORDER BY death_date ASC NULLS LAST, source ASC NULLS LAST, _delivery ASC NULLS LAST, _row ASC NULLS LAST) AS place
  FROM death_registry
  WHERE person IS NOT NULL AND death_date IS NOT NULL
)
SELECT person, death_date, source, sources, _delivery, _row
FROM ranked
WHERE place = 1
