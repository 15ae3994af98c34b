-- One row per process put out to competition: how many tenderers it had, as stated or as counted in its bids. Where the
-- method is a word that OCDS has not, nobody can tell whether it was put out to competition.
SELECT p.ocid, p.buyer, p.published_month, p.method, p.number_of_tenderers, p.bidders,
  CASE WHEN '*' IN ($methods) OR p.method IN ($methods) THEN
    CASE $tenderers_from
      WHEN 'field' THEN p.number_of_tenderers
      WHEN 'bids' THEN p.bidders
      ELSE COALESCE(p.number_of_tenderers, p.bidders)
    END
  END AS tenderers
FROM process AS p
WHERE COALESCE(p.status NOT IN ($skip_statuses), TRUE)
  AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
  AND ('*' IN ($methods) OR p.method IN ($methods) OR p.method NOT IN ('open', 'selective', 'limited', 'direct'))
