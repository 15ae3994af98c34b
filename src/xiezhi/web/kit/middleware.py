"""What no address can hold."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase

NUL = ("\0", "%00")


class PlainAddress:
    """Refuses an address with a NUL in it, before anybody looks for what it names: no database can be asked for that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if any(nul in request.path_info or nul in request.META.get("QUERY_STRING", "") for nul in NUL):
            raise BadRequest("NUL in the address")
        return self.get_response(request)
