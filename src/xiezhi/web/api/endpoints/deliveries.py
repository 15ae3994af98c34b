"""Deliveries: what came, what became of it, and sending one in."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router, Status
from ninja.files import UploadedFile
from ninja.params.functions import File, Form, Header, Path, Query

from xiezhi.kernel.words import Words
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.api.actions.sending import send
from xiezhi.web.api.cursors import LIMIT, MOST, cursor_of, values_of
from xiezhi.web.api.endpoints.jobs import job_out
from xiezhi.web.api.moments import Moment
from xiezhi.web.api.problems import Problem
from xiezhi.web.api.schemas import DeliveryOut, DeliveryPage, JobOut, ReceiptOut
from xiezhi.web.deliveries import gateway, queries
from xiezhi.web.deliveries.models import Delivery
from xiezhi.web.deliveries.policies.files import MOST_BYTES
from xiezhi.web.deliveries.states import Fate

router = Router(tags=["deliveries"])

FILES = File(...)
NUMBER = Path(..., ge=1, le=2**31 - 1)
TOO_LARGE = Problem(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "XZ-API-413",
    Words(zh=f"一次最多 {MOST_BYTES // 1024**2} MiB", en=f"at most {MOST_BYTES // 1024**2} MiB at once"),
    Words(zh="分几次发送", en="send it in parts"),
)


@router.get("", response=DeliveryPage, summary="交付 / deliveries, newest first", operation_id="deliveries")
def deliveries(
    request: Request,
    dataset: str = Query("", max_length=64, pattern=r"^[a-z0-9_-]*$"),
    fate: Fate | None = None,
    received_since: Moment | None = None,
    cursor: str = Query("", max_length=200),
    limit: int = Query(LIMIT, ge=1, le=MOST),
) -> dict[str, Any]:
    require(request.viewer, Permission.DELIVERY_READ)
    found = queries.deliveries(request.viewer, queries.DeliveryCriteria(dataset=dataset, fate=fate or ""))
    if received_since is not None:
        found = found.filter(received_at__gte=received_since)
    if cursor:
        found = found.filter(number__lt=min(2**31 - 1, int(values_of(cursor, (int,))[0])))
    rows = list(found.order_by("-number")[: limit + 1])
    more = len(rows) > limit
    return {"items": [_row(one) for one in rows[:limit]], "next": cursor_of([rows[limit - 1].number]) if more else None}


@router.get("/{number}", response=DeliveryOut, summary="一份交付 / one delivery", operation_id="delivery")
def delivery(request: Request, number: int = NUMBER) -> dict[str, Any]:
    require(request.viewer, Permission.DELIVERY_READ)
    return _row(get_object_or_404(queries.delivery(request.viewer), number=number))


@router.get("/{number}/receipt", response=ReceiptOut, summary="回执 / the receipt of a delivery", operation_id="receipt")
def receipt(request: Request, number: int = NUMBER) -> dict[str, Any]:
    """Counts and causes; no value of any row is in it."""
    require(request.viewer, Permission.DELIVERY_READ)
    one = get_object_or_404(queries.delivery(request.viewer), number=number)
    told = gateway.receipt(number)
    counts = [("set_aside", part.column, part.reason, part.words, part.count) for part in told.reasons]
    counts += [("repaired", part.column, part.repair, part.words, part.count) for part in told.repairs]
    counts += [("remarked", part.column, part.remark, part.words, part.count) for part in told.remarks]
    reasons = [
        {"outcome": outcome, "column": column, "word": word, "said": said.model_dump(), "rows": rows}
        for outcome, column, word, said, rows in counts
    ]
    return {"delivery": _row(one), "refused": told.refused, "same_as": told.same_as, "missing": told.missing, "reasons": reasons}


@router.post("", response={202: JobOut}, summary="报送 / send files in", operation_id="send")
def sent(
    request: Request,
    response: HttpResponse,
    files: list[UploadedFile] = FILES,
    dataset: str = Form("", max_length=64, pattern=r"^[a-z0-9_-]*$"),
    idempotency_key: str = Header("", alias="Idempotency-Key", max_length=200, pattern=r"^[\x21-\x7e]*$"),
) -> Status[dict[str, Any]]:
    """Files are checked in the background: ask the job at `Location`. The same content under the same Idempotency-Key is taken
    in once, however often it is sent. `dataset`: where the sender knows; else each sheet is recognised by its header."""
    require(request.viewer, Permission.DELIVERY_UPLOAD)
    if sum(one.size or 0 for one in files) > MOST_BYTES:
        raise TOO_LARGE
    job = send(files, by=request.viewer, contract=dataset, key=idempotency_key)
    response["Location"] = reverse("api:job", args=[job.pk])
    return Status(HTTPStatus.ACCEPTED, job_out(job))


def _row(one: Delivery) -> dict[str, Any]:
    plain = (
        "number",
        "file",
        "member",
        "sheet",
        "department",
        "received_at",
        "sha256",
        "size",
        "fate",
        "delivered",
        "accepted",
        "repaired",
        "set_aside",
        "duplicate",
        "period_from",
        "period_to",
    )
    return {name: getattr(one, name) for name in plain} | {"dataset": one.contract, "unit": one.unit.code}
