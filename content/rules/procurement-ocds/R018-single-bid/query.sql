-- One row per process put out to competition: how many tenderers it had, as stated or as counted in its bids. Where the
-- method is a word that OCDS has not, nobody can tell whether it was put out to competition.
WITH counted AS (
  SELECT p.ocid, p.buyer, p.published_month, p.method, p.number_of_tenderers, p.bidders,
    CASE WHEN '*' IN ($methods) OR p.method IN ($methods) THEN
      CASE $tenderers_from
        WHEN 'field' THEN p.number_of_tenderers
        WHEN 'bids' THEN p.bidders
        ELSE COALESCE(p.number_of_tenderers, p.bidders)
      END
    END AS tenderers,
    -- told while bids could still come, and nothing is awarded
    p.period_end > p.release_date AND COALESCE(p.status IN ('planning', 'planned', 'active'), TRUE)
      AND COALESCE(p.active_awards, 0) = 0 AND p.open_awards = 0 AS still_open
  FROM process AS p
  WHERE COALESCE(p.status NOT IN ($skip_statuses), TRUE)
    AND COALESCE(p.method_details NOT IN ($skip_methods), TRUE)
    AND ('*' IN ($methods) OR p.method IN ($methods) OR p.method NOT IN ('open', 'selective', 'limited', 'direct'))
)
SELECT ocid, buyer, published_month, method, number_of_tenderers, bidders,
  -- one so far may become two; two are two
  CASE WHEN tenderers >= 2 OR NOT COALESCE(still_open, FALSE) THEN tenderers END AS tenderers
FROM counted
