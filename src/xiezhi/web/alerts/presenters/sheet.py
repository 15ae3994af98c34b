"""What stands on the printed sheet of an alert beside the alert itself: head, what to verify, and room for those who decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.accounts.words import LABELS
from xiezhi.web.alerts.models import Alert
from xiezhi.web.language import localise, page_language
from xiezhi.web.supervision.gateway import RuleDescription, rules


def sheet(alert: Alert, viewer: Viewer) -> dict[str, Any]:
    """A rule that is no longer among the content says nothing of what to verify: then those lists are not on the paper."""
    rule = rules().get(alert.rule)
    today = clock.today()
    return {
        "label": LABELS[alert.label],
        "issuer": viewer.unit_name,
        "lists": _lists(rule) if rule else [],
        "opinions": [_("核查情况"), _("承办意见"), _("室（组）负责人意见"), _("领导批示")],
        "day": dateformat.format(today, "Y年n月j日") if page_language() != "en" else today.isoformat(),
    }


def _lists(rule: RuleDescription) -> list[tuple[str, Sequence[str]]]:
    """(heading, points), those with points."""
    found = [
        (_("怎样核实"), [localise(point) for point in rule.verify]),
        (_("常见的误报"), [localise(point) for point in rule.false_positives]),
        (_("依据"), [" ".join(filter(None, (localise(norm.title), localise(norm.article)))) for norm in rule.norms]),
    ]
    return [(heading, points) for heading, points in found if points]
