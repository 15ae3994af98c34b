"""Whose signatures a move needs, and who could give them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.models import Unit
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.matters import gateway
from xiezhi.web.matters.gateway import TIER, Move, Signature, Vacant, Where
from xiezhi.web.matters.models import Matter, Proposal
from xiezhi.web.matters.queries.people import seeing

Asked = dict[str, Any]
"""A signature as a proposal keeps it: title, permission, and the unit or the region of whoever may give it."""
ASKED = ("title_zh", "title_en", "permission", "unit", "region")


def signatures_needed(matter: Matter, wanted: Move, by: Viewer) -> list[Asked]:
    """Those that this move of this matter needs, proposed by `by`, in their order; none where it needs no approval.

    Raises UserError where one is needed that nobody could give: what is proposed never waits for nobody.
    """
    if wanted.chain is None or by.user_id is None:  # what the platform does by itself it proposes to nobody
        return []
    region = Unit.objects.select_related("parent").get(path=by.region_path)
    facts = {**matter.facts, TIER: region.kind}
    chain = gateway.content().chains[wanted.chain]
    needed = [_placed(signature, matter, region, by) for signature in chain.needed(facts)]
    while not _each_by_another([one.givers for one in needed]):
        left_out = next((one for one in needed if one.signature.vacant is Vacant.SKIP), None)
        if left_out is None:
            raise _nobody(next((one for one in needed if not one.givers), needed[-1]).signature)
        needed.remove(left_out)
    return [one.asked for one in needed]


def still_needed(matter: Matter, wanted: Move, proposal: Proposal, proposer: Viewer) -> list[Asked]:
    """Those that the move needs as the matter stands now, and that nobody was asked for when it was proposed: it grew graver.

    Raises UserError where one is needed that nobody could give who has not signed already.
    """
    asked = [{name: one[name] for name in ASKED} for one in proposal.signatures]
    more = [one for one in signatures_needed(matter, wanted, proposer) if one not in asked]
    signed = {proposal.proposed_by, *(one["by"] for one in proposal.signatures if "by" in one)}
    givers = [{viewer.person_id for viewer in able_to_sign(one, matter)} - signed for one in more]
    if not _each_by_another(givers):
        raise UserError(
            "XZ-MAT-20",
            zh="送审以后级别上升,还须另一人审批,但能签的人都已签过",
            en="it has grown graver since it was proposed and takes one more signature; whoever could give it has signed already",
            todo_zh="不同意此送审,由送审人按现在的级别重新送审",
            todo_en="decline it, and let it be proposed anew as it is now",
        )
    return more


def able_to_sign(asked: Mapping[str, Any], matter: Matter) -> list[Viewer]:
    """Those who hold the permission at the place, and see the matter."""
    permission = asked["permission"]
    at = Q(unit=asked["unit"]) if asked["unit"] else Q(unit__region_path=asked["region"])
    return seeing(at, {permission}, matter)


def signers(matter: Matter, proposal: Proposal) -> list[Viewer]:
    """Those who may give the next signature of a proposal."""
    return able_to_sign(proposal.signatures[proposal.signed], matter)


@dataclass(frozen=True)
class _Placed:
    """A signature, where it is asked for, and the ids of the people who could give it there."""

    signature: Signature
    asked: Asked
    givers: Collection[int]


def _placed(signature: Signature, matter: Matter, region: Unit, by: Viewer) -> _Placed:
    """At its place, or where it may go to the region and nobody there could give it, at the region."""
    asked = _asked(signature, signature.where, region, by)
    givers = {one.person_id for one in able_to_sign(asked, matter)} - {by.person_id}
    if givers or signature.vacant is not Vacant.REGION:
        return _Placed(signature, asked, givers)
    asked = _asked(signature, Where.REGION, region, by)
    return _Placed(signature, asked, {one.person_id for one in able_to_sign(asked, matter)} - {by.person_id})


def _asked(signature: Signature, where: Where, region: Unit, by: Viewer) -> Asked:
    at = region.parent if where is Where.ABOVE and region.parent is not None else region
    own = where is Where.OWN
    return {
        "title_zh": signature.title.zh,
        "title_en": signature.title.en,
        "permission": signature.permission,
        "unit": by.unit_id if own else None,
        "region": "" if own else at.path,
    }


def _each_by_another(givers: Sequence[Collection[int]], taken: frozenset[int] = frozenset()) -> bool:
    """Whether each signature can be given by a person who gives no other. Chains are short."""
    if not givers:
        return True
    return any(_each_by_another(givers[1:], taken | {one}) for one in givers[0] if one not in taken)


def _nobody(signature: Signature) -> UserError:
    return UserError(
        "XZ-MAT-17",
        zh=f"此事须{signature.title.zh},但现在没有能签的人(送审人本人和同一审批中的签署人除外)",
        en=f"nobody could give a signature that this takes ({signature.title.en}); nobody signs twice, nor their own proposal",
        todo_zh="先授予相应岗位,或改由其他单位办理",
        todo_en="have the post granted first, or let another unit do it",
    )
