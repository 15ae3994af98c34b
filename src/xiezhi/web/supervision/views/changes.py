"""Changes of models: listed, shown, proposed and decided."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import guarded, require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.kit import display
from xiezhi.web.kit.listing import Column, listing_of
from xiezhi.web.kit.reasons import ReasonForm
from xiezhi.web.kit.rendering import go, invalid, page_or_part
from xiezhi.web.supervision import queries
from xiezhi.web.supervision.actions import deciding, proposing
from xiezhi.web.supervision.filters import ChangeFilter
from xiezhi.web.supervision.forms import OptionalReasonForm, StatusForm
from xiezhi.web.supervision.models import Change
from xiezhi.web.supervision.presenters import changes as presenter
from xiezhi.web.supervision.presenters import tries
from xiezhi.web.supervision.states import MOVES, NEXT_STATUS, Conflict, RuleStatus, What
from xiezhi.web.supervision.views.rules import rule_or_404

PAGE, PART = "supervision/act.html", "kit/confirm.html"
COLUMNS = (
    Column("rule", _("模型"), sort="rule", frozen=True),
    Column("what", _("变更")),
    Column("state", _("状态"), sort="state"),
    Column("proposed_by", _("提出人"), sort="proposed_by_name"),
    Column("proposed_at", _("提出时间"), sort="proposed_at"),
    Column("decided_by", _("决定人"), sort="decided_by_name", optional=True),
    Column("decided_at", _("决定时间"), sort="decided_at", optional=True),
)
DECIDE: dict[str, Callable[..., Change]] = {
    "approve": deciding.approve,
    "return": deciding.return_to_proposer,
    "withdraw": deciding.withdraw,
}


@guarded(Permission.RULE_READ)
def change_list(request: Request) -> HttpResponse:
    filters = ChangeFilter(request.GET)
    state = filters.chosen("state")
    found = queries.changes().filter(state=state) if state else queries.changes()
    listing = listing_of(found, request.GET, COLUMNS, default="-proposed_at")
    context = {"filters": filters, "listing": listing, "rows": [presenter.row(one) for one in listing]}
    return page_or_part(request, "supervision/changes.html", "supervision/_changes_list.html", context)


@guarded(Permission.RULE_READ)
def change(request: Request, number: UUID) -> HttpResponse:
    one = queries.change(number)
    groups = queries.grouped(request.viewer, one.what_if) if one.what_if else []
    context = {
        **presenter.row(one),
        "fates": tries.fates(groups) if one.what == What.PARAMETERS else [],
        "events": presenter.history(one),
        "buttons": presenter.buttons(one, request.viewer),
        "why_not": presenter.why_not(one, request.viewer),
    }
    return render(request, "supervision/change.html", context)


@guarded(Permission.RULE_READ, methods=("GET", "POST"))
def move(request: Request, number: UUID, move: str) -> HttpResponse:
    """Approve, return or withdraw."""
    if move not in MOVES:
        raise Http404
    one, wanted = queries.change(number), MOVES[move]
    require(request.viewer, wanted.mover)
    data = request.POST if request.method == "POST" else None
    form = ReasonForm(data) if move == "return" else OptionalReasonForm(data)
    back = reverse("supervision:change", args=[number])
    context = {"form": form, "url": request.path, "back": back, "title": _title(one, move), "submit": wanted.word}
    context["danger"] = move == "return"

    def decide() -> HttpResponse:
        DECIDE[move](by=request.viewer, change=number, why=form.cleaned_data["why"])
        messages.success(request, _now("已%(what)s") % {"what": wanted.word})
        return go(request, back)

    return _acted(request, form, context, decide)


@guarded(Permission.RULE_PROPOSE, methods=("GET", "POST"))
def propose_status(request: Request, code: str) -> HttpResponse:
    rule = rule_or_404(code)
    form = StatusForm(request.POST if request.method == "POST" else None, NEXT_STATUS[queries.site().status(rule)])
    context = {
        "form": form,
        "url": request.path,
        "back": reverse("supervision:rule", args=[code]),
        "title": _now("提出状态变更：%(code)s") % {"code": code},
        "text": _now("由另一位有批准权限的人批准后，自下一次运行起生效。"),
        "submit": _now("提出"),
    }

    def propose() -> HttpResponse:
        given = form.cleaned_data
        made = proposing.propose_status(by=request.viewer, code=code, status=RuleStatus(given["status"]), reason=given["why"])
        messages.success(request, _now("已提出，等待批准"))
        return go(request, reverse("supervision:change", args=[made.pk]))

    return _acted(request, form, context, propose)


def _acted(request: Request, form: Any, context: dict[str, Any], act: Callable[[], HttpResponse]) -> HttpResponse:
    """The form, or what came of it. Where somebody was quicker: 409, said aloud."""
    if request.method != "POST":
        return page_or_part(request, PAGE, PART, context)
    if not form.is_valid():
        return invalid(request, PAGE, PART, context)
    try:
        return act()
    except UserError as refusal:
        form.add_error(None, display.refusal(refusal))
        response = invalid(request, PAGE, PART, context)
        if isinstance(refusal, Conflict):
            response.status_code = HTTPStatus.CONFLICT
            response["X-Say"] = quote(display.refusal(refusal))
        return response


def _title(one: Change, move: str) -> str:
    return _now("%(what)s变更：%(code)s") % {"what": MOVES[move].word, "code": one.rule}
