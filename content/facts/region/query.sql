SELECT code, region_name, parent, valid_from, COALESCE(valid_to, DATE '9999-12-31') AS valid_to, merged_into, _delivery, _row
FROM region
