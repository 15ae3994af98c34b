"""Identities of stages → numbers of the vault, through one dictionary of distinct values per kind.

The dictionary is built in the engine and numbered slice by slice, so that memory stays bounded however many values there
are. Values are numbered in the order of their hash: the same delivery always gets the same numbers, and the order of
numbers says nothing about the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pyarrow as pa

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.rows.stage import Stage
from xiezhi.kernel.faultpoints import declare, reach
from xiezhi.kernel.identity_kind import IdentityKind

SLICE = 1_000_000
"""Distinct values numbered in one call of the vault."""

NUMBERED = declare("intake.kind_numbered", "the vault knows one kind's values, the lake holds none of them")


class Numbers(Protocol):
    """What intake needs of the identity vault."""

    def number(self, kind: IdentityKind, values: pa.Array) -> pa.Array:
        """The number of each distinct text, new ones assigned in the order given (int32, no NULLs)."""


def number_identities(engine: DuckDB, vault: Numbers, stages: Sequence[Stage]) -> None:
    """Number every identity that the stages hold and make the stages use the numbers."""
    wanted: dict[IdentityKind, list[str]] = {}
    coded: dict[IdentityKind, list[str]] = {}
    for stage in stages:
        for kind, select, code_table in stage.identities():
            wanted.setdefault(kind, []).append(select)
            coded.setdefault(kind, []).extend([code_table] if code_table else [])
    for kind, selects in wanted.items():
        table = _number_kind(engine, vault, kind, selects)
        for code_table in coded[kind]:
            engine.run(f"UPDATE {code_table} AS c SET n = d.n FROM {table} AS d WHERE d.v = c.v")
        by_hash = _told_apart(engine, table)
        for stage in stages:
            stage.use_numbers(kind, table, by_hash=by_hash)
        reach(NUMBERED)


def _number_kind(engine: DuckDB, vault: Numbers, kind: IdentityKind, selects: Sequence[str]) -> str:
    """The dictionary of a kind: table `v` text, `h` its hash, `n` number."""
    table = f"number_{kind.value}"
    distinct = " UNION ".join(f"SELECT DISTINCT v FROM ({select})" for select in selects)
    engine.run(f"CREATE OR REPLACE TEMP TABLE to_number AS SELECT v, hash(v) AS h FROM ({distinct}) ORDER BY h, v")
    engine.run(f"CREATE OR REPLACE TEMP TABLE {table} (v VARCHAR, h UBIGINT, n INTEGER)")
    total = engine.value("SELECT count(*) FROM to_number")
    for start in range(0, total, SLICE):
        values = engine.query(f"SELECT v, h FROM to_number WHERE rowid >= {start} AND rowid < {start + SLICE} ORDER BY rowid")
        texts = values.column("v").combine_chunks()
        engine.register("numbered_slice", pa.table({"v": texts, "h": values.column("h"), "n": vault.number(kind, texts)}))
        engine.run(f"INSERT INTO {table} SELECT v, h, n FROM numbered_slice")
        engine.unregister("numbered_slice")
    return table


def _told_apart(engine: DuckDB, table: str) -> bool:
    """Whether no two texts of a dictionary share their hash. Then a row whose text is in it is found by the hash alone."""
    return bool(engine.value(f"SELECT count(*) = count(DISTINCT h) FROM {table}"))
