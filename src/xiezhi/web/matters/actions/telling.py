"""Whom a step is told. A message names the process and the number, never whom the matter is about."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from xiezhi.web.accounts.models import Unit
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import Actor
from xiezhi.web.kit.cards import Urgency
from xiezhi.web.matters.gateway import Deadline, Process
from xiezhi.web.matters.models import Matter, Proposal
from xiezhi.web.matters.policies.registry import subject_of
from xiezhi.web.matters.queries.people import able_at, seeing
from xiezhi.web.matters.queries.signatures import signers
from xiezhi.web.notices.actions.telling import tell

LEADS = frozenset({Permission.REVEAL_APPROVE, Permission.ALERT_READ})
"""What whoever leads a region holds: they are told what is late below them."""


def tell_seats(matter: Matter, process: Process, code: str, *, by: Viewer) -> None:
    """The people of the seats that a move tells, but whoever made it."""
    move = process.moves[code]
    told: set[int] = set()
    for seat in move.tells:
        if seat in matter.seats:
            told |= {one.person_id for one in able_at(matter.seats[seat], matter, _permissions(process))}
    title = process.title
    _tell(
        matter,
        told - {by.person_id} if by.user_id is not None else told,
        f"{title.zh} {matter.number}：{move.done.zh}",
        f"{title.en} {matter.number}: {move.done.en}",
        by=by,
        key=f"matter:{matter.pk}:{matter.steps_count}",
    )


def tell_signers(matter: Matter, process: Process, proposal: Proposal, *, by: Viewer) -> None:
    """Whoever may give the next signature."""
    asked = proposal.signatures[proposal.signed]
    move, besides = process.moves[proposal.move], {proposal.proposed_by, by.user_id}
    _tell(
        matter,
        {one.person_id for one in signers(matter, proposal)} - besides,
        f"{process.title.zh} {matter.number}：“{move.title.zh}”待{asked['title_zh']}",
        f"{process.title.en} {matter.number}: {move.title.en} waits for approval",
        by=by,
        key=f"matter:{matter.pk}:sign:{proposal.pk}:{proposal.signed}",
    )


def tell_proposer(matter: Matter, process: Process, proposal: Proposal, zh: str, en: str, *, by: Viewer) -> None:
    """Whoever proposed, of what became of it, if they still see the matter."""
    move = process.moves[proposal.move]
    if proposal.proposed_by not in {one.person_id for one in seeing(Q(pk=proposal.proposer_post), (), matter)}:
        return
    _tell(
        matter,
        [proposal.proposed_by],
        f"{process.title.zh} {matter.number}：“{move.title.zh}”{zh}",
        f"{process.title.en} {matter.number}: {move.title.en} {en}",
        by=by,
        key=f"matter:{matter.pk}:proposal:{proposal.pk}",
    )


def tell_holder(matter: Matter, process: Process, deadline: Deadline, *, by: Actor) -> None:
    """The people whose turn it is, that a clock comes to its end. Where it is everybody's turn nobody in particular is told."""
    if matter.holder_id is None:
        return
    permissions = {move.by.permission for move in process.moves_from(matter.state).values()}
    _tell(
        matter,
        {one.person_id for one in able_at(matter.holder_id, matter, permissions)},
        f"{process.title.zh} {matter.number}：{deadline.title.zh}将到期",
        f"{process.title.en} {matter.number}: {deadline.title.en} comes to its end",
        by=by,
        key=f"matter:{matter.pk}:{matter.steps_count}",
        urgency=Urgency.LAPSING,
    )


def tell_above(matter: Matter, process: Process, deadline: Deadline, *, by: Actor) -> None:
    """Of a clock that has ended: whoever leads the region above the holder's, or the same where none is above; and the seats."""
    holder = matter.holder
    region = Unit.objects.filter(path=holder.region_path if holder else matter.unit_path).select_related("parent").first()
    above = region.parent if region is not None and region.parent is not None else region
    told = {one.person_id for seat in matter.seats.values() for one in able_at(seat, matter, _permissions(process))}
    if above is not None:
        told |= {one.person_id for one in seeing(Q(unit__region_path=above.path), LEADS, matter)}
    _tell(
        matter,
        told,
        f"{process.title.zh} {matter.number}：{deadline.title.zh}已逾期",
        f"{process.title.en} {matter.number}: {deadline.title.en} is overdue",
        by=by,
        key=f"matter:{matter.pk}:{matter.steps_count}",
        urgency=Urgency.OVERDUE,
    )


def _permissions(process: Process) -> set[str]:
    return {move.by.permission for move in process.moves.values()}


def _tell(matter: Matter, to: Iterable[int], zh: str, en: str, *, by: Actor, key: str, urgency: Urgency = Urgency.OPEN) -> None:
    tell(
        to=to,
        title_zh=zh,
        title_en=en,
        url=subject_of(matter.process).page(matter),
        by=by,
        due=matter.due_at,
        key=key,
        urgency=urgency,
    )
