"""One delivered cell in SQL, whatever its kind: its value, its verdict, what was repaired. Joins contracts and identity.

The verdict of an identity is its grade, of anything else the reason for which it sets its row aside, or NULL.
"""

from __future__ import annotations

from dataclasses import dataclass

from xiezhi.contracts.judge import judge_sql
from xiezhi.contracts.kinds import Kind, Unit, Unsound
from xiezhi.contracts.model import Field
from xiezhi.identity.grading import grading_sql
from xiezhi.identity.kinds import IdentityKind


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
