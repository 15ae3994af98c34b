"""Signatures to a move that was proposed: given, refused, or no longer asked for."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.scope import entered, system_scope_of
from xiezhi.web.accounts.viewer import Viewer, posts_of, viewer_of
from xiezhi.web.matters import events, gateway
from xiezhi.web.matters.actions.moving import Conflict, carry_out, check, locked, record_step, refuse_hand
from xiezhi.web.matters.actions.stepping import Taken, take_step
from xiezhi.web.matters.actions.telling import tell_proposer, tell_signers
from xiezhi.web.matters.gateway import Process
from xiezhi.web.matters.models import Matter, Proposal
from xiezhi.web.matters.models.proposal import ProposalState
from xiezhi.web.matters.models.step import StepKind
from xiezhi.web.matters.policies.answers import SHORT
from xiezhi.web.matters.policies.hands import WrongHand
from xiezhi.web.matters.policies.signatures import may_sign
from xiezhi.web.matters.queries.matters import waiting_proposal
from xiezhi.web.matters.queries.people import sees_now
from xiezhi.web.matters.queries.signatures import still_needed


@transaction.atomic
def sign(matter_id: int, proposal_id: str, *, opinion: str, by: Viewer) -> Matter:
    """Give the next signature. The last one carries the move out, as its proposer's: what it checked is checked again.

    Raises Conflict where the proposal no longer waits, WrongHand where the signature is not this person's to give.
    """
    matter, proposal, process = _waiting(matter_id, proposal_id, by)
    _refuse_signer(proposal, by)
    move = process.moves[proposal.move]
    proposal.signatures[proposal.signed] |= _given(opinion, by)
    proposal.signed += 1
    if proposal.signed == len(proposal.signatures):
        proposal.signatures += still_needed(matter, move, proposal, _proposer(matter, proposal))
    last = proposal.signed == len(proposal.signatures)
    _settle(proposal, ProposalState.CARRIED if last else ProposalState.WAITING)
    said = {"why": opinion} if opinion else {}
    take_step(matter, process, Taken(StepKind.SIGNED, matter.state, matter.seats, proposal.move, said), by=by)
    record_step(events.SIGNED, matter, process, proposal.move, by=by, said=said)
    if not last:
        tell_signers(matter, process, proposal, by=by)
        return matter
    proposer = _proposer(matter, proposal)
    refuse_hand(matter, move, proposer)
    check(matter, process, move, proposal.data, proposer)
    carry_out(matter, process, proposal.move, proposal.data, by=by, proposer=proposer)
    tell_proposer(matter, process, proposal, "已获同意", "was approved", by=by)
    return matter


@transaction.atomic
def decline(matter_id: int, proposal_id: str, *, why: str, by: Viewer) -> Matter:
    """Refuse the next signature: the matter stays where it is, and the proposer is told why."""
    matter, proposal, process = _waiting(matter_id, proposal_id, by)
    _refuse_signer(proposal, by)
    proposal.signatures[proposal.signed] |= _given(why, by)
    _end(matter, process, proposal, ProposalState.DECLINED, StepKind.DECLINED, why, by)
    record_step(events.DECLINED, matter, process, proposal.move, by=by, said={"why": why})
    tell_proposer(matter, process, proposal, "未获同意", "was declined", by=by)
    return matter


@transaction.atomic
def withdraw(matter_id: int, proposal_id: str, *, why: str, by: Viewer) -> Matter:
    """Take back what one proposed oneself, as long as it waits."""
    matter, proposal, process = _waiting(matter_id, proposal_id, by)
    if proposal.proposed_by != by.person_id:
        raise WrongHand(
            "XZ-MAT-12",
            zh=f"只有送审人{proposal.proposed_name}能撤回",
            en=f"only {proposal.proposed_name}, who proposed it, may withdraw it",
            todo_zh="由送审人撤回",
            todo_en="let its proposer withdraw it",
        )
    _end(matter, process, proposal, ProposalState.WITHDRAWN, StepKind.WITHDRAWN, why, by)
    record_step(events.WITHDRAWN, matter, process, proposal.move, by=by, said={"why": why})
    return matter


def _refuse_signer(proposal: Proposal, by: Viewer) -> None:
    if not may_sign(proposal, by):
        asked = proposal.signatures[proposal.signed]
        raise WrongHand(
            "XZ-MAT-13",
            zh=f"现在须{asked['title_zh']},不由您签;送审人和已签的人不能再签",
            en=f"it waits for another signature ({asked['title_en']}); nobody signs twice, nor their own proposal",
            todo_zh="由应签的人办理",
            todo_en="let whoever has to sign it do so",
        )


def _waiting(matter_id: int, proposal_id: str, by: Viewer) -> tuple[Matter, Proposal, Process]:
    """Matter and proposal, locked. Raises Conflict where it does not wait any more."""
    matter = locked(matter_id, by)
    waiting = waiting_proposal(matter)
    if waiting is None or str(waiting.pk) != str(proposal_id):
        raise Conflict(
            "XZ-MAT-14",
            zh="该送审已经处理,不再等待审批",
            en="what was sent for approval is settled already",
            todo_zh="刷新页面查看最新状态",
            todo_en="reload the page to see where it stands",
        )
    return matter, waiting, gateway.process_of(matter.process, matter.version)


def _end(
    matter: Matter, process: Process, proposal: Proposal, state: ProposalState, kind: StepKind, why: str, by: Viewer
) -> None:
    _settle(proposal, state)
    take_step(matter, process, Taken(kind, matter.state, matter.seats, proposal.move, {"why": _opinion(why)}), by=by)


def _settle(proposal: Proposal, state: ProposalState) -> None:
    proposal.state = state
    proposal.settled_at = None if state is ProposalState.WAITING else clock.now()
    with entered(system_scope_of("matters")):
        proposal.save(update_fields=["state", "settled_at", "signatures", "signed"])


def _given(opinion: str, by: Viewer) -> dict[str, Any]:
    return {
        "by": by.person_id,
        "name": by.display_name,
        "unit_name": by.unit_name,
        "at": clock.now().isoformat(),
        "opinion": _opinion(opinion),
    }


def _opinion(text: str) -> str:
    if len(text) > SHORT:
        raise UserError(
            "XZ-MAT-15", f"意见至多 {SHORT} 字", f"an opinion takes up to {SHORT} characters", "写短一些", "write less"
        )
    return text


def _proposer(matter: Matter, proposal: Proposal) -> Viewer:
    """Whoever proposed, as they are today in the post in which they did.

    Raises UserError where they no longer hold it, or may no longer see the matter.
    """
    user = User.objects.get(pk=proposal.proposed_by)
    today = clock.today()
    post = next((one for one in posts_of(user, today) if one.pk == proposal.proposer_post), None)
    if post is None or not user.is_active or user.has_expired(today) or not sees_now(viewer_of(user, post), matter):
        raise UserError(
            "XZ-MAT-16",
            zh=f"送审人{proposal.proposed_name}现在已不能办理此事项,此送审不能再办",
            en=f"{proposal.proposed_name}, who proposed it, may no longer act on this matter",
            todo_zh="不同意此送审,由接手的人重新送审",
            todo_en="decline it, and let whoever took over propose anew",
        )
    return viewer_of(user, post)
