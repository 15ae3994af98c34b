"""One's own notices."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.guard import signed_in
from xiezhi.web.accounts.request import Request
from xiezhi.web.kit.listing import Column, listing_of
from xiezhi.web.kit.rendering import go, page_or_part
from xiezhi.web.notices import presenters, queries
from xiezhi.web.notices.actions import reading

COLUMNS = (
    Column("title", _("内容"), frozen=True),
    Column("urgency", _("缓急")),
    Column("due", _("时限"), sort="due"),
    Column("made", _("时间"), sort="made_at"),
    Column("actions", _("操作")),
)


@signed_in()
def notice_list(request: Request) -> HttpResponse:
    unread = request.GET.get("show") == "unread"
    listing = listing_of(queries.of(request.viewer, unread=unread), request.GET, COLUMNS, default="-made")
    here = reverse("notices:list")
    context = {
        "listing": listing,
        "rows": [presenters.row(notice) for notice in listing],
        "unread": unread,
        "tabs": [
            {"label": _("全部"), "url": here, "here": not unread},
            {"label": _("未读"), "url": f"{here}?show=unread", "here": unread, "count": queries.unread_count(request.viewer)},
        ],
    }
    return page_or_part(request, "notices/list.html", "notices/_list.html", context)


@signed_in()
def bell(request: Request) -> HttpResponse:
    """The number beside the bell, which the frame loads after the page."""
    number = queries.unread_count(request.viewer)
    return render(request, "notices/_unread.html", {"number": number, "most": queries.MOST})


@signed_in()
def opened(request: Request, notice_id: UUID) -> HttpResponse:
    """Go to what the notice tells of; opening it is reading it."""
    return redirect(reading.mark_read(notice_id, by=request.viewer).url)


@signed_in(methods=("POST",))
def read(request: Request, notice_id: UUID) -> HttpResponse:
    reading.mark_read(notice_id, by=request.viewer)
    return go(request, reverse("notices:list"))


@signed_in(methods=("POST",))
def read_all(request: Request) -> HttpResponse:
    reading.mark_all_read(by=request.viewer)
    return go(request, reverse("notices:list"))
