-- One row per bid and tenderer: the members of a consortium one by one.
SELECT p._delivery, p._row, p.ocid, p.bid_id, p.tenderer
FROM ocds_bid_tenderer AS p
