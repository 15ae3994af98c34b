"""A parameter's value and bounds as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.web.kit import display
from xiezhi.web.language import localise
from xiezhi.web.supervision.gateway import ParameterDescription, RuleDescription
from xiezhi.web.supervision.states import RuleStatus


def shown(one: ParameterDescription | None, value: Any) -> str:
    """Money in yuan, lists with commas between, "none" for what is empty."""
    if value is None or value == "" or value == []:
        return _("（空）")
    if one is not None and one.type == "money":
        return _("%(sum)s 元") % {"sum": display.money(int(value))}
    if isinstance(value, list):
        return _("、").join(str(item) for item in value)
    return display.number(value) if isinstance(value, int) else str(value)


def bounds(one: ParameterDescription) -> str:
    """Between what a value must lie; nothing where anything goes."""
    if one.choices:
        return ""
    if one.low is None and one.high is None:
        return _("一行一个") if one.type == "texts" else ""
    low, high = (shown(one, bound) if bound is not None else "" for bound in (one.low, one.high))
    if low and high:
        return _("%(low)s 至 %(high)s") % {"low": low, "high": high}
    return _("不小于 %(low)s") % {"low": low} if low else _("不大于 %(high)s") % {"high": high}


def differences(rule: RuleDescription | None, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str]]:
    """What changes, in words: of parameters, or of the status."""
    return [_difference(rule, name, before.get(name), value) for name, value in after.items()]


def _difference(rule: RuleDescription | None, name: str, before: Any, after: Any) -> dict[str, str]:
    if name == "status":
        return {"what": _("状态"), "before": str(RuleStatus(before).label), "after": str(RuleStatus(after).label)}
    one = rule.parameter(name) if rule else None
    return {"what": localise(one.title) if one else name, "before": shown(one, before), "after": shown(one, after)}
