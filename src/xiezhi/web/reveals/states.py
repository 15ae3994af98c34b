"""The states of a request to reveal, and which may follow which."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel.errors import UserError


class RevealState(models.TextChoices):
    ASKED = "asked", _("待批准")
    APPROVED = "approved", _("可打开")
    REFUSED = "refused", _("不同意")
    OPENED = "opened", _("已打开")

    @property
    def tone(self) -> str:
        return {"asked": "warn", "approved": "info", "refused": "bad", "opened": "muted"}[self.value]


MOVES: dict[RevealState, frozenset[RevealState]] = {
    RevealState.ASKED: frozenset({RevealState.APPROVED, RevealState.REFUSED}),
    RevealState.APPROVED: frozenset({RevealState.OPENED}),
    RevealState.REFUSED: frozenset(),
    RevealState.OPENED: frozenset(),
}


class Conflict(UserError):
    """Somebody was quicker: the request is no longer in the state this act begins from."""


def moved(now: str, to: RevealState) -> RevealState:
    """`to`, where it may follow `now`. Raises Conflict otherwise."""
    if to not in MOVES[RevealState(now)]:
        raise Conflict(
            "XZ-REV-01",
            zh=f"该申请已是“{RevealState(now).label}”，不能再次处理",
            en=f"this request is already {now}; it cannot be handled again",
            todo_zh="刷新页面查看最新状态",
            todo_en="reload the page to see where it stands",
        )
    return to
