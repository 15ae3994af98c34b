"""A signature to what was proposed: an opinion first, then done; where somebody was quicker, that is said."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import signed_in
from xiezhi.web.accounts.request import Request
from xiezhi.web.kit import display
from xiezhi.web.kit.reasons import ReasonForm
from xiezhi.web.kit.rendering import go, invalid, page_or_part
from xiezhi.web.language import localise
from xiezhi.web.matters import gateway
from xiezhi.web.matters.actions import signing
from xiezhi.web.matters.actions.moving import Conflict
from xiezhi.web.matters.forms import OpinionForm
from xiezhi.web.matters.models import Matter, Proposal
from xiezhi.web.matters.policies.registry import subject_of
from xiezhi.web.matters.queries.matters import matters

PAGE, PART = "matters/sign_page.html", "kit/confirm.html"

ACTS = ("sign", "decline", "withdraw")


@signed_in(methods=("GET", "POST"))
def act(request: Request, proposal_id: UUID, act: str) -> HttpResponse:
    """Agree, decline or withdraw. Who may is asked of the proposal itself."""
    if act not in ACTS:
        raise Http404
    proposal = get_object_or_404(Proposal, pk=proposal_id)
    matter = get_object_or_404(matters(request.viewer), pk=proposal.matter_id)
    form = _form(act, request.POST if request.method == "POST" else None)
    context = _context(request, matter, proposal, act, form)
    if request.method != "POST":
        return page_or_part(request, PAGE, PART, context)
    if not form.is_valid():
        return invalid(request, PAGE, PART, context)
    try:
        _done(act, matter, proposal, form.cleaned_data["why"], request)()
    except Conflict as conflict:
        form.add_error(None, display.refusal(conflict))
        response = page_or_part(request, PAGE, PART, context)
        response.status_code = HTTPStatus.CONFLICT
        response["X-Say"] = quote(display.refusal(conflict))
        return response
    except UserError as refusal:
        form.add_error(None, display.refusal(refusal))
        return invalid(request, PAGE, PART, context)
    messages.success(request, _("已%(what)s") % {"what": _words()[act]})
    return go(request, subject_of(matter.process).page(matter))


def _form(act: str, data: Any) -> forms.Form:
    return OpinionForm(data) if act == "sign" else ReasonForm(data)


def _words() -> dict[str, str]:
    return {"sign": _("同意"), "decline": _("不同意"), "withdraw": _("撤回")}


def _context(request: Request, matter: Matter, proposal: Proposal, act: str, form: forms.Form) -> dict[str, Any]:
    move = gateway.process_of(matter.process, matter.version).moves[proposal.move]
    return {
        "form": form,
        "url": request.path,
        "back": subject_of(matter.process).page(matter),
        "danger": act == "decline",
        "submit": _words()[act],
        "title": f"{_words()[act]} {localise(move.title)} {matter.number}",
        "text": localise(matter.title),
    }


def _done(act: str, matter: Matter, proposal: Proposal, why: str, request: Request) -> Callable[[], Matter]:
    match act:
        case "sign":
            return lambda: signing.sign(matter.pk, str(proposal.pk), opinion=why, by=request.viewer)
        case "decline":
            return lambda: signing.decline(matter.pk, str(proposal.pk), why=why, by=request.viewer)
        case _:
            return lambda: signing.withdraw(matter.pk, str(proposal.pk), why=why, by=request.viewer)
