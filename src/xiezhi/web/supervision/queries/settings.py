"""What this site has set otherwise than shipped, and what of it still fits the content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from xiezhi.kernel.errors import UserError
from xiezhi.web.supervision import gateway
from xiezhi.web.supervision.gateway import RuleDescription
from xiezhi.web.supervision.models import ParameterSetting, StatusSetting
from xiezhi.web.supervision.states import RUNNING, RuleStatus


@dataclass(frozen=True)
class Lapsed:
    """A value that the rule of today no longer takes: its parameter is gone, or its bounds moved. It is not used."""

    rule: str
    name: str
    value: Any
    why: UserError


@dataclass(frozen=True)
class Setting:
    """A value of this site, by which change it came and since when."""

    value: Any
    change_id: UUID
    since: datetime


@dataclass(frozen=True)
class Site:
    """`settings`: those that fit, rule → parameter → setting. `statuses`: rule → status."""

    settings: Mapping[str, Mapping[str, Setting]]
    statuses: Mapping[str, RuleStatus]
    lapsed: tuple[Lapsed, ...]

    def status(self, rule: RuleDescription) -> RuleStatus:
        """This site's, else as shipped."""
        return self.statuses.get(rule.code, RuleStatus(rule.status))

    def overrides(self, code: str) -> dict[str, Any]:
        """Parameter → value, of one rule."""
        return {name: setting.value for name, setting in self.settings.get(code, {}).items()}

    def all_overrides(self) -> dict[str, dict[str, Any]]:
        """What a run is given."""
        return {code: self.overrides(code) for code in self.settings}

    def values(self, rule: RuleDescription) -> dict[str, Any]:
        """Every parameter's value as it is in force."""
        return {one.name: one.shipped for one in rule.parameters} | self.overrides(rule.code)

    def running(self) -> list[str]:
        """The rules that a run evaluates: on trial and live."""
        return [code for code, rule in gateway.rules().items() if self.status(rule) in RUNNING]


def site() -> Site:
    """Two queries."""
    settings: dict[str, dict[str, Setting]] = {}
    lapsed: list[Lapsed] = []
    for row in ParameterSetting.objects.order_by("rule", "name"):
        try:
            gateway.settled(row.rule, {row.name: row.value})
        except UserError as why:
            lapsed.append(Lapsed(row.rule, row.name, row.value, why))
        else:
            settings.setdefault(row.rule, {})[row.name] = Setting(row.value, row.from_change_id, row.in_force_since)
    statuses = {row.rule: RuleStatus(row.status) for row in StatusSetting.objects.all()}
    return Site(settings, statuses, tuple(lapsed))
