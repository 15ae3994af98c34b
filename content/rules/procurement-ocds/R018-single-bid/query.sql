-- One row per process put out to competition: how many tenderers it had, as stated or as counted in its bids.
SELECT p.ocid, p.buyer, p.published_month, p.method, p.number_of_tenderers, p.bidders,
  CASE $tenderers_from
    WHEN 'field' THEN p.number_of_tenderers
    WHEN 'bids' THEN p.bidders
    ELSE COALESCE(p.number_of_tenderers, p.bidders)
  END AS tenderers
FROM process AS p
WHERE COALESCE(p.status NOT IN ($skip_statuses), TRUE)
  AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
  AND ('*' IN ($methods) OR p.method IN ($methods))
