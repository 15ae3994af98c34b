"""One view, two answers: the whole page to a browser, the part to htmx."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_part(request: HttpRequest) -> bool:
    """True if htmx asks for a fragment. A history restore and a boosted link want the whole page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-History-Restore-Request") != "true"
        and "HX-Boosted" not in headers
    )


def page_or_part(request: HttpRequest, page: str, part: str, context: Mapping[str, Any]) -> HttpResponse:
    """Render `part` for htmx, else `page` (which includes the part)."""
    response = render(request, part if wants_part(request) else page, dict(context))
    patch_vary_headers(response, ["HX-Request"])
    return response


def invalid(request: HttpRequest, page: str, part: str, context: Mapping[str, Any]) -> HttpResponse:
    """A form that was not accepted: the same form with its errors, as 422."""
    response = page_or_part(request, page, part, context)
    response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def go(request: HttpRequest, url: str) -> HttpResponse:
    """After a write: send the browser to `url`, whichever way it asked. htmx would follow a 302 inside the fragment."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": url})
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": url})
