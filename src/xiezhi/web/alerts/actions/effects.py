"""What the moves of an alert's process check, and do to the alert besides. Named in `content/processes/alert`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xiezhi.kernel import clock
from xiezhi.kernel.errors import Place, UserError
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.scope import entered, seen_by, system_scope_of
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts.models import Alert
from xiezhi.web.alerts.policies import LONGEST_SNOOZE, takes_in
from xiezhi.web.alerts.states import ENDED
from xiezhi.web.matters.models import Matter, Step
from xiezhi.web.matters.models.step import StepKind
from xiezhi.web.matters.policies.registry import Changes, effect, guard
from xiezhi.web.matters.queries.people import seeing_by_place, sees_by_place
from xiezhi.web.supervision.actions import outcomes

REVIEWED = ("accept", "rectify", "confirm")
"""Moves by which a second person agreed with a verification."""


@guard("check_snooze")
def check_snooze(_matter: Matter, data: Mapping[str, Any], _by: Viewer) -> None:
    """A snooze ends within ninety days. It is open again on that day, and before if its level rises."""
    today = clock.today()
    if not today < date.fromisoformat(data["until"]) <= today + LONGEST_SNOOZE:
        raise UserError(
            "XZ-ALT-02",
            "暂缓须在明天起 90 天以内结束",
            "a snooze ends within ninety days from tomorrow",
            "换一个日期",
            "choose another day",
            place=Place(column="until"),
        )


@guard("check_merge")
def check_merge(matter: Matter, data: Mapping[str, Any], by: Viewer) -> None:
    """Into another on the same subject, which is not merged itself: chains and rings cannot come about."""
    target = seen_by(Alert.objects.filter(number=data["into"]), by.scope).select_for_update(of=("self",)).first()
    if target is None:
        raise Alert.DoesNotExist
    alert = alert_of(matter)
    if target.pk == alert.pk or target.state in ENDED or target.subject_key != alert.subject_key:
        raise UserError(
            "XZ-ALT-03",
            "只能并入同一主体、且尚未办结的另一条预警",
            "only into another alert on the same subject that is not concluded",
            "核对编号",
            "check the number",
        )
    if not takes_in(target, alert):
        raise UserError(
            "XZ-ALT-10",
            "只能并入级别不低于它的预警：并入以后按那一条办理",
            "only into an alert of the same level or a graver one: from then on it goes by that one",
            "反过来并入，或分别办理",
            "merge the other way round, or handle both",
        )
    if alert.merged.exists():
        raise UserError(
            "XZ-ALT-04",
            "已有其他预警并入它，不能再并入别处",
            "others are merged into it, so it cannot be merged itself",
            "把那些预警并入同一条",
            "merge those into the same one",
        )


@guard("check_transfer")
def check_transfer(matter: Matter, data: Mapping[str, Any], by: Viewer) -> None:
    """To another unit whose people see it by where it lies: nobody is let in by whoever was only to verify."""
    if data["office"] == by.unit_id or not seeing_by_place(data["office"], matter, {Permission.ALERT_VERIFY}):
        raise UserError(
            "XZ-ALT-11",
            "只能转交给管辖范围包括此预警的另一个单位",
            "only to another unit within whose reach the alert lies",
            "属别处的，退回分办单位重新分办",
            "if it belongs elsewhere, return it to be dispatched anew",
            place=Place(column="office"),
        )


@guard("check_dismissal")
def check_dismissal(matter: Matter, _data: Mapping[str, Any], _by: Viewer) -> None:
    """What was verified and reviewed is not undone by closing it without: it goes through a verification again."""
    if Step.objects.filter(matter=matter, kind=StepKind.MOVED, move__in=REVIEWED).exists():
        raise UserError(
            "XZ-ALT-12",
            "已经核查、审核过的预警，不能不经核查就了结",
            "what was verified and reviewed is not closed without another verification",
            "分办，重新核查",
            "dispatch it, to be verified anew",
        )


@guard("check_reopening")
def check_reopening(matter: Matter, _data: Mapping[str, Any], by: Viewer) -> None:
    """By whoever sees it by where it lies, not by a unit that once had it in hand."""
    if not sees_by_place(by, matter):
        raise UserError(
            "XZ-ALT-13",
            "此预警不在本单位的管辖范围内，只是曾经承办",
            "the alert lies outside your reach; your unit only had it in hand once",
            "请分办单位重新打开",
            "ask the office that dispatched it",
        )


@effect("snooze_alert")
def snooze_alert(_matter: Matter, data: Mapping[str, Any], _by: Viewer) -> Changes:
    return {"snoozed_until": date.fromisoformat(data["until"]), "reason": data["why"]}


@effect("wake_alert")
def wake_alert(_matter: Matter, _data: Mapping[str, Any], _by: Viewer) -> Changes:
    return {"snoozed_until": None, "reason": ""}


@effect("merge_alert")
def merge_alert(_matter: Matter, data: Mapping[str, Any], _by: Viewer) -> Changes:
    with entered(system_scope_of("alerts")):
        target = Alert.objects.only("pk").get(number=data["into"])
    return {"merged_into_id": target.pk, "reason": data["why"]}


@effect("reopen_alert")
def reopen_alert(matter: Matter, _data: Mapping[str, Any], by: Viewer) -> Changes:
    _note(matter, "", by)
    return {"outcome": "", "reason": "", "merged_into_id": None}


@effect("conclude_alert")
def conclude_alert(matter: Matter, data: Mapping[str, Any], by: Viewer) -> Changes:
    """The models learn from the outcome."""
    _note(matter, data["outcome"], by)
    return {"outcome": data["outcome"], "reason": data["why"]}


@effect("conclude_verified_alert")
def conclude_verified_alert(matter: Matter, data: Mapping[str, Any], by: Viewer) -> Changes:
    """By what the verification found that is accepted."""
    found = Step.objects.filter(matter=matter, move="submit").order_by("-number")[0].data["result"]
    _note(matter, found, by)
    return {"outcome": found, "reason": data["why"]}


def follow(matter: Matter, step: Step, changes: Changes) -> None:
    """The alert in step with its matter: state, units in whose hand it is, who moved it last, and what effects changed."""
    moved = {"handled_by": step.by_user} if step.by_user is not None else {}
    values = {"state": matter.state, "holders": matter.holders, "moved_at": step.at, **moved, **changes}
    Alert.objects.filter(matter=matter).update(**values)


def followed(matter: Matter) -> dict[str, Any]:
    """What the alert says of its matter."""
    alert = alert_of(matter)
    return {"state": alert.state, "holders": alert.holders}


def alert_of(matter: Matter) -> Alert:
    """The alert that a matter is about."""
    with entered(system_scope_of("alerts")):
        return Alert.objects.get(matter=matter)


def _note(matter: Matter, outcome: str, by: Viewer) -> None:
    alert = alert_of(matter)
    outcomes.note(rule=alert.rule, version=alert.version, fingerprint=alert.fingerprint, outcome=outcome, by=by)
