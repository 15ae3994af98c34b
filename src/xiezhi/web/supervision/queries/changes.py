"""Proposed and decided changes of models."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.supervision.models import Change
from xiezhi.web.supervision.states import OPEN, ChangeState


def changes() -> QuerySet[Change]:
    return Change.objects.all()


def change(number: UUID) -> Change:
    """Raises Http404."""
    return get_object_or_404(Change.objects.select_related("what_if"), pk=number)


def changes_of(code: str, most: int = 50) -> list[Change]:
    return list(Change.objects.filter(rule=code)[:most])


def open_changes() -> dict[str, Change]:
    """Rule → its change that waits for a decision."""
    return {one.rule: one for one in Change.objects.filter(state__in=OPEN)}


def waiting_for(viewer: Viewer, most: int = 20) -> list[Change]:
    """What this person may decide: proposed by somebody else."""
    if not viewer.can(Permission.RULE_APPROVE):
        return []
    waiting = Change.objects.filter(state=ChangeState.PROPOSED).exclude(proposed_by_id=viewer.user_id)
    return list(waiting.order_by("proposed_at")[:most])
