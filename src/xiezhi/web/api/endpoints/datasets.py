"""What may be delivered, and how it has to look."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from ninja import Router
from ninja.params.functions import Path

from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.api.schemas import DatasetDetail, DatasetPage
from xiezhi.web.catalogue import gateway
from xiezhi.web.catalogue.gateway import DatasetDescription

router = Router(tags=["datasets"])


@router.get("", response=DatasetPage, summary="数据集与数据契约 / datasets and their contracts", operation_id="datasets")
def datasets(request: Request) -> dict[str, Any]:
    require(request.viewer, Permission.CATALOGUE_READ)
    return {"items": [_row(one) for one in gateway.datasets().values()]}


@router.get("/{name}", response=DatasetDetail, summary="一个数据集的字段 / the columns of a dataset", operation_id="dataset")
def dataset(request: Request, name: str = Path(..., pattern=r"^[a-z0-9_-]{1,64}$")) -> dict[str, Any]:
    require(request.viewer, Permission.CATALOGUE_READ)
    found = gateway.datasets().get(name)
    if found is None:
        raise Http404
    fields = [
        {
            "name": one.name,
            "title": one.title.model_dump(),
            "kind": one.kind,
            "required": one.required,
            "identity": one.identity,
            "classification": one.classification,
        }
        for one in found.fields
    ]
    return {**_row(found), "fields": fields}


def _row(one: DatasetDescription) -> dict[str, Any]:
    plain = ("name", "version", "status", "department", "cadence", "grace_days", "load_mode", "format")
    return {name: getattr(one, name) for name in plain} | {"title": one.title.model_dump(), "purpose": one.purpose.model_dump()}
