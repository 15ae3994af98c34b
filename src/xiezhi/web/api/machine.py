"""The machine interface as one object: its operations, its errors, its OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer

from xiezhi import __version__
from xiezhi.web.accounts.guard import NotPermitted
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.api.door import door
from xiezhi.web.api.endpoints import alerts, datasets, deliveries, jobs, rules
from xiezhi.web.api.problems import MEDIA, answer, problem_of
from xiezhi.web.api.schemas import ProblemOut

ABOUT = """\
机器接口：推送交付，读取回执、数据契约、模型和预警。令牌由安全保密管理员签发，放在 Authorization 头中。\
看到的只限于令牌所属单位；对象一律遮盖显示。出错时答复 application/problem+json，中英文都有。

For machines: send deliveries in; read receipts, contracts, rules and alerts. The security administrator issues tokens; \
put yours into the Authorization header. It sees what its unit sees, and subjects masked. \
Errors are application/problem+json in both languages."""

ANSWERS = {
    400: "请求不合规范 / not a proper request",
    401: "没有有效的令牌 / no valid token",
    403: "令牌没有这个权限 / the token lacks the permission",
    404: "没有，或看不到 / not there, or not to be seen",
    413: "太大 / too large",
    422: "参数不合规范 / a parameter is not as it should be",
    429: "太频繁 / too many requests",
    503: "稍后再试 / try again later",
}


class Bearer(HttpBearer):
    """Says in the OpenAPI document that a token is needed. The door has already looked at it."""

    def authenticate(self, request: HttpRequest, token: str) -> Viewer | None:
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        return viewer if viewer.user_id is not None else None


api = NinjaAPI(
    title="xiezhi 獬豸",
    version=__version__,
    description=ABOUT,
    openapi_url=None,
    docs_url=None,
    auth=Bearer(),
    urls_namespace="machine",
)
api.add_router("/datasets", datasets.router)
api.add_router("/deliveries", deliveries.router)
api.add_router("/jobs", jobs.router)
api.add_router("/rules", rules.router)
api.add_router("/alerts", alerts.router)


@api.exception_handler(Exception)
def failed(request: HttpRequest, error: Any) -> HttpResponse:
    """Every error as a problem. What the request had written is undone, and a refusal goes into the trail."""
    request.failed = True  # type: ignore[attr-defined]
    if isinstance(error, NotPermitted):
        request.refused = error.permission  # type: ignore[attr-defined]
    return answer(request, problem_of(error))


for handled in list(api._exception_handlers):
    api.add_exception_handler(handled, failed)


def document() -> dict[str, Any]:
    """OpenAPI 3.1, with the problems that every operation may answer with."""
    schema: OpenAPISchema = api.get_openapi_schema(path_prefix="/api/v1/")
    made: dict[str, Any] = dict(schema)
    made["components"]["schemas"]["ProblemOut"] = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    hints = made["components"]["schemas"]["ProblemOut"].pop("$defs", {})
    made["components"]["schemas"].update(hints)
    for operations in made["paths"].values():
        for operation in operations.values():
            answers = {str(status): told for status, told in operation["responses"].items()}
            operation["responses"] = answers | {
                str(status): {
                    "description": said,
                    "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
                }
                for status, said in ANSWERS.items()
            }
    return made


def routes() -> list[URLPattern]:
    """Each operation's route behind the door."""
    patterns = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
    return [URLPattern(pattern.pattern, door(pattern.callback), pattern.default_args, pattern.name) for pattern in patterns]
