-- What a source said last of a person is what it says (the newest state by its own date, then by delivery). Nobody is accused
-- on the earlier of two contradictory dates. Deaths after the day of a revocation are another matter and stand.
WITH said AS (
  SELECT person, name, death_date, source, COALESCE(status, '有效') AS status, status_date, _delivery, _row,
    ROW_NUMBER() OVER (
      PARTITION BY person, source ORDER BY status_date DESC NULLS LAST, _delivery DESC NULLS LAST, _row DESC NULLS LAST
    ) AS place
  FROM death_registry
  WHERE person IS NOT NULL
),
revoked AS (
  SELECT person, MAX(COALESCE(status_date, DATE '9999-12-31')) AS revoked_on
  FROM said
  WHERE place = 1 AND status = '撤销'
  GROUP BY person
),
standing AS (
  SELECT s.person, s.name, s.death_date, s.source, s._delivery, s._row, COALESCE(s.death_date <= r.revoked_on, FALSE) AS disputed
  FROM said AS s
  LEFT JOIN revoked AS r ON s.person = r.person
  WHERE s.place = 1 AND s.status = '有效' AND s.death_date IS NOT NULL
),
ranked AS (
  SELECT person, name, death_date, source, disputed, _delivery, _row,
    MIN(death_date) OVER (PARTITION BY person, disputed) AS earliest_date,
    COUNT(*) OVER (PARTITION BY person, disputed) AS sources,
    ROW_NUMBER() OVER (
      PARTITION BY person
      ORDER BY disputed, death_date DESC, source NULLS LAST, _delivery NULLS LAST, _row NULLS LAST
    ) AS place
  FROM standing
)
SELECT person, name, death_date, earliest_date, source, sources, disputed, _delivery, _row
FROM ranked
WHERE place = 1
