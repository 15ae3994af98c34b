"""Lines of the library, and its chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.web.kit.charts import Chart, Series
from xiezhi.web.lines import line_word
from xiezhi.web.supervision.gateway import RuleDescription
from xiezhi.web.supervision.models import Change
from xiezhi.web.supervision.policies import FEW, Precision
from xiezhi.web.supervision.queries import RuleFigures, Site


def row(rule: RuleDescription, site: Site, figures: RuleFigures, waiting: Change | None) -> dict[str, Any]:
    status = site.status(rule)
    return {
        "rule": rule,
        "line": line_word(rule.domain),
        "status": status.label,
        "status_tone": status.tone,
        "figures": figures,
        "precision": figures.precision,
        "share": share(figures.precision),
        "adjusted": bool(site.overrides(rule.code)),
        "waiting": waiting,
    }


def share(precision: Precision | None) -> str:
    """Never without its interval: one of one is no certainty."""
    if precision is None:
        return _("已判定的不足 %(few)s 条") % {"few": FEW}
    return f"{100 * precision.share:.0f}% ({100 * precision.low:.0f}–{100 * precision.high:.0f}%)"


def hits_by_line(rows: Sequence[Mapping[str, Any]]) -> Chart | None:
    """Hits of the newest runs, by line of work. None where nothing was hit."""
    found: dict[str, int] = {}
    for one in rows:
        if one["figures"].hits is not None:
            line = str(one["line"])
            found[line] = found.get(line, 0) + one["figures"].hits
    never = sum(1 for one in rows if one["figures"].hits is None)
    ordered = sorted(found.items(), key=lambda pair: pair[1])
    if not any(found.values()):
        return None
    return Chart(
        "hbar",
        _("各条线的命中数"),
        [line for line, __ in ordered],
        [Series(_("命中数"), [hits for __, hits in ordered])],
        heading=_("业务条线"),
        left_out=_("图中没有：尚无运行结果的 %(count)s 个模型。") % {"count": never} if never else "",
    )
