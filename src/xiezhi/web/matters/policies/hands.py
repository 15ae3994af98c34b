"""Whose hand makes a move: why somebody may not, in words that say who may."""

from __future__ import annotations

from collections.abc import Collection

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.matters.gateway import Hand, Move
from xiezhi.web.matters.models import Matter


class WrongHand(UserError):
    """The matter is not in this person's hand, or another has to do it."""


def refusal(matter: Matter, move: Move, viewer: Viewer, makers: Collection[int]) -> UserError | None:
    """Why the viewer may not make a move that the state allows; None where they may. `makers`: who made those moves last of which
    another has to make this one."""
    if not viewer.can(Permission(move.by.permission)):
        what = Permission(move.by.permission)
        return WrongHand(
            "XZ-MAT-05",
            zh=f"“{move.title.zh}”须有权限“{what.label}”",
            en=f"to {move.title.en.lower()} takes the permission {what.value}",
            todo_zh="由有此权限的人办理",
            todo_en="let somebody do it who has it",
        )
    if move.by.hand is Hand.HOLDER and matter.holder_id is not None and matter.holder_id != viewer.unit_id:
        return WrongHand(
            "XZ-MAT-06",
            zh=f"事项在{matter.holder.name}手上,由该单位办理" if matter.holder else "",
            en=f"the matter is with {matter.holder.title.en}, whose turn it is" if matter.holder else "",
            todo_zh="由该单位办理",
            todo_en="let that unit do it",
        )
    if viewer.user_id in makers:
        return WrongHand(
            "XZ-MAT-07",
            zh=f"“{move.title.zh}”须由另一人办理:前一步是您办的",
            en=f"somebody else has to do this: the step before was yours ({move.title.en})",
            todo_zh="由另一人办理",
            todo_en="let another person do it",
        )
    return None
