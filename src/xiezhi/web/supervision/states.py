"""The states of a proposed change, of a rule, and what a hit may come to. Buttons, actions and tests read these tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.permissions import Permission


class ChangeState(models.TextChoices):
    PROPOSED = "proposed", _("待批准")
    APPLIED = "applied", _("已生效")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")

    @property
    def tone(self) -> str:
        return {"proposed": "warn", "applied": "good", "returned": "bad", "withdrawn": "muted"}[self.value]


class What(models.TextChoices):
    """What a change is of."""

    PARAMETERS = "parameters", _("参数")
    STATUS = "status", _("状态")


class Hand(Enum):
    """Who makes a move: the proposer, or anybody but the proposer."""

    PROPOSER = "proposer"
    ANOTHER = "another"


@dataclass(frozen=True)
class Move:
    """From any of `before` to `after`, by `hand`, holding `mover`."""

    word: Any
    before: frozenset[ChangeState]
    after: ChangeState
    hand: Hand
    mover: Permission


OPEN = frozenset({ChangeState.PROPOSED})
"""Of one rule there is one such change at a time."""

MOVES: dict[str, Move] = {
    "approve": Move(_("批准"), OPEN, ChangeState.APPLIED, Hand.ANOTHER, Permission.RULE_APPROVE),
    "return": Move(_("退回修改"), OPEN, ChangeState.RETURNED, Hand.ANOTHER, Permission.RULE_APPROVE),
    "withdraw": Move(_("撤回"), OPEN, ChangeState.WITHDRAWN, Hand.PROPOSER, Permission.RULE_PROPOSE),
}
"""What is approved is in force at once: the next run takes it. A run that is going on keeps what it began with."""


class RuleStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    TRIAL = "trial", _("试运行")
    LIVE = "live", _("启用")
    RETIRED = "retired", _("停用")

    @property
    def tone(self) -> str:
        return {"draft": "neutral", "trial": "info", "live": "good", "retired": "muted"}[self.value]


NEXT_STATUS: dict[RuleStatus, tuple[RuleStatus, ...]] = {
    RuleStatus.DRAFT: (RuleStatus.TRIAL, RuleStatus.RETIRED),
    RuleStatus.TRIAL: (RuleStatus.LIVE, RuleStatus.RETIRED),
    RuleStatus.LIVE: (RuleStatus.TRIAL, RuleStatus.RETIRED),
    RuleStatus.RETIRED: (RuleStatus.TRIAL,),
}
"""Nothing comes into force without a trial, not even what was in force before."""

RUNNING = frozenset({RuleStatus.TRIAL, RuleStatus.LIVE})


class Ending(models.TextChoices):
    """How a rule ended in a run."""

    DONE = "done", _("完成")
    BROKEN = "broken", _("出错")
    NOT_COMPUTABLE = "not_computable", _("无法计算")

    @property
    def tone(self) -> str:
        return {"done": "good", "broken": "bad", "not_computable": "warn"}[self.value]


class HitState(models.TextChoices):
    """What a run says of a hit, against the run before."""

    NEW = "new", _("新出现")
    STILL = "still", _("仍存在")
    CHANGED = "changed", _("有变化")
    GONE = "gone", _("已消失")


class Fate(models.TextChoices):
    """What becomes of a hit under the values that are tried."""

    ENTERS = "enters", _("进入")
    LEAVES = "leaves", _("退出")
    STAYS = "stays", _("不变")


class Conclusion(models.TextChoices):
    """What a hit came to once somebody had looked. The share of those borne out is what a model is judged by."""

    TRUE = "true", _("属实")
    PARTLY = "partly", _("部分属实")
    UNTRUE = "untrue", _("不属实")
    DATA_ERROR = "data_error", _("数据错误")
    PERMITTED = "permitted", _("政策允许")
    HANDLED = "handled", _("已处理过")
    UNVERIFIABLE = "unverifiable", _("无法核实")


BORNE_OUT = frozenset({Conclusion.TRUE, Conclusion.PARTLY})
NOT_BORNE_OUT = frozenset({Conclusion.UNTRUE, Conclusion.DATA_ERROR, Conclusion.PERMITTED})
"""What is in neither says nothing of the rule: it could not be found out, or was found out before."""

EVALUATED = "evaluated"
OUTSIDE = "outside"
"""What a rule does not look at: told beside whom it concerns, and no part of them."""


def concerned(outcomes: Mapping[str, int]) -> int:
    """Rows that a rule concerns, evaluated or not, of outcome → rows."""
    return sum(rows for outcome, rows in outcomes.items() if outcome != OUTSIDE)


class Conflict(UserError):
    """The change is no longer in a state this move begins from: somebody was quicker."""


def moved(now: str, move: str) -> ChangeState:
    """The state after the move. Raises Conflict where the move does not begin from `now`."""
    wanted = MOVES[move]
    if now not in wanted.before:
        raise Conflict(
            "XZ-CHG-01",
            zh=f"该变更已是“{ChangeState(now).label}”，不能再“{wanted.word}”",
            en=f"this change is already {now}; it cannot be moved by {move}",
            todo_zh="刷新页面查看最新状态",
            todo_en="reload the page to see where it stands",
        )
    return wanted.after
