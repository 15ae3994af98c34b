"""commission.yaml as objects: the units, what they oversee, and one account per role."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from xiezhi.kernel.yaml_document import read_yaml
from xiezhi.web.accounts.roles import RoleCode


@dataclass(frozen=True)
class Body:
    """A department, an office or a stationed group. `oversees`: codes of units."""

    code: str
    name: str
    name_en: str
    department: str = ""
    oversees: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    role: RoleCode
    username: str
    display_name: str
    unit: str
    cadre_authority: int


@dataclass(frozen=True)
class CommissionPlan:
    departments: tuple[Body, ...]
    offices: tuple[Body, ...]
    groups: tuple[Body, ...]
    people: tuple[Person, ...]


@cache
def plan() -> CommissionPlan:
    """The whole of commission.yaml."""
    text = read_yaml(Path(__file__).parent / "commission.yaml").data
    return CommissionPlan(
        departments=tuple(Body(code, zh, en, department=department) for code, zh, en, department in text["departments"]),
        offices=tuple(Body(code, zh, en, oversees=tuple(seen)) for code, zh, en, seen in text["offices"]),
        groups=tuple(Body(code, zh, en, oversees=tuple(seen)) for code, zh, en, seen in text["groups"]),
        people=tuple(Person(RoleCode(role), *rest) for role, *rest in text["people"]),
    )
