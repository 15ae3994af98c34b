"""One request, one transaction, one scope: who acts is settled here, before any view runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from xiezhi.kernel import clock
from xiezhi.web.accounts import events, session
from xiezhi.web.accounts.factors import has_factor
from xiezhi.web.accounts.guard import NotPermitted
from xiezhi.web.accounts.models import Post
from xiezhi.web.accounts.passwords import due
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.scope import entered
from xiezhi.web.accounts.viewer import ANONYMOUS, Viewer, posts_of, viewer_of
from xiezhi.web.audit.record import record

Handler = Callable[[Request], HttpResponse]


class ActingViewer:
    """Opens the request's transaction, sets `request.viewer` and the scope row-level security reads.

    A view that fails is undone whole. A refusal is undone too, and then written into the trail by itself.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        _prepare(request)
        # By itself: whatever becomes of the request, the session has ended.
        _end_if_over(request)
        with transaction.atomic():
            request.viewer = _viewer(request)
            with entered(request.viewer.scope):
                response = self.get_response(request)
                if hasattr(response, "render") and callable(response.render) and not getattr(response, "is_rendered", True):
                    response = response.render()
                if request.failed or response.status_code >= 500:
                    transaction.set_rollback(True)
        if request.refused is not None:
            _record_refusal(request, request.refused)
        if request.viewer.user_id is not None:
            # What was seen signed in is not to be had from the browser's memory by the next person at the machine.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        request.failed = True
        if isinstance(exception, NotPermitted):
            request.refused = exception.permission


class Speaking:
    """The language of the person, else of the cookie, else the browser's; Chinese where none says."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        viewer: Viewer = request.viewer
        wanted = viewer.language if viewer.user_id else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SecondFactor:
    """Nobody goes further than their own account until the password is theirs and a second factor stands.

    The demonstration's links stand in for both, on loopback and in the demonstration only.
    """

    FREE = ("/account/", "/static/", "/me/language/", "/me/theme/", "/health/", "/help/entry/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        viewer: Viewer = request.viewer
        by_link = settings.XIEZHI_DEMO and request.session.get(session.BY_LINK)
        if viewer.user_id is None or by_link or request.path.startswith(self.FREE):
            return self.get_response(request)
        missing = _missing(request)
        return redirect(missing) if missing else self.get_response(request)


def _prepare(request: Request) -> None:
    request.failed, request.refused, request.ended = False, None, ""
    request.viewer, request.held_posts = ANONYMOUS, []


def _missing(request: Request) -> str | None:
    user: Any = request.user
    if not session.elsewhere(request.session) and due(user, clock.now()):
        return reverse("account_change_password")
    if session.has_two_factors(request.session):
        return None
    return None if has_factor(user) else reverse("mfa_activate_totp")


def _end_if_over(request: Request) -> None:
    user = request.user
    if not user.is_authenticated:
        return
    ending = session.over(request.session, user, clock.now())
    if ending:
        request.ended = ending
        with transaction.atomic():
            record(events.SESSION_ENDED, by=viewer_of(user, None), on=user, reason=ending)
            logout(request)


def _viewer(request: Request) -> Viewer:
    user = request.user
    if not user.is_authenticated:
        return ANONYMOUS
    now = clock.now()
    if request.headers.get("X-Polling") is None:
        session.touch(request.session, now)
    request.held_posts = posts_of(user, clock.local(now).date())
    return viewer_of(user, _chosen(request, request.held_posts))


def _chosen(request: Request, posts: list[Post]) -> Post | None:
    wanted = request.session.get(session.POST)
    return next((post for post in posts if post.pk == wanted), posts[0] if posts else None)


def _record_refusal(request: Request, needed: Permission) -> None:
    with transaction.atomic(), entered(request.viewer.scope):
        record(
            events.REFUSED,
            by=request.viewer,
            on=request.path,
            outcome="refused",
            permission=needed,
            method=request.method,
        )
