"""What no address can name, what a page looks at once, and how it fails where there are words for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from psycopg.errors import UniqueViolation

from xiezhi.kernel.errors import RefusedDelivery, RetryableError, UserError, XiezhiError
from xiezhi.web.content import content_looked_at_once
from xiezhi.web.kit.display import said

log = logging.getLogger(__name__)


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


class NoBodyToHead:
    """HEAD is answered as GET is, without the body: waitress would send it, and the next answer would be read in its middle."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if request.method != "HEAD":
            return answer
        without = HttpResponse(status=answer.status_code, headers=dict(answer.items()))
        without.cookies = answer.cookies
        if isinstance(answer, HttpResponse):
            without.headers.setdefault("Content-Length", str(len(answer.content)))
        answer.close()
        return without


class ContentLookedAtOnce:
    """The content that a page speaks of is that of its beginning."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with content_looked_at_once():
            return self.get_response(request)


class SaidFailures:
    """Where the core has words for what fails a page (a damaged file, a full disk), the page says them, and what to do.

    What nobody has words for is a bug, and a page of the number under which the log has it. It stands outside of `ActingViewer`,
    which has undone the request by then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, IntegrityError) and isinstance(exception.__cause__, UniqueViolation):
            exception = _quicker(exception)
        if not isinstance(exception, XiezhiError):
            return None
        log.error("a page could not be shown: %s", exception.code, exc_info=exception)
        what, todo = said(exception)
        status = _status(exception)
        return render(request, "kit/said.html", {"what": what, "todo": todo, "status": int(status)}, status=status)


def _quicker(error: IntegrityError) -> XiezhiError:
    """Two wrote the same at the same moment, each having seen that it was not there: the second hears of the first."""
    log.warning("the same was written twice at once", exc_info=error)
    return UserError(
        "XZ-WEB-01",
        "同样的内容刚刚已经保存",
        "the same has been saved a moment ago",
        "返回上一页并刷新，看已保存的内容",
        "go back, load the page again and look at what is there",
    )


def _status(error: XiezhiError) -> HTTPStatus:
    match error:
        case RetryableError():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case UserError() | RefusedDelivery():
            return HTTPStatus.BAD_REQUEST
    return HTTPStatus.INTERNAL_SERVER_ERROR
