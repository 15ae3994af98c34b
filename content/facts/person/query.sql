SELECT person, name, sex, birth_date, household, village, status, status_date, _delivery, _row
FROM person_population
