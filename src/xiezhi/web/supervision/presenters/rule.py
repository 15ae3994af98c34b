"""The page of one model, tab by tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.web.catalogue import gateway as catalogue
from xiezhi.web.kit import display
from xiezhi.web.kit.charts import Chart, Series
from xiezhi.web.language import localise
from xiezhi.web.supervision.gateway import RuleDescription
from xiezhi.web.supervision.policies import precision_of
from xiezhi.web.supervision.presenters.library import share
from xiezhi.web.supervision.presenters.values import bounds, shown
from xiezhi.web.supervision.queries import Site
from xiezhi.web.supervision.queries.runs import MOST_POINTS, Point
from xiezhi.web.supervision.states import Conclusion, HitState


def tab_names() -> tuple[tuple[str, str], ...]:
    return (
        ("words", _("说明")),
        ("parameters", _("参数")),
        ("cases", _("案例")),
        ("coverage", _("评估覆盖")),
        ("runs", _("历次运行")),
        ("precision", _("查准率")),
        ("lineage", _("数据来源")),
        ("changes", _("变更")),
        ("sql", "SQL"),
    )


def tabs(rule: RuleDescription, here: str) -> list[dict[str, Any]]:
    address = reverse("supervision:rule", args=[rule.code])
    return [
        {"label": label, "url": address if name == "words" else f"{address}?tab={name}", "here": name == here}
        for name, label in tab_names()
    ]


def parameters(rule: RuleDescription, site: Site) -> list[dict[str, Any]]:
    """Value in force, value shipped, bounds, and where each comes from."""
    settings = site.settings.get(rule.code, {})
    values = site.values(rule)
    return [
        {
            "title": localise(one.title),
            "name": one.name,
            "value": shown(one, values[one.name]),
            "shipped": shown(one, one.shipped),
            "bounds": bounds(one) or _("不限"),
            "origin": one.norm or origin_word(one.origin),
            "setting": settings.get(one.name),
        }
        for one in rule.parameters
    ]


def origin_word(origin: str) -> str:
    """Where a value comes from: stated by a norm, recommended, or assumed by the model's author."""
    return {"INF": _("推定，可调整"), "REC": _("建议，可调整")}.get(origin, _("规范"))


def norms(rule: RuleDescription) -> list[dict[str, Any]]:
    return [{"norm": norm, "sure": norm.origin not in ("INF", "REC")} for norm in rule.norms]


def hits_over_runs(points: Sequence[Point]) -> Chart:
    return Chart(
        "line",
        _("历次运行的命中数"),
        [display.day(point.finished) if len(points) < 3 else f"#{point.run}" for point in points],
        [
            Series(_("命中数"), [point.hits for point in points]),
            Series(_("新出现"), [point.found.get(HitState.NEW, 0) for point in points]),
        ],
        heading=_("运行"),
        left_out=_("图中是最近 %(count)s 次运行。") % {"count": MOST_POINTS} if len(points) == MOST_POINTS else "",
    )


def judged(outcomes: Mapping[int, Mapping[str, int]]) -> list[dict[str, Any]]:
    """Of each version of which enough were judged: the share borne out, with its interval, and how many came to what."""
    rows = []
    for version, counted in outcomes.items():
        precision = precision_of(counted)
        if precision is None:
            continue
        rows.append(
            {
                "version": version,
                "precision": precision,
                "share": share(precision),
                "low": round(100 * precision.low),
                "high": round(100 * precision.high),
                "outcomes": [(outcome.label, counted.get(outcome, 0)) for outcome in Conclusion if counted.get(outcome)],
            }
        )
    return rows


def lineage(rule: RuleDescription) -> dict[str, list[dict[str, Any]]]:
    """Datasets → facts → the model, as a relation picture."""
    line, told = catalogue.lineage(), catalogue.datasets()
    nodes: dict[str, dict[str, Any]] = {}
    edges: list[dict[str, Any]] = []
    for read in rule.reads:
        nodes[f"f:{read.name}"] = {"id": f"f:{read.name}", "label": localise(read.title), "kind": "unit"}
        edges.append({"source": f"f:{read.name}", "target": "rule", "label": _("被读取")})
        fact = line.facts.get(read.name)
        for name in sorted(fact.datasets) if fact else ():
            nodes[f"d:{name}"] = {
                "id": f"d:{name}",
                "label": localise(told[name].title) if name in told else name,
                "kind": "document",
                "url": reverse("catalogue:dataset", args=[name]),
            }
            edges.append({"source": f"d:{name}", "target": f"f:{read.name}", "label": _("形成")})
    whole = {
        "id": "rule",
        "label": f"{rule.code} {localise(rule.title)}",
        "kind": "company",
        "level": rule.level.value,
        "main": True,
    }
    return {"nodes": [whole, *nodes.values()], "edges": edges}


def reads(rule: RuleDescription) -> list[dict[str, Any]]:
    """Fact → its columns that are read, and the datasets it is made of."""
    line, told = catalogue.lineage(), catalogue.datasets()
    return [
        {
            "title": localise(read.title),
            "columns": [localise(words) for words in read.columns],
            "datasets": [told[name] for name in sorted(line.facts[read.name].datasets) if name in told]
            if read.name in line.facts
            else [],
        }
        for read in rule.reads
    ]
