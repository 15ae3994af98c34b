SELECT person, kin, relation, degree, COALESCE(valid_from, DATE '1900-01-01') AS valid_from,
  COALESCE(valid_to, DATE '9999-12-31') AS valid_to, _delivery, _row
FROM kinship
