"""What the workbench shows of models: at most two queries for each of the two."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.kit.cards import Figure, ToDo, Urgency
from xiezhi.web.language import localise
from xiezhi.web.supervision import gateway
from xiezhi.web.supervision.models import RunRule
from xiezhi.web.supervision.queries.changes import waiting_for
from xiezhi.web.supervision.queries.coverage import coverage_by_rule
from xiezhi.web.supervision.states import EVALUATED, Ending, concerned

MOST = 8


def to_do(viewer: Viewer) -> list[ToDo]:
    """Changes of models that wait for this person's decision. One query."""
    rules = gateway.rules()
    return [
        ToDo(
            _("待批准：%(rule)s %(what)s变更")
            % {
                "rule": localise(rules[one.rule].title) if one.rule in rules else one.rule,
                "what": one.get_what_display(),
            },
            reverse("supervision:change", args=[one.pk]),
            Urgency.OPEN,
            note=_("%(name)s 提出：%(reason)s") % {"name": one.proposed_by_name, "reason": one.reason[:60]},
            icon="flask",
            asked=True,
        )
        for one in waiting_for(viewer, MOST)
    ]


def figures(viewer: Viewer) -> list[Figure]:
    """How much could be evaluated, and which models did not end well in the last run. Two queries."""
    if not viewer.can(Permission.RUN_READ) or not viewer.scope.paths:
        return []
    counted = list(coverage_by_rule(viewer).values())
    population = sum(concerned(outcomes) for outcomes in counted)
    evaluated = sum(outcomes.get(EVALUATED, 0) for outcomes in counted)
    judged = sum(1 for outcomes in counted if concerned(outcomes))
    newest = RunRule.objects.order_by("-run_id").values("run_id")[:1]
    ended = RunRule.objects.filter(run_id=newest).aggregate(
        rules=Count("pk"), troubled=Count("pk", filter=~Q(ending=Ending.DONE))
    )
    share = f"{100 * evaluated / population:.1f}%" if population else "—"
    trouble = ended["troubled"]
    return [
        Figure(
            _("可评估比例"),
            share,
            reverse("supervision:coverage"),
            _("%(n)s 个模型合计，共 %(all)s 个") % {"n": judged, "all": len(gateway.rules())},
        ),
        Figure(
            _("最近一次运行"),
            _("%(n)s 个模型") % {"n": ended["rules"]},
            reverse("supervision:runs"),
            _("%(n)s 个未算出") % {"n": trouble} if trouble else _("全部算出"),
            tone="bad" if trouble else "good",
        ),
    ]
