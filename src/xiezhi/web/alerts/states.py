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
    SNOOZED = "snoozed", _("暂缓")
    DISMISSED = "dismissed", _("已了结")
    MERGED = "merged", _("已并入")

    @property
    def tone(self) -> str:
        return {"open": "warn", "snoozed": "info", "dismissed": "muted", "merged": "muted"}[self.value]


class HitState(models.TextChoices):
    """What the last run said of the hit."""

    NEW = "new", _("新出现")
    STILL = "still", _("仍存在")
    CHANGED = "changed", _("有变化")
    GONE = "gone", _("已消失")


class Outcome(models.TextChoices):
    """What it came to. The share of those borne out is what a model is judged by."""

    TRUE = "true", _("属实")
    PARTLY = "partly", _("部分属实")
    UNTRUE = "untrue", _("不属实")
    DATA_ERROR = "data_error", _("数据错误")
    PERMITTED = "permitted", _("政策允许")
    HANDLED = "handled", _("已处理过")
    UNVERIFIABLE = "unverifiable", _("无法核实")


LINES = {
    "assistance": _("救助"),
    "bidding": _("招标投标"),
    "canteen": _("学校食堂"),
    "insurance": _("农房保险"),
    "medical": _("医保基金"),
    "procurement": _("政府采购"),
    "procurement-ocds": _("采购过程"),
    "subsidy": _("惠民补贴"),
    "village": _("村级工程"),
}


def line_word(line: str) -> Any:
    return LINES.get(line, line)


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
