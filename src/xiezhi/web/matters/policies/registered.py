"""All that processes may ask for by name: what lint holds them to."""

from __future__ import annotations

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.audit.kinds import every_kind
from xiezhi.web.matters.gateway import Registered
from xiezhi.web.matters.policies.registry import names


def registered() -> Registered:
    """Permissions, guards, effects and events of the trail, as the apps that are loaded have registered them."""
    guards, effects = names()
    return Registered(
        permissions=frozenset(permission.value for permission in Permission),
        guards=guards,
        effects=effects,
        events=frozenset(kind.code for kind in every_kind()),
    )
