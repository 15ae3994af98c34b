"""Whose signature a proposal waits for."""

from __future__ import annotations

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.matters.models import Proposal


def may_sign(proposal: Proposal, by: Viewer) -> bool:
    """Whether the next signature is this person's to give: by permission and place, and of nobody who proposed or signed it."""
    asked = proposal.signatures[proposal.signed]
    there = by.unit_id == asked["unit"] if asked["unit"] else by.region_path == asked["region"]
    signed = {one.get("by") for one in proposal.signatures[: proposal.signed]}
    return there and by.can(Permission(asked["permission"])) and by.user_id not in {proposal.proposed_by, *signed}
