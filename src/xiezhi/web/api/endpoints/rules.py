"""What the rules are called, so that alerts can be read."""

from __future__ import annotations

from typing import Any

from ninja import Router

from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.api.schemas import RulePage
from xiezhi.web.supervision import gateway

router = Router(tags=["rules"])


@router.get("", response=RulePage, summary="模型 / the rules", operation_id="rules")
def rules(request: Request) -> dict[str, Any]:
    """Code, version, title, business line and level of every rule; parameters and logic are not told to machines."""
    require(request.viewer, Permission.CATALOGUE_READ)
    items = [
        {"code": one.code, "version": one.version, "title": one.title.model_dump(), "line": one.domain, "level": one.level}
        for one in gateway.rules().values()
    ]
    return {"items": items}
