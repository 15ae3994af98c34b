"""Moves of several alerts at once: all of them, or none. Each is a move of its matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_viewer
from xiezhi.web.alerts.models import Alert
from xiezhi.web.alerts.policies import MOST_AT_ONCE
from xiezhi.web.alerts.states import AlertState
from xiezhi.web.matters.actions import moving
from xiezhi.web.matters.queries.matters import in_approval, matters

SNOOZE_OVER = "暂缓到期"


@transaction.atomic
def move(numbers: Sequence[str], code: str, given: Mapping[str, Any], *, by: Viewer) -> list[Alert]:
    """All of them, or none where one cannot be moved. Rows are locked in one order, so no two movers wait for each other.

    Raises Alert.DoesNotExist where `by` does not see one, and whatever the one verb raises.
    """
    wanted = list(dict.fromkeys(numbers))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise UserError(
            "XZ-ALT-05", f"一次处理 1 至 {MOST_AT_ONCE} 条", f"between 1 and {MOST_AT_ONCE} at once", "减少所选", "choose fewer"
        )
    found = _locked(wanted, given, by)
    for alert in found:
        _move(alert, code, given, by)
    return found


def wake_what_is_over(*, check: Callable[[], None] = lambda: None) -> int:
    """End every snooze whose day has come; how many. What waits for signatures is left until they are given or refused.

    Each is a transaction of its own: killed and begun again it goes on.
    """
    by, woken = system_viewer("alerts"), 0
    with acting_as(by):
        over = Alert.objects.filter(state=AlertState.SNOOZED, snoozed_until__lte=clock.today(), matter__isnull=False)
        waiting = list(over.order_by("pk").values_list("number", flat=True))
    for number in waiting:
        check()
        with acting_as(by):
            (alert,) = _locked([number], {}, by)
            if alert.matter_id is None or alert.state != AlertState.SNOOZED or in_approval(alert.matter_id):
                continue
            moving.move(alert.matter_id, "wake", {"why": SNOOZE_OVER}, by=by)
            woken += 1
    return woken


def _move(alert: Alert, code: str, given: Mapping[str, Any], by: Viewer) -> None:
    if alert.matter_id is None:
        raise Alert.DoesNotExist
    if alert.state == AlertState.SNOOZED and alert.standing() == AlertState.OPEN:
        moving.move(alert.matter_id, "wake", {"why": SNOOZE_OVER}, by=system_viewer("alerts"))
    moving.move(alert.matter_id, code, given, by=by)


def _locked(wanted: Sequence[str], given: Mapping[str, Any], by: Viewer) -> list[Alert]:
    """Those that are moved; locked with the one that they are merged into: first all matters, then all alerts, each in one order.

    A signature locks the matter and then its alert; locked the other way round, each could wait for the other.
    """
    also = [str(given["into"])] if "into" in given else []
    asked = seen_by(Alert.objects.filter(number__in=[*wanted, *also]), by.scope)
    list(matters(by).filter(pk__in=asked.values("matter")).order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    rows = asked.order_by("pk").select_for_update(of=("self",))
    found = [alert for alert in rows if alert.number in wanted]
    if len(found) != len(wanted):
        raise Alert.DoesNotExist
    return found
