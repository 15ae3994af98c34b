"""Alerts, with their subjects masked: a machine is never shown who it is about."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Router
from ninja.params.functions import Path, Query

from xiezhi.kernel.level import Level
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.alerts.models import Alert
from xiezhi.web.api import queries
from xiezhi.web.api.cursors import LIMIT, MOST, cursor_of, values_of
from xiezhi.web.api.moments import Moment
from xiezhi.web.api.schemas import AlertOut, AlertPage

router = Router(tags=["alerts"])


@router.get("", response=AlertPage, summary="预警 / alerts, in the order in which they changed", operation_id="alerts")
def alerts(
    request: Request,
    level: Level | None = None,
    rule: str = Query("", max_length=40, pattern=r"^[A-Za-z0-9_-]*$"),
    unit: str = Query("", max_length=32, pattern=r"^[A-Za-z0-9_-]*$"),
    raised_since: Moment | None = None,
    cursor: str = Query("", max_length=200),
    limit: int = Query(LIMIT, ge=1, le=MOST),
) -> dict[str, Any]:
    """Keep `next` and go on from it later: then only what is new or has changed since comes. On the last page it stays the same.
    `unit`: that unit and all below it."""
    require(request.viewer, Permission.ALERT_READ)
    found = queries.alerts(request.viewer, level=level or "", rule=rule, unit=unit, raised_since=raised_since)
    if cursor:
        moved, last = values_of(cursor, (int, int))
        found = queries.changed_after(found, int(moved), int(last))
    rows = list(found[:limit])
    following = cursor_of([queries.microseconds(rows[-1].moved_at), rows[-1].pk]) if rows else cursor
    return {"items": [_row(one) for one in rows], "next": following, "more": len(rows) == limit}


@router.get("/{number}", response=AlertOut, summary="一条预警 / one alert", operation_id="alert")
def alert(request: Request, number: str = Path(..., pattern=r"^[A-Za-z0-9-]{1,16}$")) -> dict[str, Any]:
    require(request.viewer, Permission.ALERT_READ)
    return _row(get_object_or_404(queries.alerts(request.viewer), number=number))


def _row(one: Alert) -> dict[str, Any]:
    plain = (
        "number",
        "rule",
        "version",
        "variant",
        "line",
        "level",
        "state",
        "hit_state",
        "unit_label",
        "subject_kind",
        "subject_masked",
        "period_from",
        "period_to",
        "amount",
        "seal",
        "raised_at",
        "moved_at",
    )
    words: dict[str, Any] = {
        "title": {"zh": one.title_zh, "en": one.title_en},
        "sentence": {"zh": one.sentence_zh, "en": one.sentence_en},
    }
    words["gone"] = {"zh": one.gone_zh, "en": one.gone_en} if one.gone_zh else None
    return {name: getattr(one, name) for name in plain} | words | {"unit": one.unit.code}
