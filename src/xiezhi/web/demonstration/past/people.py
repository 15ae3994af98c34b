"""Who of the commission does what: found as the platform itself finds who may."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Any

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.models import Unit, User
from xiezhi.web.accounts.models.unit import UnitKind
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer, acting_as, posts_of, system_scope, viewer_of
from xiezhi.web.matters import gateway
from xiezhi.web.matters.actions import moving, signing
from xiezhi.web.matters.models import Matter
from xiezhi.web.matters.policies.hands import refusal
from xiezhi.web.matters.policies.signatures import may_sign
from xiezhi.web.matters.queries.matters import last_makers, waiting_proposal
from xiezhi.web.matters.queries.people import sees_by_place, sees_now, units_able

SCOPE = "demo_past"
"""Looks for who may; what is done is done in the scope of whoever does it."""


class People:
    """Everybody with a post, as they are on the demonstration's first day: nobody changes posts in its past."""

    def __init__(self) -> None:
        with system_scope(SCOPE):
            users = User.objects.filter(is_active=True).order_by("pk")
            held = [(user, posts_of(user, clock.today())) for user in users]
        self.viewers = [viewer_of(user, posts[0]) for user, posts in held if posts]

    def called(self, username: str) -> Viewer:
        """One of them."""
        return next(one for one in self.viewers if one.username == username)

    def move(self, matter_id: int, code: str, luck: Random, **given: Any) -> Viewer | None:
        """Whoever may does it; None where nobody may, or where it stands otherwise by now.

        Whom the platform refuses, because nobody there could sign it, leaves it to another.
        """
        for by in self._hands(matter_id, code, luck):
            try:
                with acting_as(by):
                    moving.move(matter_id, code, given, by=by)
            except UserError:
                continue
            return by
        return None

    def sign(self, matter_id: int, opinion: str, *, agrees: bool) -> bool:
        """Whoever has to sign does, one signature. False where nothing waits for one that somebody could give."""
        with system_scope(SCOPE):
            matter = _seen(matter_id)
            proposal = waiting_proposal(matter)
        by = next((one for one in self._seeing(matter) if proposal is not None and may_sign(proposal, one)), None)
        if by is None or proposal is None:
            return False
        with acting_as(by):
            if agrees:
                signing.sign(matter_id, str(proposal.pk), opinion=opinion, by=by)
            else:
                signing.decline(matter_id, str(proposal.pk), why=opinion, by=by)
        return True

    def office(self, matter_id: int, luck: Random, *, wrong: bool = False) -> int | None:
        """The unit that should have it in hand: the nearest to where it lies. `wrong`: another, whose it is not."""
        with system_scope(SCOPE):
            matter = _seen(matter_id)
            units = units_able(matter, Permission.ALERT_VERIFY.value)
        near = {one.unit_id for one in self.viewers if sees_by_place(one, matter) and one.can(Permission.ALERT_VERIFY)}
        foreign = [unit for unit in units if unit.pk not in near]
        if wrong and foreign:
            return luck.choice(foreign).pk
        return max((unit for unit in units if unit.pk in near), key=_nearness, default=Unit()).pk

    def _hands(self, matter_id: int, code: str, luck: Random) -> list[Viewer]:
        """Those who may, first those who see the least besides."""
        with system_scope(SCOPE):
            matter = _seen(matter_id)
            move = gateway.process_of(matter.process, matter.version).moves[code]
            if matter.state not in move.from_ or waiting_proposal(matter) is not None:
                return []
            makers = last_makers(matter, move.by.other_than)
        may = [one for one in self._seeing(matter) if refusal(matter, move, one, makers) is None]
        luck.shuffle(may)
        return sorted(may, key=_narrowness, reverse=True)

    def _seeing(self, matter: Matter) -> Iterable[Viewer]:
        return (one for one in self.viewers if sees_now(one, matter))


def state_of(matter_id: int) -> str:
    """How a matter stands now."""
    with system_scope(SCOPE):
        return Matter.objects.values_list("state", flat=True).get(pk=matter_id)


def _seen(matter_id: int) -> Matter:
    return Matter.objects.select_related("holder").get(pk=matter_id)


def _narrowness(viewer: Viewer) -> int:
    return max((len(path) for path in viewer.scope.paths or ()), default=0)


def _nearness(unit: Unit) -> tuple[int, bool]:
    return len(unit.region_path), unit.kind == UnitKind.STATIONED
