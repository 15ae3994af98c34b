"""What every template knows: the viewer, the navigation, the language, the theme, the version, and whether all is made up."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from xiezhi import __version__
from xiezhi.web.kit import navigation
from xiezhi.web.kit.words import browser_words

THEMES = ("light", "dark", "auto")
THEME_COOKIE = "xiezhi_theme"


class Person(Protocol):
    """What the shell shows of a viewer. The kit lies below accounts and knows no more of it."""

    user_id: int | None
    display_name: str
    unit_name: str

    def can(self, permission: object) -> bool: ...


class Stranger:
    """Stands in where no middleware set a viewer: the log-in page, an error before sign-in."""

    user_id: int | None = None
    display_name = ""
    unit_name = ""

    def can(self, permission: object) -> bool:
        return False


def viewer_of(request: HttpRequest) -> Person:
    viewer: Person = getattr(request, "viewer", None) or Stranger()
    return viewer


def kit(request: HttpRequest) -> dict[str, Any]:
    """The template context processor."""
    viewer = viewer_of(request)
    return {
        "viewer": viewer,
        "navigation": SimpleLazyObject(lambda: navigation.shown_to(viewer, request.path)),
        "kit_urls": SimpleLazyObject(addresses),
        "languages": languages(),
        "theme": theme_of(request),
        "product_version": __version__,
        "demonstration": getattr(settings, "XIEZHI_DEMO", False),
        "browser_words": browser_words,
    }


def addresses() -> dict[str, str]:
    """Where the shell's own buttons lead: `KIT_URLS` of the settings, by url name. One that is not there is not offered."""
    found: dict[str, str] = {}
    for place, url_name in getattr(settings, "KIT_URLS", {}).items():
        with suppress(NoReverseMatch):
            found[place] = reverse(url_name)
    return found


def languages() -> list[dict[str, Any]]:
    """Each language of the interface by its own name."""
    now = get_language() or settings.LANGUAGE_CODE
    infos = [get_language_info(code) for code, _name in settings.LANGUAGES]
    return [{"code": info["code"], "name": info["name_local"], "here": info["code"] == now} for info in infos]


def theme_of(request: HttpRequest) -> str:
    """The person's own choice, else the cookie's, else what the machine says."""
    chosen = getattr(getattr(request, "user", None), "theme", "") or request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"
