"""The demonstration's way in: one click, one role."""

from __future__ import annotations

from http import HTTPStatus
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from xiezhi.kernel import clock
from xiezhi.web.accounts import session
from xiezhi.web.accounts.actions import links
from xiezhi.web.accounts.guard import public
from xiezhi.web.accounts.request import Request
from xiezhi.web.audit.context import address_of

BACKEND = "xiezhi.web.accounts.backends.AccountBackend"


@public()
def enter(request: Request, secret: str) -> HttpResponse:
    """Signs in. Only in the demonstration, only from this machine, and only for a browser that opens it as a page:
    a preview that a chat program fetches would use the link up.
    """
    if not settings.XIEZHI_DEMO or not _from_here(request) or request.headers.get("Sec-Fetch-Dest", "document") != "document":
        raise Http404
    link = links.use(secret)
    if link is None and links.was_one(secret):
        return render(request, "accounts/link_used.html", {"home": settings.XIEZHI_HOME}, status=HTTPStatus.GONE)
    if link is None or link.user is None or not link.user.is_active:
        raise Http404
    if request.user.is_authenticated:
        logout(request)
    request.way_in = "link"
    login(request, link.user, backend=BACKEND)
    session.begin(request.session, clock.now(), address=address_of(request), agent=request.headers.get("User-Agent", ""))
    request.session[session.BY_LINK] = True
    return redirect(str(settings.LOGIN_REDIRECT_URL))


def _from_here(request: Request) -> bool:
    """Straight from this machine: what a proxy passed on could be anybody's."""
    address = str(request.META.get("REMOTE_ADDR") or "")
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
