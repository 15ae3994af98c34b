"""The list of deliveries, one delivery, its rows, its receipt on paper, and the file to mend."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.deliveries import gateway, presenters, queries
from xiezhi.web.deliveries.actions import returning, uploading
from xiezhi.web.deliveries.filters import DeliveryFilter
from xiezhi.web.deliveries.models import Delivery
from xiezhi.web.deliveries.policies.access import may_take_rows
from xiezhi.web.kit.listing import Column, listing_of
from xiezhi.web.kit.numbers import whole_number
from xiezhi.web.kit.rendering import page_or_part

COLUMNS = (
    Column("number", _("编号"), sort="number", frozen=True),
    Column("received_at", _("接收时间"), sort="received_at"),
    Column("file", _("文件"), sort="file"),
    Column("dataset", _("数据集"), sort="contract"),
    Column("state", _("结果"), sort="fate"),
    Column("delivered", _("交付行"), sort="delivered", end=True),
    Column("set_aside", _("退回"), sort="set_aside", end=True),
    Column("repaired", _("修复"), sort="repaired", end=True, optional=True),
    Column("duplicate", _("重复"), sort="duplicate", end=True, optional=True),
    Column("department", _("部门"), sort="department", optional=True),
)
MOST_ROWS = 50
MOST_ROW = 2_000_000_000


@guarded(Permission.DELIVERY_READ)
def delivery_list(request: Request) -> HttpResponse:
    filters = DeliveryFilter(request.GET, request.viewer, uploading.department_of(request.viewer))
    listing = listing_of(queries.deliveries(request.viewer, filters.wanted()), request.GET, COLUMNS, default="-number")
    context = {"filters": filters, "listing": listing, "rows": [presenters.row(one) for one in listing]}
    return page_or_part(request, "deliveries/list.html", "deliveries/_list.html", context)


@guarded(Permission.DELIVERY_READ)
def delivery(request: Request, number: int) -> HttpResponse:
    one = _found(request, number)
    receipt = gateway.receipt(number)
    context = {
        **presenters.row(one),
        "receipt": receipt,
        "bar": presenters.share_bar(one),
        "faults": presenters.faults(one.contract, receipt),
        "repairs": presenters.repairs(one.contract, receipt),
        "remarks": presenters.remarks(one.contract, receipt),
        "notes": presenters.notes(receipt),
        "columns": presenters.columns(one.contract, receipt),
        "unread": presenters.unread_headers(receipt),
        "missing": [presenters.column_title(one.contract, name) for name in receipt.missing],
        "broken": presenters.broken_expectations(one.contract, receipt),
        "related": queries.related(request.viewer, one),
        "upload": queries.upload_of(request.viewer, one),
        "may_take": may_take_rows(request.viewer, one) and one.set_aside and gateway.returned(number) is not None,
        **_rows(request, one),
    }
    return render(request, "deliveries/delivery.html", context)


@guarded(Permission.DELIVERY_READ)
def rows(request: Request, number: int) -> HttpResponse:
    """A page of the account row by row: which row, which column, which fault. No value is in it."""
    one = _found(request, number)
    return page_or_part(request, "deliveries/rows.html", "deliveries/_rows.html", {"one": one, **_rows(request, one)})


@guarded(Permission.DELIVERY_READ)
def receipt(request: Request, number: int) -> HttpResponse:
    """The receipt for paper, in the language of the page."""
    one = _found(request, number)
    told = gateway.receipt(number)
    context = {
        **presenters.row(one),
        "faults": presenters.faults(one.contract, told),
        "repairs": presenters.repairs(one.contract, told),
        "remarks": presenters.remarks(one.contract, told),
        "notes": presenters.notes(told),
        "receipt": told,
        "bar": presenters.share_bar(one),
    }
    return render(request, "deliveries/receipt.html", context)


@guarded(Permission.DELIVERY_READ, methods=("POST",))
def returned(request: Request, number: int) -> HttpResponseBase:
    """The rows set aside, in clear. A POST: looking at personal data is an act, and a link could be followed by a machine."""
    one = _found(request, number)
    path = returning.take_returned(one, by=request.viewer)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def _found(request: Request, number: int) -> Delivery:
    return get_object_or_404(queries.delivery(request.viewer), number=number)


def _rows(request: Request, one: Delivery) -> dict[str, object]:
    """The page of rows that the address asks for."""
    asked = {name: request.GET.get(name) or None for name in ("outcome", "column", "word")}
    row = whole_number(request.GET.get("row", ""), MOST_ROW)
    page = whole_number(request.GET.get("rows", ""), 100_000) or 1
    try:
        found = gateway.rows(one.number, offset=(page - 1) * MOST_ROWS, limit=MOST_ROWS, row=row, **asked)
    except UserError as error:
        raise Http404 from error
    pages = max(1, -(-found.total // MOST_ROWS))
    kept = "&".join(f"{name}={value}" for name, value in ({"row": row} | asked).items() if value)
    marks = [{"mark": mark, "title": presenters.column_title(one.contract, mark.column)} for mark in found.rows]
    return {
        "marks": marks,
        "marks_total": found.total,
        "marks_page": page,
        "marks_pages": pages,
        "marks_kept": kept,
        "asked": asked,
        "asked_row": row,
        "previous": page - 1,
        "next": page + 1 if page < pages else 0,
    }
