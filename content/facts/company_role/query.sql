SELECT company, person, role, share, assigned, valid_from, COALESCE(valid_to, DATE '9999-12-31') AS valid_to, _delivery, _row
FROM enterprise_person
