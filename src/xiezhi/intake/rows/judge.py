"""One delivered cell, whatever its kind: its value, its verdict, what was repaired. Joins contracts and identity.

The verdict of an identity is its grade, of anything else the reason for which it sets its row aside, or NULL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from xiezhi.contracts.cell import among
from xiezhi.contracts.judge import judge_texts, plain_sql
from xiezhi.contracts.kinds import FieldKind, Unit, Unsound
from xiezhi.contracts.model import Field
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.grading import grading_sql, normal, organisation_fault, organisation_fault_sql
from xiezhi.kernel.identity_kind import IdentityKind

FEW = 5_000
"""Up to so many identities are graded one by one in Python: planning the SQL that grades a column takes as long."""

A_GLANCE = 500
"""Up to so many texts of a coded column, names and numbers are graded in Python at once: the short test takes longer to plan."""

PLAIN, EMPTY, DOUBTFUL = 0, 1, 2
"""What the short test says of a text: sound as it stands, no text at all, or to be judged the slow way."""

UNJUDGED = "?"
"""Verdict of a doubtful text until it is judged."""


@dataclass(frozen=True)
class Plain:
    """Where `test` is TRUE of a text, `value` is its value and `verdict` its verdict, without repairs.

    It costs little and is TRUE nearly everywhere.
    """

    test: str
    value: str
    verdict: str


def plain(field: Field, raw: str, unit: Unit | None, texts: Sequence[str] | None = None) -> Plain:
    """How a field sees at a glance that the text `raw` is sound. `unit`: stated by the delivered header, if it states one.

    `texts`: all that `raw` may be, where they are few.
    """
    if field.identity:
        return Plain(grading_sql(field.identity, raw).plain, raw, "'sound'")
    seen = plain_sql(field, raw, unit)
    test = f"({seen.test}) AND ({_is_name(raw, texts)})" if field.names else seen.test
    return Plain(test, seen.value, "NULL")


def _is_name(raw: str, texts: Sequence[str] | None) -> str:
    if texts is None:
        return grading_sql(IdentityKind.NAME, raw).plain
    return among(raw, tuple(text for text in texts if not organisation_fault(text)))


def at_once(field: Field, unit: Unit | None, texts: str, few: Sequence[str] | None = None) -> str:
    """SELECT of all that `texts` has (a relation with `raw`), and of what is sound as it stands or empty `v` and `j`.

    The verdict of any other text is UNJUDGED. `few`: the texts themselves, where they are few. The short test stands in an inner
    layer: written twice it is planned twice, which takes longer than asking a small file.
    """
    short = plain(field, "raw", unit, few)
    value = f"CASE WHEN plain THEN {short.value} END"
    verdict = f"CASE WHEN plain THEN {short.verdict} WHEN raw = '' THEN {empty_verdict(field)} ELSE '{UNJUDGED}' END"
    return (
        f"SELECT * EXCLUDE (plain), CAST({value} AS {stored_type(field)}) AS v, CAST({verdict} AS VARCHAR) AS j"
        f" FROM (SELECT *, {short.test} AS plain FROM {texts})"
    )


def empty_verdict(field: Field) -> str:
    """The verdict of an empty cell. (An empty identity has no grade; `fault` says what follows.)"""
    return "'required_empty'" if field.required and not field.identity else "NULL"


def settle(engine: DuckDB, field: Field, unit: Unit | None, texts: str, into: str) -> None:
    """Judge distinct doubtful texts (a SELECT of `raw`) the slow way, as table `into(raw, v, j, r)`."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE doubtful AS {texts}")
    if field.identity and engine.value("SELECT count(*) FROM doubtful") <= FEW:
        _settle_one_by_one(engine, field.identity, into)
        return
    judged = _graded(field.identity) if field.identity else judge_texts(field, "doubtful", unit)
    if field.names:
        judged = _named(field, judged)
    engine.run(f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT raw, CAST(v AS {stored_type(field)}) AS v, j, r FROM ({judged})")


def one_by_one(kind: IdentityKind, texts: Sequence[str]) -> pa.Table:
    """`raw`, `v`, `j` and `r` of texts, graded in Python."""
    graded = [normal(kind, text) for text in texts]
    columns: dict[str, Sequence[str | None]] = {
        "raw": texts,
        "v": [one.value for one in graded],
        "j": [one.grade for one in graded],
        "r": [one.repairs for one in graded],
    }
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def fault(field: Field, verdict: str) -> str:
    """Why a verdict sets the row aside, or NULL. An unsound identity that may be NULL only keeps its grade."""
    if not field.identity:
        return verdict
    empty = "'required_empty'" if field.required else "NULL"
    unsound = verdict if field.unsound is Unsound.SET_ASIDE else "NULL"
    return f"CASE WHEN {verdict} IS NULL THEN {empty} WHEN {verdict} IN ('sound', 'repaired') THEN NULL ELSE {unsound} END"


def stored_type(field: Field) -> str:
    """DuckDB type of a judged value before identities become numbers."""
    return "VARCHAR" if field.kind is FieldKind.IDENTITY else field.lake_type


def _graded(kind: IdentityKind) -> str:
    graded = grading_sql(kind, "raw")
    return f"SELECT raw, {graded.value} AS v, {graded.grade} AS j, {graded.repairs} AS r FROM doubtful"


def _named(field: Field, judged: str) -> str:
    """`judged` texts held against what a name is. A name that may be missing is, where there is said to be none."""
    wrong = f"CASE WHEN v IS NOT NULL AND j IS NULL THEN {organisation_fault_sql('raw')} END"
    none = "'placeholder'" if field.required else "NULL"
    fault = f"CASE WHEN g IS NULL THEN j WHEN g = 'placeholder' THEN {none} ELSE g END"
    return (
        f"SELECT raw, CASE WHEN g IS NULL THEN v END AS v, {fault} AS j, CASE WHEN g IS NULL THEN r END AS r"
        f" FROM (SELECT *, {wrong} AS g FROM ({judged}))"
    )


def _settle_one_by_one(engine: DuckDB, kind: IdentityKind, into: str) -> None:
    engine.register("graded", one_by_one(kind, engine.query("SELECT raw FROM doubtful").column("raw").to_pylist()))
    engine.run(f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT * FROM graded")
    engine.unregister("graded")
