"""Runs as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.jobs import presenters as jobs
from xiezhi.web.jobs.models import Job
from xiezhi.web.language import localise
from xiezhi.web.supervision.gateway import RuleDescription
from xiezhi.web.supervision.models import Run, RunRule
from xiezhi.web.supervision.presenters.values import shown
from xiezhi.web.supervision.queries import fact_names
from xiezhi.web.supervision.queries.runs import Found
from xiezhi.web.supervision.states import Ending, HitState

STAGES = ("facts", "narrow", "rules", "coverage", "merge")


def row(run: Run, found: Found) -> dict[str, Any]:
    """A line of the list. `found` is of the viewer's own scope."""
    return {"run": run, "hits": hits(found), **counts(found)}


def hits(found: Found) -> int:
    return sum(number for state, number in found.items() if state != HitState.GONE)


def counts(found: Found) -> dict[str, int]:
    return {state.value: found.get(state, 0) for state in HitState}


def rule_row(ended: RunRule, rule: RuleDescription | None, found: Found) -> dict[str, Any]:
    ending = Ending(ended.ending)
    return {
        "ended": ended,
        "title": localise(rule.title) if rule else ended.rule,
        "ending": ending.label,
        "tone": ending.tone,
        "problem": problem(ended),
        "hits": hits(found) if ending is Ending.DONE else None,
        **counts(found),
    }


def problem(ended: RunRule) -> str:
    """Why a rule did not end well: which data is not there, or what the engine said."""
    if ended.missing:
        return _("缺少数据：%(facts)s") % {"facts": _("、").join(fact_names(ended.missing))}
    return ended.problem


def stages(run: Run) -> list[tuple[str, float]]:
    words = {
        "facts": _("形成事实"),
        "narrow": _("缩小范围"),
        "rules": _("逐个模型比对"),
        "coverage": _("计算覆盖"),
        "merge": _("与上次对照"),
    }
    return [(words[name], run.seconds[name]) for name in STAGES if name in run.seconds]


def adjusted(run: Run, rules: Mapping[str, RuleDescription]) -> list[dict[str, str]]:
    """The values a run was given that are not those shipped today."""
    found = []
    for code, values in sorted(run.parameters.items()):
        rule = rules.get(code)
        for name, value in values.items():
            one = rule.parameter(name) if rule else None
            if one is not None and one.shipped != value:
                found.append(
                    {
                        "rule": code,
                        "what": localise(one.title),
                        "value": shown(one, value),
                        "shipped": shown(one, one.shipped),
                    }
                )
    return found


def going(job: Job | None, viewer: Viewer) -> dict[str, Any] | None:
    """What `jobs/_progress.html` needs of the run that is going on. `watch`: may ask how far it is."""
    if job is None:
        return None
    own = job.user_id is not None and job.user_id == viewer.user_id
    shown_job = jobs.shown(job, own=own)
    shown_job["url"] += "?reload=1"
    return {**shown_job, "watch": own or viewer.can(Permission.RUN_START)}
