"""The states of an alert and who may move it from one to another. One table; buttons, actions and tests read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.permissions import Permission


class AlertState(models.TextChoices):
    OPEN = "open", _("待处置")
    SNOOZED = "snoozed", _("已暂缓")
    DISMISSED = "dismissed", _("已了结")
    MERGED = "merged", _("已并入")

    @property
    def tone(self) -> str:
        return {"open": "warn", "snoozed": "info", "dismissed": "muted", "merged": "muted"}[self.value]


@dataclass(frozen=True)
class Move:
    """From any of `before` to `after`, by whoever holds `mover`."""

    word: Any
    before: frozenset[AlertState]
    after: AlertState
    mover: Permission


MOVES: dict[str, Move] = {
    "dismiss": Move(_("了结"), frozenset({AlertState.OPEN, AlertState.SNOOZED}), AlertState.DISMISSED, Permission.ALERT_DISMISS),
    "reopen": Move(
        _("重新打开"), frozenset({AlertState.DISMISSED, AlertState.MERGED}), AlertState.OPEN, Permission.ALERT_DISMISS
    ),
    "snooze": Move(_("暂缓"), frozenset({AlertState.OPEN}), AlertState.SNOOZED, Permission.ALERT_SNOOZE),
    "wake": Move(_("结束暂缓"), frozenset({AlertState.SNOOZED}), AlertState.OPEN, Permission.ALERT_SNOOZE),
    "merge": Move(_("并入"), frozenset({AlertState.OPEN, AlertState.SNOOZED}), AlertState.MERGED, Permission.ALERT_MERGE),
}


class Conflict(UserError):
    """The alert is no longer in a state this move begins from: somebody was quicker."""


def moved(now: str, move: str) -> AlertState:
    """The state after the move. Raises Conflict where the move does not begin from `now`."""
    wanted = MOVES[move]
    if now not in wanted.before:
        raise Conflict(
            "XZ-ALT-01",
            zh=f"该预警已是“{AlertState(now).label}”，不能再“{wanted.word}”",
            en=f"this alert is already {now}; it cannot be moved by {move}",
            todo_zh="刷新页面查看最新状态",
            todo_en="reload the page to see where it stands",
        )
    return wanted.after
