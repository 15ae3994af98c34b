"""The small switches of every page: language, appearance, and which of one's posts one acts in."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from xiezhi.web.accounts import session
from xiezhi.web.accounts.actions import people, signing
from xiezhi.web.accounts.guard import public, signed_in
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.viewer import viewer_of
from xiezhi.web.kit.context import THEME_COOKIE, THEMES
from xiezhi.web.kit.rendering import go

YEAR = 365 * 24 * 3600


@public(methods=("POST",))
def language(request: Request) -> HttpResponse:
    """On this machine by a cookie, and for a signed-in person wherever they sign in."""
    wanted = request.POST.get("language", "")
    response = go(request, _back(request))
    if wanted in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            people.set_language(user=request.user, language=wanted, by=request.viewer)
        _remember(response, settings.LANGUAGE_COOKIE_NAME, wanted)
    return response


@public(methods=("POST",))
def theme(request: Request) -> HttpResponse:
    wanted = request.POST.get("theme", "")
    response = HttpResponse(status=204) if request.headers.get("HX-Request") == "true" else go(request, _back(request))
    if wanted in THEMES:
        if isinstance(request.user, User):
            people.set_theme(user=request.user, theme=wanted, by=request.viewer)
        _remember(response, THEME_COOKIE, wanted)
    return response


@signed_in(methods=("POST",))
def choose_post(request: Request) -> HttpResponse:
    """From here on in another of one's posts. What was open may not be seen from there, so the way leads home."""
    wanted = next((post for post in request.held_posts if str(post.pk) == request.POST.get("post")), None)
    if wanted is None or not isinstance(request.user, User):
        raise Http404
    request.session[session.POST] = wanted.pk
    signing.note_post(viewer_of(request.user, wanted))
    return go(request, str(settings.LOGIN_REDIRECT_URL))


def _back(request: Request) -> str:
    wanted = request.POST.get("next", "")
    return (
        wanted
        if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
        else "/"
    )


def _remember(response: HttpResponse, name: str, value: str) -> None:
    # Scripts read the theme before the first paint, so this cookie is theirs too. It says nothing about anybody.
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
