"""What the templates need, made of what the core tells: rows, a lineage picture, facts in pairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.catalogue import gateway, queries
from xiezhi.web.catalogue.gateway import DatasetDescription, FieldDescription, RuleNode
from xiezhi.web.language import localise, page_language

FEW = 6
"""Models up to which the lines of the lineage picture carry a word; with more the words cover each other."""


TONES = {"public": "good", "internal": "info", "restricted": "warn", "confidential": "bad"}
"""Classification → tone of its badge."""


def row(one: DatasetDescription, fresh: Mapping[str, queries.Fresh]) -> dict[str, Any]:
    """A line of the list."""
    return {
        "one": one,
        "cadence": queries.cadence_word(one.cadence),
        "fresh": fresh.get(one.name),
        "sensitive": sum(1 for field in one.fields if field.classification == "confidential"),
        "rules": len(gateway.lineage().dark_without(one.name)),
    }


def field_row(field: FieldDescription) -> dict[str, Any]:
    return {
        "field": field,
        "kind": queries.kind_word(field.identity or field.kind),
        "class_word": queries.classification_word(field.classification),
        "class_tone": TONES[field.classification],
        "masking": queries.masking_word(field),
    }


def expectation_rows(one: DatasetDescription) -> list[dict[str, str]]:
    """Quality expectations in words: what is measured, and what it should be."""
    metrics = {"rowCount": _("行数"), "nullValues": _("空值"), "duplicateValues": _("重复值")}
    titles = {field.name: localise(field.title) for field in one.fields}
    return [
        {
            "where": titles.get(wanted.field or "", "") or _("整表"),
            "what": metrics[wanted.metric],
            "bound": f"{_sign(wanted.comparison)} {wanted.bound:g}{' %' if wanted.percent else ''}",
        }
        for table in one.tables
        for wanted in table.expectations
    ]


def _sign(sign: str) -> str:
    return {">=": "≥", "<=": "≤"}.get(sign, sign)


def facts_of(one: DatasetDescription) -> list[tuple[str, str]]:
    """Owner, cadence, retention and the like, for `kit/facts.html`."""
    years, months = divmod(one.retention_months, 12)
    kept = _("%(n)s 年") % {"n": years} if not months else _("%(n)s 个月") % {"n": one.retention_months}
    pairs = [
        (_("责任部门"), localise(one.department_title)),
        (_("更新频率"), queries.cadence_word(one.cadence)),
        (_("宽限"), _("期末后 %(n)s 天内") % {"n": one.grace_days}),
        (_("保存期限"), kept),
        (_("装载方式"), queries.load_word(one.load_mode)),
        (_("代号"), f"{one.name} {one.version}"),
    ]
    grain = " / ".join(table.grain for table in one.tables if table.grain)
    return [*pairs, (_("一行是什么"), _grain(grain))] if grain else pairs


def _grain(text: str) -> str:
    """Contracts say the grain as 中文 / English in one text."""
    zh, _slash, en = text.partition(" / ")
    return en if en and page_language() == "en" else zh


def lineage_picture(one: DatasetDescription, viewer: Viewer) -> dict[str, list[dict[str, Any]]]:
    """Nodes and edges for `{% graph %}`: the dataset, the facts made of it, the rules that read them."""
    line = gateway.lineage()
    nodes: list[dict[str, Any]] = [{"id": f"d:{one.name}", "label": localise(one.title), "kind": "document", "main": True}]
    edges: list[dict[str, Any]] = []
    facts = line.facts_of(one.name)
    for fact in facts:
        nodes.append({"id": f"f:{fact.name}", "label": localise(fact.title), "kind": "unit"})
        edges.append({"source": f"d:{one.name}", "target": f"f:{fact.name}", "label": _("形成")})
    known = {fact.name for fact in facts}
    dark = line.dark_without(one.name)
    reads = _("被读取") if len(dark) <= FEW else "→"
    for rule in dark:
        nodes.append(
            {
                "id": f"r:{rule.code}",
                "label": f"{rule.code} {localise(rule.title)}",
                "kind": "company",
                "level": rule.level,
                "url": rule_url(rule.code, viewer),
            }
        )
        edges += [{"source": f"f:{name}", "target": f"r:{rule.code}", "label": reads} for name in rule.reads if name in known]
    return {"nodes": nodes, "edges": edges}


def dark_rules(one: DatasetDescription, viewer: Viewer) -> list[dict[str, Any]]:
    """The models that cannot be computed without the dataset, each with what else it needs."""
    told, line = gateway.datasets(), gateway.lineage()
    return [
        {
            "rule": rule,
            "url": rule_url(rule.code, viewer),
            "facts": [localise(line.facts[name].title) for name in rule.reads if one.name in line.facts[name].datasets],
            "others": [told[name] for name in sorted(rule.datasets - {one.name}) if name in told],
        }
        for rule in line.dark_without(one.name)
    ]


def rule_url(code: str, viewer: Viewer) -> str:
    """The page of a model, for those who may open it."""
    return reverse("supervision:rule", args=[code]) if viewer.can(Permission.RULE_READ) else ""


def purposes() -> list[dict[str, Any]]:
    """Per dataset: purpose, basis and the models it serves: what a data-protection officer asks for."""
    line = gateway.lineage()
    return [{"one": one, "rules": line.dark_without(one.name)} for one in gateway.datasets().values()]


def tabs(here: str) -> list[dict[str, Any]]:
    names = (("list", _("数据集")), ("fields", _("字段")), ("codelists", _("代码表")), ("purposes", _("用途与依据")))
    return [{"label": label, "url": reverse(f"catalogue:{name}"), "here": name == here} for name, label in names]


__all__ = ["RuleNode", "dark_rules", "expectation_rows", "facts_of", "field_row", "lineage_picture", "purposes", "row", "tabs"]
