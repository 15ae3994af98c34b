"""Every route says whom it is for, with one of three decorators; a test walks the routes and refuses one that says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.http.response import HttpResponseNotAllowed
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.web.accounts import session
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.kit.rendering import go

View = Callable[..., HttpResponseBase]


class NotPermitted(PermissionDenied):
    """The person may not do this, in the post they act in. The page says whom to ask."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        super().__init__(_("所需权限：%(what)s") % {"what": permission.label})


def require(viewer: Viewer, permission: Permission) -> None:
    """The check every action makes, whoever calls it. Raises NotPermitted."""
    if not viewer.can(permission):
        raise NotPermitted(permission)


def guarded(permission: Permission, *, methods: Iterable[str] = ("GET",)) -> Callable[[View], View]:
    """For those whose post holds `permission`. Others get 403; the signed-out are asked to sign in."""

    def check(request: Request) -> None:
        require(request.viewer, permission)

    return _door(check, methods, permission=permission, audience="post")


def signed_in(*, methods: Iterable[str] = ("GET",)) -> Callable[[View], View]:
    """For whoever is signed in: their own settings, their own posts."""
    return _door(lambda request: None, methods, permission=None, audience="signed in")


def public(*, methods: Iterable[str] = ("GET",)) -> Callable[[View], View]:
    """For all who reach the host."""
    return _door(None, methods, permission=None, audience="public")


def stepped_up(view: View) -> View:
    """For what nobody may do from a screen left open: asks again who it is, unless that was proven minutes ago.

    Stands under the others: `@guarded(…)` above, `@stepped_up` below. What was being sent is not sent by itself afterwards:
    the person comes back to the page and does it again, now proven.
    """

    @wraps(view)
    def door(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if session.recently_proven(request.session, clock.now()):
            return view(request, *args, **kwargs)
        return go(request, f"{reverse('account_reauthenticate')}?{urlencode({'next': _page_of(request)})}")

    door.stepped_up = True  # type: ignore[attr-defined]
    return door


def _page_of(request: Request) -> str:
    """The page that the person is looking at."""
    part = request.headers.get("HX-Request") == "true"
    if request.method in ("GET", "HEAD") and not part:
        return request.get_full_path()
    shown = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "/")
    return f"{shown.path}?{shown.query}" if shown.query else shown.path or "/"


def _door(
    check: Callable[[Request], None] | None, methods: Iterable[str], *, permission: Permission | None, audience: str
) -> Callable[[View], View]:
    allowed = tuple(dict.fromkeys((*methods, *(("HEAD",) if "GET" in methods else ()))))

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if check is not None:
                if request.viewer.user_id is None:
                    return _ask_to_sign_in(request)
                check(request)
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            return view(request, *args, **kwargs)

        door.permission, door.audience, door.methods = permission, audience, allowed  # type: ignore[attr-defined]
        return door

    return decorate


def _ask_to_sign_in(request: Request) -> HttpResponseBase:
    if getattr(request, "htmx", False):
        # A part of a page cannot become the sign-in page; the whole page goes there.
        response = HttpResponse(status=401)
        response["HX-Refresh"] = "true"
        return response
    query = {"next": request.get_full_path()} | ({"ended": request.ended} if request.ended else {})
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode(query)}")
