"""What went wrong, for machines and for the people who wrote them: RFC 9457, with the words in both languages."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, JsonResponse
from django.http.multipartparser import MultiPartParserError
from ninja.errors import HttpError, ValidationError

from xiezhi.kernel.errors import RefusedDelivery, RetryableError, XiezhiError
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.guard import NotPermitted

log = logging.getLogger("xiezhi.api")

MEDIA = "application/problem+json"


@dataclass(eq=False)
class Problem(Exception):
    """`todo`: what whoever reads it can do. `more` stands in the answer beside the members of the RFC."""

    status: HTTPStatus
    code: str
    what: Words
    todo: Words
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


NOT_FOUND = Problem(
    HTTPStatus.NOT_FOUND,
    "XZ-API-404",
    Words(zh="没有这个对象，或令牌看不到它", en="there is no such thing, or the token may not see it"),
    Words(zh="核对编号与令牌所属单位", en="check the number, and the unit of the token"),
)
NO_TOKEN = Problem(
    HTTPStatus.UNAUTHORIZED,
    "XZ-API-401",
    Words(zh="没有有效的令牌", en="no valid token"),
    Words(
        zh="在 Authorization 头中带上 Bearer 令牌；失效的请安全保密管理员重新签发",
        en="send a bearer token in the Authorization header; if it has lapsed, ask the security administrator for a new one",
    ),
    headers={"WWW-Authenticate": 'Bearer realm="xiezhi"'},
)


def not_permitted(permission: str) -> Problem:
    return Problem(
        HTTPStatus.FORBIDDEN,
        "XZ-API-403",
        Words(zh=f"令牌没有权限 {permission}", en=f"the token lacks the permission {permission}"),
        Words(zh="请安全保密管理员签发含此权限的令牌", en="ask the security administrator for a token with it"),
        more={"permission": permission},
    )


def too_many(seconds: int) -> Problem:
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "XZ-API-429",
        Words(zh="请求太频繁", en="too many requests"),
        Words(zh=f"{seconds} 秒后再试", en=f"try again in {seconds} seconds"),
        headers={"Retry-After": str(seconds)},
    )


def problem_of(error: Exception) -> Problem:
    """Any exception as a problem. One that is a bug of ours gets a number, under which the log has all of it."""
    match error:
        case Problem():
            return error
        case NotPermitted():
            return not_permitted(str(error.permission))
        case Http404():
            return NOT_FOUND
        case ValidationError():
            return _invalid(error)
        case XiezhiError():
            return _told(error)
        case SuspiciousOperation() | MultiPartParserError():
            return Problem(HTTPStatus.BAD_REQUEST, "XZ-API-400", Words(zh="请求不合规范", en=str(error)), _READ)
        case HttpError():
            return Problem(HTTPStatus(error.status_code), "XZ-API-400", Words(zh="请求不合规范", en=str(error)), _READ)
    return _unexpected(error)


def answer(request: HttpRequest, problem: Problem) -> JsonResponse:
    body = {
        "type": f"/api/v1/#{problem.code}",
        "title": problem.status.phrase,
        "status": int(problem.status),
        "detail": problem.what.en,
        "instance": request.path,
        "code": problem.code,
        "zh": {"detail": problem.what.zh, "todo": problem.todo.zh},
        "en": {"detail": problem.what.en, "todo": problem.todo.en},
        **problem.more,
    }
    return JsonResponse(body, status=problem.status, content_type=MEDIA, headers=dict(problem.headers))


_READ = Words(zh="对照接口说明 /api/v1/", en="compare with the reference at /api/v1/")


def _invalid(error: ValidationError) -> Problem:
    """Where each fault lies and what kind it is; the value itself is not repeated, it may be anything."""
    errors = [{"at": ".".join(str(part) for part in one["loc"]), "kind": one["type"], "said": one["msg"]} for one in error.errors]
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "XZ-API-422",
        Words(zh="参数不合规范", en="a parameter is not as it should be"),
        _READ,
        more={"errors": errors},
    )


def _told(error: XiezhiError) -> Problem:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(error, RefusedDelivery) else HTTPStatus.BAD_REQUEST
    headers = {}
    if isinstance(error, RetryableError):
        status, headers = HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "30"}
    return Problem(status, error.code, Words(zh=error.zh, en=error.en), Words(zh=error.todo_zh, en=error.todo_en), headers)


def _unexpected(error: Exception) -> Problem:
    reference = secrets.token_hex(4).upper()
    log.error("the machine interface failed", exc_info=error, extra={"reference": reference})
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "XZ-API-500",
        Words(zh=f"平台意外出错，编号 {reference}", en=f"the platform failed unexpectedly, number {reference}"),
        Words(zh="把编号告诉系统管理员", en="tell the number to the system administrator"),
        more={"reference": reference},
    )
