"""Tokens as the security administrator sees them, and who is behind one."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address, ip_network

from django.db.models import QuerySet

from xiezhi.kernel import clock
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import Duty
from xiezhi.web.accounts.viewer import Viewer, posts_of, viewer_of
from xiezhi.web.api.models import MachineToken


def tokens(viewer: Viewer) -> QuerySet[MachineToken]:
    found = MachineToken.objects.select_related("user")
    return found if viewer.can(Permission.MACHINE_MANAGE) else found.none()


def machines(viewer: Viewer) -> QuerySet[User]:
    """Accounts a token may be issued to."""
    found = User.objects.filter(duty=Duty.MACHINE, is_active=True).order_by("username")
    return found if viewer.can(Permission.MACHINE_MANAGE) else found.none()


def token_of(digest: str) -> MachineToken | None:
    """The token of a digest, whether or not it works."""
    return MachineToken.objects.select_related("user").filter(digest=digest).first()


def machine_of(token: MachineToken, address: str) -> Viewer | None:
    """The viewer a token stands for, as its account is now; None where token, account, post or address do not hold."""
    today = clock.now().date()
    user = token.user
    if not token.works(today) or not user.is_active or user.has_expired(today) or not _comes_from(token, address):
        return None
    posts = posts_of(user, today)
    if user.duty != Duty.MACHINE or not posts:
        return None
    viewer = viewer_of(user, posts[0])
    return replace(viewer, permissions=viewer.permissions & {Permission(scope) for scope in token.scopes})


def _comes_from(token: MachineToken, address: str) -> bool:
    if not token.networks:
        return True
    return bool(address) and any(ip_address(address) in ip_network(one) for one in token.networks)
