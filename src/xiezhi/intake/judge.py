"""One delivered cell, whatever its kind: its value, its verdict, what was repaired. Joins contracts and identity.

The verdict of an identity is its grade, of anything else the reason for which it sets its row aside, or NULL.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from xiezhi.contracts.judge import judge_sql
from xiezhi.contracts.kinds import Kind, Unit, Unsound
from xiezhi.contracts.model import Field
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.grading import grading_sql, normal
from xiezhi.identity.kinds import IdentityKind

FEW = 5_000
"""Up to so many identities are graded one by one in Python: planning the SQL that grades a column takes as long."""

PLAIN, EMPTY, DOUBTFUL = 0, 1, 2
"""What the short test says of a text: sound as it stands, no text at all, or to be judged the slow way."""

UNJUDGED = "?"
"""Verdict of a doubtful text until it is judged."""


@dataclass(frozen=True)
class Judged:
    """Expressions over one VARCHAR expression. An identity's value is its normalised text.

    Where `plain` is TRUE the value is `plain_value` and the verdict `plain_verdict`, without repairs: cheap, and nearly
    everywhere. The other three hold for every text, and are asked only of the rest.
    """

    value: str
    verdict: str
    repairs: str
    plain: str
    plain_value: str
    plain_verdict: str


def judged(field: Field, raw: str, unit: Unit | None) -> Judged:
    """How a field judges the text `raw`. `unit`: stated by the delivered header, if it states one."""
    if field.identity:
        graded = grading_sql(IdentityKind(field.identity), raw)
        return Judged(graded.value, graded.grade, graded.repairs, graded.plain, raw, "'sound'")
    checked = judge_sql(field, raw, unit)
    return Judged(checked.value, checked.fault, checked.repairs, checked.plain, checked.plain_value, "NULL")


def at_once(field: Field, unit: Unit | None, texts: str) -> str:
    """SELECT of all that `texts` has (a relation with `raw`), and of what is sound as it stands or empty `v` and `j`.

    The verdict of any other text is UNJUDGED. The short test stands in an inner layer: written twice it is planned twice,
    which takes longer than asking a small file.
    """
    result = judged(field, "raw", unit)
    value = f"CASE WHEN plain THEN {result.plain_value} END"
    verdict = f"CASE WHEN plain THEN {result.plain_verdict} WHEN raw = '' THEN {empty_verdict(field)} ELSE '{UNJUDGED}' END"
    return (
        f"SELECT * EXCLUDE (plain), CAST({value} AS {stored_type(field)}) AS v, CAST({verdict} AS VARCHAR) AS j"
        f" FROM (SELECT *, {result.plain} AS plain FROM {texts})"
    )


def empty_verdict(field: Field) -> str:
    """The verdict of an empty cell. (An empty identity has no grade; `fault` says what follows.)"""
    return "'required_empty'" if field.required and not field.identity else "NULL"


def settle(engine: DuckDB, field: Field, unit: Unit | None, texts: str, into: str) -> None:
    """Judge distinct doubtful texts (a SELECT of `raw`) the slow way, as table `into(raw, v, j, r)`."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE doubtful AS {texts}")
    if field.identity and engine.value("SELECT count(*) FROM doubtful") <= FEW:
        _settle_one_by_one(engine, IdentityKind(field.identity), into)
        return
    result = judged(field, "raw", unit)
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT raw, CAST({result.value} AS {stored_type(field)}) AS v,"
        f" {result.verdict} AS j, {result.repairs} AS r FROM doubtful"
    )


def fault(field: Field, verdict: str) -> str:
    """Why a verdict sets the row aside, or NULL. An unsound identity that may be NULL only keeps its grade."""
    if not field.identity:
        return verdict
    empty = "'required_empty'" if field.required else "NULL"
    unsound = verdict if field.unsound is Unsound.SET_ASIDE else "NULL"
    return f"CASE WHEN {verdict} IS NULL THEN {empty} WHEN {verdict} IN ('sound', 'repaired') THEN NULL ELSE {unsound} END"


def stored_type(field: Field) -> str:
    """DuckDB type of a judged value before identities become numbers."""
    return "VARCHAR" if field.kind is Kind.IDENTITY else field.lake_type


def _settle_one_by_one(engine: DuckDB, kind: IdentityKind, into: str) -> None:
    texts = engine.query("SELECT raw FROM doubtful").column("raw").to_pylist()
    graded = [normal(kind, text) for text in texts]
    columns = {
        "raw": texts,
        "v": [one.value for one in graded],
        "j": [one.grade for one in graded],
        "r": [one.repairs for one in graded],
    }
    engine.register("graded", pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}))
    engine.run(f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT * FROM graded")
    engine.unregister("graded")
