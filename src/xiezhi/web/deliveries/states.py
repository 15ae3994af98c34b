"""The states of an upload, a delivery and a period of a dataset: each with its word, its icon and the tone of its badge."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class UploadState(models.TextChoices):
    """What has become of a file that was uploaded. A person's is looked at, shown and then sent; a machine's is sent at once."""

    LOOKING = "looking", _("识别中")
    READY = "ready", _("待报送")
    WAITING = "waiting", _("待核对")
    CHECKING = "checking", _("核对中")
    RECEIVED = "received", _("已接收")
    REFUSED = "refused", _("被拒收")
    FAILED = "failed", _("未完成")
    REMOVED = "removed", _("已移除")

    @property
    def tone(self) -> str:
        tones = {"received": "good", "refused": "bad", "failed": "bad", "checking": "info", "looking": "info", "ready": "warn"}
        return tones.get(self.value, "neutral")

    @property
    def ended(self) -> bool:
        """Whether its bytes are gone from the uploads folder."""
        return self in (UploadState.RECEIVED, UploadState.REFUSED, UploadState.REMOVED)

    @property
    def unsent(self) -> bool:
        """Whether its sender has not sent it yet."""
        return self in (UploadState.LOOKING, UploadState.READY)

    def may_become(self, other: UploadState) -> bool:
        return other in MOVES[self]


MOVES: dict[UploadState, frozenset[UploadState]] = {
    UploadState.LOOKING: frozenset({UploadState.READY, UploadState.REMOVED}),
    UploadState.READY: frozenset({UploadState.WAITING, UploadState.REMOVED}),
    UploadState.WAITING: frozenset({UploadState.CHECKING, UploadState.FAILED}),
    UploadState.CHECKING: frozenset({UploadState.CHECKING, UploadState.RECEIVED, UploadState.REFUSED, UploadState.FAILED}),
    UploadState.FAILED: frozenset({UploadState.CHECKING, UploadState.FAILED, UploadState.REMOVED}),
    UploadState.REFUSED: frozenset({UploadState.REMOVED}),
    UploadState.RECEIVED: frozenset(),
    UploadState.REMOVED: frozenset(),
}
"""What may become of a file in each state. CHECKING again: another worker goes on where one was lost."""


def before(state: UploadState) -> tuple[UploadState, ...]:
    """The states from which a file may come into this one."""
    return tuple(one for one in UploadState if one.may_become(state))


class Fate(models.TextChoices):
    """What became of a delivery as a whole."""

    CLEAN = "clean", _("全部接收")
    FAULTY = "faulty", _("有退回行")
    NOTHING_NEW = "nothing_new", _("无新内容")
    EMPTY = "empty", _("没有数据行")
    REFUSED = "refused", _("整件拒收")
    ERASED = "erased", _("已销毁")

    @property
    def tone(self) -> str:
        tones = {"clean": "good", "faulty": "warn", "empty": "warn", "refused": "bad", "erased": "muted"}
        return tones.get(self.value, "neutral")


class PeriodState(models.TextChoices):
    """Whether what was due for a period has come."""

    RECEIVED = "received", _("已交")
    LATE = "late", _("迟交")
    OVERDUE = "overdue", _("逾期")
    REFUSED = "refused", _("拒收")
    DUE = "due", _("待交")
    NOT_DUE = "not_due", _("未到期")

    @property
    def icon(self) -> str:
        return {"received": "check", "late": "clock", "overdue": "warning", "refused": "cross", "due": "bell"}.get(
            self.value, "minus"
        )

    @property
    def tone(self) -> str:
        return {"received": "good", "late": "warn", "overdue": "bad", "refused": "bad", "due": "info"}.get(self.value, "muted")


WORST_FIRST = (
    PeriodState.OVERDUE,
    PeriodState.REFUSED,
    PeriodState.DUE,
    PeriodState.LATE,
    PeriodState.RECEIVED,
    PeriodState.NOT_DUE,
)
