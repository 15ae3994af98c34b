"""What a try came to: who enters, who leaves, by unit and by money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.kernel.level import Level
from xiezhi.web.kit.charts import Chart, Series
from xiezhi.web.supervision.models import TriedHit
from xiezhi.web.supervision.states import Fate

MOST_UNITS = 15
Groups = Sequence[Mapping[str, Any]]


def fates(groups: Groups) -> list[dict[str, Any]]:
    """Entering, leaving and staying: hits and fen."""
    rows = []
    for fate in Fate:
        mine = [group for group in groups if group["fate"] == fate]
        side = "before" if fate is Fate.LEAVES else "after"
        rows.append(
            {
                "fate": fate.value,
                "label": fate.label,
                "hits": sum(group["number"] for group in mine),
                "amount": sum(group[side] or 0 for group in mine),
                "tone": {"enters": "orange", "leaves": "blue", "stays": ""}[fate.value],
            }
        )
    return rows


def totals(groups: Groups) -> dict[str, int]:
    """Hits and fen before and after."""
    return {
        "before": sum(group["number"] for group in groups if group["fate"] != Fate.ENTERS),
        "after": sum(group["number"] for group in groups if group["fate"] != Fate.LEAVES),
        "money_before": sum(group["before"] or 0 for group in groups),
        "money_after": sum(group["after"] or 0 for group in groups),
    }


def regraded(groups: Groups) -> list[dict[str, Any]]:
    """Hits that stay, at another level."""
    found: Counter[tuple[str, str]] = Counter()
    for group in groups:
        if group["fate"] == Fate.STAYS and group["level_before"] != group["level_after"]:
            found[group["level_before"], group["level_after"]] += group["number"]
    ordered = sorted(found.items(), key=lambda pair: -Level(pair[0][1]).rank)
    return [{"before": before, "after": after, "hits": number} for (before, after), number in ordered]


def by_unit(groups: Groups, names: Mapping[str, str]) -> Chart | None:
    """Hits entering and leaving, the units with most movement."""
    return _moving(groups, names, _("进入与退出的命中，按单位"), lambda group: group["number"], "")


def money_by_unit(groups: Groups, names: Mapping[str, str]) -> Chart | None:
    """Yuan entering and leaving."""
    return _moving(
        groups,
        names,
        _("进入与退出的金额，按单位"),
        lambda group: round(((group["after"] or 0) + (group["before"] or 0)) / 100, 2),
        _("元"),
    )


def _moving(groups: Groups, names: Mapping[str, str], label: str, measure: Any, unit: str) -> Chart | None:
    found: dict[str, Counter[str]] = {fate: Counter() for fate in (Fate.ENTERS.value, Fate.LEAVES.value)}
    for group in groups:
        if group["fate"] in found:
            found[group["fate"]][group["unit_path"]] += measure(group)
    all_of: Counter[str] = Counter()
    for counted in found.values():
        all_of.update(counted)
    moving = [path for path, size in all_of.most_common() if size]
    paths, beyond = moving[:MOST_UNITS], len(moving) - MOST_UNITS
    if not paths:
        return None
    return Chart(
        "hbar",
        label,
        [names.get(path, path) for path in paths],
        [Series(fate.label, [found[fate][path] for path in paths]) for fate in (Fate.ENTERS, Fate.LEAVES)],
        unit=unit,
        heading=_("单位"),
        left_out=_("图中没有：变动较小的 %(count)s 个单位。") % {"count": beyond} if beyond > 0 else "",
    )


def row(one: TriedHit, names: Mapping[str, str]) -> dict[str, Any]:
    """`names`: what places are called by their paths, in the table as in the pictures above it."""
    fate = Fate(one.fate)
    return {
        "one": one,
        "place": names.get(one.unit_path, one.unit_path),
        "fate": fate.label,
        "tone": {"enters": "warn", "leaves": "info", "stays": "muted"}[fate.value],
        "amount": one.amount_after if one.amount_after is not None else one.amount_before,
        "level": one.level_after or one.level_before,
        "was": one.level_before if one.regraded else "",
    }
