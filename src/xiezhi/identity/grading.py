"""How any kind of identity value is graded and normalised: the door to this package for whoever handles columns."""

from __future__ import annotations

from collections.abc import Callable

from xiezhi.identity import citizen, citizen_sql, contact, holder, name, organisation
from xiezhi.identity.expressions import GradingSql
from xiezhi.identity.graded import Graded
from xiezhi.identity.nothing import graded_nothing, unless_nothing
from xiezhi.identity.organisation_name import organisation_fault, organisation_fault_sql
from xiezhi.kernel.identity_kind import IdentityKind

__all__ = [
    "GradingSql", "agreement_sql", "derive_sql", "grading_sql", "holder_sql", "normal", "organisation_fault",
    "organisation_fault_sql",
]  # fmt: skip

_IN_SQL: dict[IdentityKind, Callable[[str], GradingSql]] = {
    IdentityKind.CITIZEN_ID: citizen_sql.grading,
    IdentityKind.CREDIT_CODE: organisation.grading,
    IdentityKind.NAME: name.grading,
    **{kind: contact.grading_of(kind) for kind in contact.SHAPES},
}
_ONE_BY_ONE: dict[IdentityKind, Callable[[str | None], Graded]] = {
    IdentityKind.CITIZEN_ID: citizen.normal_citizen_id,
    IdentityKind.CREDIT_CODE: organisation.normal_credit_code,
    IdentityKind.NAME: name.normal_name,
}


def grading_sql(kind: IdentityKind, raw: str) -> GradingSql:
    """Three DuckDB expressions over the VARCHAR expression `raw`: the normalised value, its grade, the repairs made.

    Give a column's name as `raw` and not a long expression: it is repeated many times in the text.
    """
    found = _IN_SQL[kind](raw)
    return found if kind is IdentityKind.CITIZEN_ID else unless_nothing(kind, raw, found)


def normal(kind: IdentityKind, text: str | None) -> Graded:
    """The same for one value, in Python: for single look-ups, and the judge of the SQL in tests."""
    nothing = None if kind is IdentityKind.CITIZEN_ID else graded_nothing(kind, text)
    one = _ONE_BY_ONE.get(kind)
    return nothing or (one(text) if one else contact.normal_contact(kind, text))


def derive_sql(value: str) -> dict[str, str]:
    """Expressions over a sound citizen id: `birth_date` DATE, `sex` VARCHAR (男/女), `region6` INTEGER. NULL for NULL."""
    return citizen_sql.derived(value)


def holder_sql(value: str) -> str:
    """Whose a normalised name is: 担保, 保险, 银行, 交易平台, 单位, 个人, 不明; NULL for NULL."""
    return holder.holder(value)


def agreement_sql(one: str, other: str) -> str:
    """`same`, `close` or `different` for two normalised names; NULL where either is NULL."""
    return name.agreement(one, other)
