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
    """Three expressions over one VARCHAR expression. An identity's value is its normalised text."""

    value: str
    verdict: str
    repairs: str


def judged(field: Field, raw: str, unit: Unit | None) -> Judged:
    """How a field judges the text `raw`. `unit`: stated by the delivered header, if it states one."""
    if field.identity:
        graded = grading_sql(IdentityKind(field.identity), raw)
        return Judged(graded.value, graded.grade, graded.repairs)
    checked = judge_sql(field, raw, unit)
    plain = f"{{'v': {checked.plain_value}, 'f': CAST(NULL AS VARCHAR), 'r': CAST(NULL AS VARCHAR)}}"
    other = f"{{'v': {checked.value}, 'f': {checked.fault}, 'r': {checked.repairs}}}"
    # DuckDB computes equal function calls of one SELECT once, but not equal CASEs: hence the function around it
    once = f"struct_pack(o := CASE WHEN {checked.plain} THEN {plain} ELSE {other} END).o"
    return Judged(f"{once}.v", f"{once}.f", f"{once}.r")


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
