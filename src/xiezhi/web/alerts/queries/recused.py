"""What is answered from the lake itself, where no row of the database says whom it is about: held to the viewer's scope here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts.models import Alert
from xiezhi.web.supervision import gateway as supervision
from xiezhi.web.supervision.policies import label_of


def rules_to_ask(viewer: Viewer, alert: Alert) -> list[str]:
    """Codes of the other rules whose hits are about this kind of subject and whose alerts the viewer might see.

    Those of the alert's own line first: the page asks only a few. None about somebody whom the viewer must not see.
    """
    scope, identity = viewer.scope, alert.subject_key.partition(":")[0]
    if not scope.concerns_none((alert.subject_key,)):
        return []
    found = [
        rule
        for rule in supervision.rules().values()
        if rule.code != alert.rule
        and rule.subject[0] == alert.subject_kind
        and (rule.subject[1] or rule.subject[0]) == identity
        and (scope.lines is None or rule.domain in scope.lines)
        and label_of(rule.classes, rule.identities) <= scope.clearance
    ]
    return [rule.code for rule in sorted(found, key=lambda rule: (rule.domain != alert.line, rule.code))]


def may_be_told(viewer: Viewer, candidates: Sequence[Any]) -> bool:
    """Whether a rule's answer says nothing of anybody whom the viewer must not see, nor of an official above their authority.

    The whole answer falls: that one of its candidates is missing would tell of it.
    """
    scope = viewer.scope
    return all(one.managing_level <= scope.cadre and scope.concerns_none(one.parties) for one in candidates)


def rows_may_be_shown(viewer: Viewer, rows: Sequence[Any]) -> bool:
    """Whether nobody is named in the delivered rows whom the viewer must not see."""
    named = {f"{cell.identity}:{row.values.get(cell.column)}" for row in rows for cell in row.shown if cell.identity}
    return viewer.scope.concerns_none(named)
