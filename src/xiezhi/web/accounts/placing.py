"""In which units a role can be held. A view is measured from the unit: a county officer placed at the city would see it all."""

from __future__ import annotations

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.models import Unit, UnitKind
from xiezhi.web.accounts.models.unit import REGIONS
from xiezhi.web.accounts.roles import ROLES, RoleCode

_BODIES = frozenset({UnitKind.COMMISSION, UnitKind.OFFICE})
_DELIVERING = frozenset({UnitKind.DEPARTMENT, UnitKind.INSTITUTION})

KINDS = {
    RoleCode.SUPERVISING_HEAD: frozenset({UnitKind.OFFICE}),
    RoleCode.SUPERVISING_OFFICER: frozenset({UnitKind.OFFICE}),
    RoleCode.INSPECTION_OFFICER: frozenset({UnitKind.OFFICE}),
    RoleCode.STATIONED_OFFICER: frozenset({UnitKind.STATIONED}),
    RoleCode.VILLAGE_LIAISON: frozenset({UnitKind.VILLAGE}),
    RoleCode.DEPARTMENT_CONTACT: _DELIVERING,
    RoleCode.MACHINE: _DELIVERING | _BODIES,
}
"""Kinds of unit; all other roles are held in a commission or one of its offices."""

WIDEST = {
    RoleCode.COUNTY_LEADER: UnitKind.COUNTY,
    RoleCode.COUNTY_OFFICER: UnitKind.COUNTY,
    RoleCode.TOWN_OFFICER: UnitKind.TOWN,
    RoleCode.VILLAGE_LIAISON: UnitKind.VILLAGE,
}
"""The widest region that the unit may belong to. A narrower one shows less, and is the granter's to decide."""


def kinds_of(role: RoleCode) -> frozenset[UnitKind]:
    return KINDS.get(role, _BODIES)


def refuse_misplaced(role: RoleCode, unit: Unit) -> None:
    """Raises UserError where the role cannot be held in the unit."""
    allowed = kinds_of(role)
    if UnitKind(unit.kind) not in allowed:
        kinds = "、".join(sorted(kind.label for kind in allowed))
        raise _misplaced(role, unit, f"{ROLES[role].zh}只能设在：{kinds}", f"that role is held in: {', '.join(sorted(allowed))}")
    widest = WIDEST.get(role)
    if widest and _region_kind(unit) in REGIONS[: REGIONS.index(widest)]:
        raise _misplaced(
            role, unit, f"{unit.name}的范围大于{widest.label}", f"{unit.title.en} belongs to a region wider than a {widest.value}"
        )


def _region_kind(unit: Unit) -> UnitKind:
    """The city's, where the region of the unit is not on record."""
    region = Unit.objects.filter(path=unit.region_path).values_list("kind", flat=True).first()
    return UnitKind(region) if region in REGIONS else UnitKind.CITY


def _misplaced(role: RoleCode, unit: Unit, why_zh: str, why_en: str) -> UserError:
    return UserError(
        "XZ-ACC-07",
        zh=f"{ROLES[role].zh}不能设在{unit.name}：{why_zh}",
        en=f"{ROLES[role].en} cannot be held at {unit.title.en}: {why_en}",
        todo_zh="改选单位或角色",
        todo_en="choose another unit or role",
    )
