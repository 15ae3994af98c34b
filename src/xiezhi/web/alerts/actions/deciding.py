"""Settling an alert, opening it again, putting it off, merging it into another: always with a reason, always one winner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts import events
from xiezhi.web.alerts.models import Alert, History
from xiezhi.web.alerts.policies import LONGEST_SNOOZE, MOST_AT_ONCE
from xiezhi.web.alerts.states import MOVES, AlertState, moved
from xiezhi.web.audit.record import record
from xiezhi.web.supervision.actions import outcomes


def dismiss(numbers: Sequence[str], *, outcome: str, why: str, by: Viewer) -> list[Alert]:
    """Settle with an outcome; the models learn from it."""
    return _move(numbers, "dismiss", why=why, by=by, changes={"outcome": outcome, "reason": why})


def reopen(numbers: Sequence[str], *, why: str, by: Viewer) -> list[Alert]:
    return _move(numbers, "reopen", why=why, by=by, changes={"outcome": "", "reason": "", "merged_into_id": None})


def snooze(numbers: Sequence[str], *, until: date, why: str, by: Viewer) -> list[Alert]:
    """Put off until a day within ninety. It is open again on that day, and before if its level rises."""
    today = clock.today()
    if not today < until <= today + LONGEST_SNOOZE:
        raise UserError(
            "XZ-ALT-02",
            "暂缓须在明天起 90 天以内结束",
            "a snooze ends within ninety days from tomorrow",
            "换一个日期",
            "choose another day",
        )
    return _move(numbers, "snooze", why=why, by=by, changes={"snoozed_until": until, "reason": why})


def wake(numbers: Sequence[str], *, why: str, by: Viewer) -> list[Alert]:
    return _move(numbers, "wake", why=why, by=by, changes={"snoozed_until": None, "reason": ""})


@transaction.atomic
def merge(numbers: Sequence[str], *, into: str, why: str, by: Viewer) -> list[Alert]:
    """Into another on the same subject, which is not merged itself: chains and rings cannot come about."""
    require(by, MOVES["merge"].mover)
    # All in one order, the target too: two merges of each other cannot wait for each other.
    locked = {one.number: one for one in _locked([*numbers, into], by)}
    target = locked.get(into)
    if target is None:
        raise Alert.DoesNotExist
    others = [locked[number] for number in dict.fromkeys(numbers) if number in locked]
    if target in others or target.state == AlertState.MERGED or any(one.subject_key != target.subject_key for one in others):
        raise UserError(
            "XZ-ALT-03",
            "只能并入同一主体、且本身没有并入别处的另一条预警",
            "only into another alert on the same subject that is not merged itself",
            "核对编号",
            "check the number",
        )
    if any(one.merged.exists() for one in others):
        raise UserError(
            "XZ-ALT-04",
            "已有其他预警并入它，不能再并入别处",
            "others are merged into it, so it cannot be merged itself",
            "把那些预警并入同一条",
            "merge those into the same one",
        )
    return _move(numbers, "merge", why=why, by=by, changes={"merged_into_id": target.pk, "reason": why}, said={"into": into})


@transaction.atomic
def _move(
    numbers: Sequence[str], move: str, *, why: str, by: Viewer, changes: Mapping[str, Any], said: Mapping[str, Any] | None = None
) -> list[Alert]:
    """All of them, or none where one cannot be moved. Rows are locked in one order, so no two movers wait for each other."""
    require(by, MOVES[move].mover)
    wanted = list(dict.fromkeys(numbers))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise UserError(
            "XZ-ALT-05", f"一次处理 1 至 {MOST_AT_ONCE} 条", f"between 1 and {MOST_AT_ONCE} at once", "减少所选", "choose fewer"
        )
    found = _locked(wanted, by)
    if len(found) != len(wanted):
        raise Alert.DoesNotExist
    for alert in found:
        _move_one(alert, move, why=why, by=by, changes=changes, said=said or {})
    return found


def _move_one(alert: Alert, move: str, *, why: str, by: Viewer, changes: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    now = clock.now()
    before = {"state": alert.state, "outcome": alert.outcome}
    alert.state = moved(alert.standing(clock.local(now).date()), move)
    for name, value in changes.items():
        setattr(alert, name, value)
    alert.handled_by, alert.moved_at = by.user_id, now
    alert.save(update_fields=["state", "handled_by", "moved_at", *(name.removesuffix("_id") for name in changes)])
    after = {"state": alert.state, "outcome": alert.outcome, **said}
    if alert.state == AlertState.SNOOZED and alert.snoozed_until:
        after["until"] = alert.snoozed_until.isoformat()
    History.objects.create(
        alert=alert,
        at=now,
        what=move,
        by_username=by.username,
        by_name=by.display_name,
        by_unit=by.unit_name,
        why=why,
        before=before,
        after=after,
        unit_path=alert.unit_path,
        line=alert.line,
        cadre_level=alert.cadre_level,
        label=alert.label,
        subject_key=alert.subject_key,
        parties=alert.parties,
    )
    record(events.BY_MOVE[move], by=by, on=alert, why=why, before=before, after=after)
    if move in ("dismiss", "reopen"):
        outcomes.note(rule=alert.rule, version=alert.version, fingerprint=alert.fingerprint, outcome=alert.outcome, by=by)


def _locked(numbers: Sequence[str], by: Viewer) -> list[Alert]:
    return list(seen_by(Alert.objects.filter(number__in=numbers), by.scope).order_by("pk").select_for_update(of=("self",)))
