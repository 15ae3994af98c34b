"""Who somebody is, by the password of the directory: only whoever has an account here, matched by staff number."""

from __future__ import annotations

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from xiezhi.web.accounts.backends import account_of, with_staff_number
from xiezhi.web.accounts.ldap.conversation import conversation
from xiezhi.web.accounts.ldap.site import LdapSite
from xiezhi.web.accounts.models import User, normal_username

WAY = "ldap"


def prove(request: HttpRequest, site: LdapSite, typed: str, password: str) -> User | None:
    """The account, or None: then the failure is counted like a wrong password, on the account that was meant, and in the trail.

    Raises DirectoryDown; that is counted against nobody. A locked account is not asked about at the directory.
    """
    counted = f"{WAY}:{normal_username(typed)}"  # no account is called so: a name of the directory is not one of ours
    user = None
    if _is_allowed(request, counted):
        with conversation(site) as directory:
            entry = directory.find(typed)
            owner = with_staff_number(entry.staff_number) if entry else None
            counted = owner.username if owner else counted
            if _is_allowed(request, counted) and directory.proves(entry, password):
                user = account_of(entry.staff_number) if entry and entry.in_force else None
    if user is None:
        user_login_failed.send(sender=__name__, credentials={"username": counted, "step": WAY}, request=request)
    return user


def _is_allowed(request: HttpRequest, counted: str) -> bool:
    allowed = bool(AxesProxyHandler.is_allowed(request, {"username": counted}))
    if not allowed:
        request.axes_locked_out = True  # type: ignore[attr-defined]
    return allowed
