"""Gives each request its number, and the trail the facts of the request."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from xiezhi.web.audit.context import UNIX, address_of, facts, is_trusted

HEADER = "X-Request-ID"
_NUMBER = re.compile(r"[0-9A-Za-z_-]{8,64}")


class RequestFacts:
    """Everything recorded while the request is answered carries its address and number; the answer names the number too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = _number(request)
        request.request_id = number  # type: ignore[attr-defined]
        with facts(ip=address_of(request), request_id=number):
            response = self.get_response(request)
        response.headers[HEADER] = number
        return response


def _number(request: HttpRequest) -> str:
    """The number a trusted proxy gave, so that its log and ours can be laid side by side; else one of our own."""
    given = request.headers.get(HEADER, "")
    if is_trusted(str(request.META.get("REMOTE_ADDR") or UNIX)) and _NUMBER.fullmatch(given):
        return given
    return uuid4().hex
