"""What no address can name, and what a page looks at once."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from xiezhi.web.core.gateway import content_looked_at_once


class PlainAddress:
    """A path with a NUL in it names nothing, before anybody looks for it: no database can be asked for that.

    What stands behind the question mark is left to those who read it: a filter never fails.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info:
            raise Http404
        return self.get_response(request)


class ContentLookedAtOnce:
    """The content that a page speaks of is that of its beginning."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with content_looked_at_once():
            return self.get_response(request)
