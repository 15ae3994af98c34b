"""Running the cases of a model now, on what is installed."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.supervision import events, gateway
from xiezhi.web.supervision.actions.rules import rule_of


def run_cases(*, by: Viewer, code: str) -> list[dict[str, Any]]:
    """Name, whether it passed, hits found and what was wrong, of each case. Raises UserError for an unknown model."""
    require(by, Permission.RULE_READ)
    rule = rule_of(code)
    results = gateway.tested(code)
    with transaction.atomic():
        record(
            events.TESTED,
            by=by,
            on=f"rule:{rule.code}",
            why=f"version {rule.version}",
            failed=sum(not one["passed"] for one in results),
        )
    return results
