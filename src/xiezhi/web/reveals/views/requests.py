"""Asking, deciding and opening: small forms in the modal, or pages of their own."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import guarded, stepped_up
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.kit import display
from xiezhi.web.kit.rendering import go, invalid, page_or_part
from xiezhi.web.reveals import queries
from xiezhi.web.reveals.actions import revealing
from xiezhi.web.reveals.forms import AskForm, DecideForm
from xiezhi.web.reveals.policies import opened as opened_ticket
from xiezhi.web.reveals.states import Conflict

PAGE = "reveals/form_page.html"


@guarded(Permission.REVEAL_REQUEST)
def mine(request: Request) -> HttpResponse:
    context = {"rows": list(queries.own(request.viewer)[:200]), "waiting": list(queries.to_decide(request.viewer)[:50])}
    return render(request, "reveals/mine.html", context)


@guarded(Permission.REVEAL_APPROVE)
def waiting(request: Request) -> HttpResponse:
    """What others asked for and this person may decide: for approvers who never ask themselves, too."""
    return render(request, "reveals/waiting.html", {"waiting": list(queries.to_decide(request.viewer)[:200])})


@guarded(Permission.REVEAL_REQUEST, methods=("GET", "POST"))
def ask(request: Request) -> HttpResponse:
    """The form, and then the request: approved at once or waiting."""
    given = request.POST if request.method == "POST" else request.GET
    ticket = opened_ticket(given.get("ticket", ""), request.viewer)
    if ticket is None:
        raise Http404
    try:
        wanted = revealing.allowed(ticket, request.viewer)  # before anything of the form shows whom it is about
    except UserError as refusal:
        return _refused(request, refusal, {})
    form = AskForm(request.POST or None, initial={"ticket": given["ticket"]})
    context = {"form": form, "wanted": wanted, "url": reverse("reveals:ask")}
    if request.method != "POST":
        return page_or_part(request, PAGE, "reveals/_ask.html", context)
    if form.is_valid():
        try:
            one = revealing.ask(ticket, purpose=form.cleaned_data["purpose"], case=form.cleaned_data["case"], by=request.viewer)
        except UserError as refusal:
            form.add_error(None, display.refusal(refusal))
        else:
            return page_or_part(request, "reveals/one.html", "reveals/_one.html", _context(request, one))
    return invalid(request, PAGE, "reveals/_ask.html", context)


@guarded(Permission.WORKBENCH_OPEN)
def one(request: Request, request_id: UUID) -> HttpResponse:
    """One request: for its asker, and for those who may decide."""
    if not request.viewer.can(Permission.REVEAL_REQUEST) and not request.viewer.can(Permission.REVEAL_APPROVE):
        raise Http404
    found = get_object_or_404(queries.readable(request.viewer), pk=request_id)
    return page_or_part(request, "reveals/one.html", "reveals/_one.html", _context(request, found))


@guarded(Permission.REVEAL_APPROVE, methods=("POST",))
def decide(request: Request, request_id: UUID, answer: str) -> HttpResponse:
    if answer not in ("agree", "refuse"):
        raise Http404
    found = get_object_or_404(queries.requests(request.viewer).filter(pk=request_id))
    form = DecideForm(request.POST)
    if not form.is_valid():
        return invalid(request, "reveals/one.html", "reveals/_one.html", _context(request, found, form))
    try:
        revealing.decide(request_id, agree=answer == "agree", why=form.cleaned_data["why"], by=request.viewer)
    except UserError as refusal:
        return _refusal(request, refusal, request_id)
    messages.success(request, _("意见已记录"))
    return go(request, reverse("reveals:one", args=[request_id]))


@guarded(Permission.REVEAL_REQUEST, methods=("POST",))
@stepped_up
def open_value(request: Request, request_id: UUID) -> HttpResponse:
    """The value, in the answer to this one POST: no address holds it, no cache keeps it, loading again does not bring it back."""
    try:
        found, value = revealing.open_once(request_id, by=request.viewer)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except UserError as refusal:
        return _refusal(request, refusal, request_id)
    response = page_or_part(request, "reveals/opened.html", "reveals/_opened.html", {"one": found, "value": value})
    response["Cache-Control"] = "no-store, private, max-age=0"
    response["Pragma"] = "no-cache"
    return response


def _context(request: Request, found: Any, form: DecideForm | None = None) -> dict[str, Any]:
    viewer = request.viewer
    return {
        "one": found,
        "form": form or DecideForm(),
        "may_open": found.asked_by_id == viewer.user_id and found.openable,
        "may_decide": found.asked_by_id != viewer.user_id and found.state == "asked" and viewer.can(Permission.REVEAL_APPROVE),
    }


def _refusal(request: Request, refusal: UserError, request_id: UUID) -> HttpResponse:
    """What cannot be done now, in words: 409 where somebody was quicker, else 422."""
    found = queries.readable(request.viewer).filter(pk=request_id).first()
    return _refused(request, refusal, _context(request, found) if found else {})


def _refused(request: Request, refusal: UserError, context: dict[str, Any]) -> HttpResponse:
    context = {**context, "refusal": display.refusal(refusal)}
    response = page_or_part(request, "reveals/one.html", "reveals/_one.html", context)
    response.status_code = HTTPStatus.CONFLICT if isinstance(refusal, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
    response["X-Say"] = quote(display.refusal(refusal))
    return response
