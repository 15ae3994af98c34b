"""From the texts of releases to the six OCDS tables, in one pass of the engine's JSON reader.

Only what the tables hold is taken. A value that stands where the standard puts something else is null.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from xiezhi.engines.duckdb_engine import DuckDB

_TEXT = "VARCHAR"
_MONEY = {"amount": _TEXT, "currency": _TEXT}
_PARTY = {"id": _TEXT}
_SHAPE: dict[str, Any] = {
    "ocid": _TEXT,
    "id": _TEXT,
    "date": _TEXT,
    "buyer": _PARTY,
    "tender": {
        "procuringEntity": _PARTY,
        "status": _TEXT,
        "procurementMethod": _TEXT,
        "procurementMethodDetails": _TEXT,
        "awardCriteria": _TEXT,
        "mainProcurementCategory": _TEXT,
        "value": _MONEY,
        "datePublished": _TEXT,
        "tenderPeriod": {"startDate": _TEXT, "endDate": _TEXT},
        "numberOfTenderers": _TEXT,
        "title": _TEXT,
    },
    "bids": {"details": [{"id": _TEXT, "date": _TEXT, "status": _TEXT, "value": _MONEY, "tenderers": [_PARTY]}]},
    "awards": [
        {
            "id": _TEXT,
            "status": _TEXT,
            "date": _TEXT,
            "value": _MONEY,
            "suppliers": [_PARTY],
            "items": [{"id": _TEXT, "classification": {"scheme": _TEXT, "id": _TEXT}}],
        }
    ],
}
"""The part of the OCDS 1.1 release schema that is read, as the engine's `json_transform` wants it."""

_PARSE = """
CREATE OR REPLACE TEMP TABLE parsed AS
SELECT _row, _digest, text, CASE WHEN json_valid(text) THEN json_transform(text, '{shape}') END AS r,
       CASE WHEN json_valid(text) THEN json_type(text) END AS kind
FROM block
"""

_BIDS = "(SELECT _row, r.ocid AS ocid, unnest(r.bids.details) AS b FROM parsed WHERE r.ocid <> '')"
_AWARDS = "(SELECT _row, r.ocid AS ocid, unnest(r.awards) AS a FROM parsed WHERE r.ocid <> '')"

_TABLES = {
    "ocds_tender": """
        SELECT r.ocid AS ocid, r.id AS release_id, r.date AS release_date, r.buyer.id AS buyer,
               r.tender.procuringEntity.id AS procuring_entity, r.tender.status AS status, r.tender.procurementMethod AS method,
               r.tender.procurementMethodDetails AS method_details, r.tender.awardCriteria AS award_criteria,
               r.tender.mainProcurementCategory AS category, r.tender.value.amount AS value_amount,
               r.tender.value.currency AS value_currency, r.tender.datePublished AS date_published,
               r.tender.tenderPeriod.startDate AS period_start, r.tender.tenderPeriod.endDate AS period_end,
               r.tender.numberOfTenderers AS number_of_tenderers, r.tender.title AS title, _digest, _row
        FROM parsed WHERE r.ocid <> ''""",
    "ocds_bid": f"""
        SELECT ocid, b.id AS bid_id, b.date AS bid_date, b.status AS status, b.value.amount AS amount,
               b.value.currency AS currency, _row
        FROM {_BIDS} WHERE b IS NOT NULL""",
    "ocds_bid_tenderer": f"""
        SELECT ocid, bid_id, p.id AS tenderer, _row
        FROM (SELECT _row, ocid, b.id AS bid_id, unnest(b.tenderers) AS p FROM {_BIDS}) WHERE p IS NOT NULL""",
    "ocds_award": f"""
        SELECT ocid, a.id AS award_id, a.status AS status, a.date AS award_date, a.value.amount AS amount,
               a.value.currency AS currency, _row
        FROM {_AWARDS} WHERE a IS NOT NULL""",
    "ocds_award_supplier": f"""
        SELECT ocid, award_id, p.id AS supplier, _row
        FROM (SELECT _row, ocid, a.id AS award_id, unnest(a.suppliers) AS p FROM {_AWARDS}) WHERE p IS NOT NULL""",
    "ocds_award_item": f"""
        SELECT ocid, award_id, i.id AS item_id, i.classification.scheme AS scheme, i.classification.id AS class_id, _row
        FROM (SELECT _row, ocid, a.id AS award_id, unnest(a.items) AS i FROM {_AWARDS}) WHERE i IS NOT NULL""",
}


class ReleaseTables:
    """Takes apart block after block of release texts. Holds an engine: close it."""

    def __init__(self) -> None:
        self._engine = DuckDB(memory="1GB")

    def close(self) -> None:
        self._engine.close()

    def load(self, block: pa.Table) -> None:
        """The next block: a table with `text` and `_row`."""
        texts = block.column("text").to_pylist()
        digests = [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in texts]
        self._engine.register("block", block.append_column("_digest", pa.array(digests, pa.string())))
        self._engine.run(_PARSE.format(shape=json.dumps(_SHAPE)))
        self._engine.unregister("block")

    def broken(self) -> Iterator[tuple[int, str, str]]:
        """Row, text and reason of what is no object (`column_count`) or has no ocid (`required_empty`)."""
        found = self._engine.rows("SELECT _row, text, kind FROM parsed WHERE coalesce(r.ocid, '') = '' ORDER BY _row")
        for row in found:
            yield row["_row"], row["text"], "required_empty" if row["kind"] == "OBJECT" else "column_count"

    def tables(self) -> Iterator[tuple[str, pa.RecordBatch]]:
        """The block's tables; those without rows are left out."""
        for name, sql in _TABLES.items():
            table = self._engine.query(sql).combine_chunks()
            yield from ((name, batch) for batch in table.to_batches() if batch.num_rows)

    def releases(self) -> pa.Table:
        """The sound releases whole: `c0` ocid, `c1` id, `c2` text, `_row`."""
        return self._engine.query(
            "SELECT r.ocid AS c0, coalesce(r.id, '') AS c1, text AS c2, _row FROM parsed WHERE r.ocid <> ''"
        )
