"""Issuing and revoking tokens: by the security administrator, who creates no accounts."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from ipaddress import ip_network
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import ROLES, Duty, RoleCode
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.api import events
from xiezhi.web.api.models import MachineToken
from xiezhi.web.audit.record import record

LONGEST = timedelta(days=366)
GRANTABLE = tuple(sorted(ROLES[RoleCode.MACHINE].permissions))
USED = timedelta(minutes=1)
"""How stale `last_used_at` may become: a write on every request would cost more than it tells."""


def digest_of(secret: str) -> str:
    """Plain SHA-256: the secret has 256 bits of its own, there is nothing to guess."""
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue(
    *, user_id: int, name: str, scopes: Sequence[str], expires_on: date, by: Viewer, networks: Sequence[str] = ()
) -> tuple[MachineToken, str]:
    """A new token and its secret, which is nowhere kept. Raises UserError for what cannot be a machine's token."""
    require(by, Permission.MACHINE_MANAGE)
    user = get_object_or_404(User, pk=user_id, duty=Duty.MACHINE, is_active=True)
    _check(scopes, networks, expires_on)
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    whole = f"xz_{prefix}_{secret}"
    token = MachineToken.objects.create(
        user=user,
        name=name,
        prefix=prefix,
        digest=digest_of(whole),
        scopes=sorted(set(scopes)),
        networks=[str(ip_network(one, strict=False)) for one in networks],
        issued_at=clock.now(),
        issued_by=by.username,
        expires_on=expires_on,
    )
    after = {"account": user.username, "scopes": token.scopes, "networks": token.networks, "expires_on": expires_on}
    record(events.ISSUED, by=by, on=token, after=after)
    return token, whole


@transaction.atomic
def revoke(token_id: UUID, *, by: Viewer, why: str) -> MachineToken:
    """From the next request on it no longer works. Revoking twice changes nothing."""
    require(by, Permission.MACHINE_MANAGE)
    token = get_object_or_404(MachineToken.objects.select_for_update(), pk=token_id)
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by = clock.now(), by.username
        token.save(update_fields=["revoked_at", "revoked_by"])
        record(events.REVOKED, by=by, on=token, why=why)
    return token


def used(token: MachineToken) -> None:
    """Note that it was used, not more often than once a minute."""
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at > USED:
        MachineToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _check(scopes: Sequence[str], networks: Sequence[str], expires_on: date) -> None:
    today = clock.today()
    if not scopes or not set(scopes) <= set(GRANTABLE):
        raise _wrong("权限须从机器账号可有的权限中选", "choose among what a machine account may do")
    if not today < expires_on <= today + LONGEST:
        raise _wrong("到期日须在一年之内", "it has to expire within a year")
    try:
        for one in networks:
            ip_network(one, strict=False)
    except ValueError as error:
        raise _wrong(f"不是网络地址：{one}", f"not a network: {one}") from error


def _wrong(zh: str, en: str) -> UserError:
    return UserError("XZ-API-01", zh=zh, en=en, todo_zh="改正后重新提交", todo_en="correct it and submit again")
