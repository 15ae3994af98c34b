"""Acts on one alert or on several: a reason first, then done; where somebody was quicker, that is said."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import guarded, require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts import presenters, queries
from xiezhi.web.alerts.actions import deciding
from xiezhi.web.alerts.forms import MergeForm
from xiezhi.web.alerts.models import Alert
from xiezhi.web.alerts.policies import MOST_AT_ONCE
from xiezhi.web.alerts.states import PROCESS
from xiezhi.web.alerts.views.one import found
from xiezhi.web.kit import display
from xiezhi.web.kit.rendering import go, invalid, page_or_part
from xiezhi.web.language import localise
from xiezhi.web.matters.actions.moving import Conflict
from xiezhi.web.matters.forms import MoveForm
from xiezhi.web.matters.gateway import FieldKind, Move, process_in_force, process_of
from xiezhi.web.matters.models.proposal import ProposalState
from xiezhi.web.matters.queries.people import units_able

PAGE, PART = "alerts/act_page.html", "alerts/_act.html"

TOGETHER = ("dismiss", "snooze", "merge")
"""Moves that are offered for several alerts at once."""


@guarded(Permission.ALERT_READ, methods=("GET", "POST"))
def move(request: Request, number: str, move: str) -> HttpResponse:
    """One alert. Who may, and from which state, the one verb asks; here only the permission, before a form is shown."""
    one = found(request, number)
    if one.matter is None:
        raise Http404
    wanted = process_of(PROCESS, one.matter.version).moves.get(move)
    if wanted is None:
        raise Http404
    require(request.viewer, Permission(wanted.by.permission))
    return _act(
        request,
        move,
        wanted,
        [number],
        _form(request, move, wanted, one),
        back=reverse("alerts:one", args=[number]),
        title=f"{localise(wanted.title)} {number}",
        text=presenters.told_in_full(one),
    )


@guarded(Permission.ALERT_READ, methods=("GET", "POST"))
def together(request: Request, move: str) -> HttpResponse:
    """Those picked in the list, up to two hundred: all of them, or none."""
    if move not in TOGETHER:
        raise Http404
    wanted = process_in_force(PROCESS, clock.today()).moves[move]
    require(request.viewer, Permission(wanted.by.permission))
    given = request.POST if request.method == "POST" else request.GET
    picked = [value for value in dict.fromkeys(given.getlist("picked")) if value and "\0" not in value]
    alerts = list(queries.alerts(request.viewer).filter(number__in=picked[: MOST_AT_ONCE + 1]))
    seen = [one.number for one in alerts]
    said = {
        "title": _("%(what)s所选 %(n)s 条") % {"what": localise(wanted.title), "n": len(seen)},
        "text": presenters.told_together(alerts),
        "picked": seen,
    }
    return _act(request, move, wanted, seen, _form(request, move, wanted, None), back=reverse("alerts:list"), **said)


def _form(request: Request, move: str, wanted: Move, one: Alert | None) -> forms.Form:
    data = request.POST if request.method == "POST" else None
    if move == "merge" and one is not None:
        return MergeForm(data, targets=queries.merge_targets(request.viewer, one), named=presenters.numbered)
    asks_unit = any(field.kind is FieldKind.UNIT for field in wanted.form.values())
    units = units_able(one.matter, Permission.ALERT_VERIFY.value) if asks_unit and one is not None and one.matter else []
    return MoveForm(data, wanted, units=units)


def _act(
    request: Request, move: str, wanted: Move, numbers: Sequence[str], form: forms.Form, *, back: str, **said: Any
) -> HttpResponse:
    context = {"form": form, "url": request.path, "back": back, "danger": wanted.danger, "submit": localise(wanted.title), **said}
    if request.method != "POST":
        return page_or_part(request, PAGE, PART, context)
    if not form.is_valid():
        return invalid(request, PAGE, PART, context)
    try:
        deciding.move(numbers, move, _answers(form), by=request.viewer)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except Conflict as conflict:
        form.add_error(None, display.refusal(conflict))
        response = page_or_part(request, PAGE, PART, context)
        response.status_code = HTTPStatus.CONFLICT
        response["X-Say"] = quote(display.refusal(conflict))
        return response
    except UserError as refusal:
        about = refusal.place.column if refusal.place else None
        form.add_error(about if about in form.fields else None, display.refusal(refusal))
        return invalid(request, PAGE, PART, context)
    messages.success(request, _said(numbers, wanted, request.viewer))
    return go(request, back)


def _answers(form: forms.Form) -> dict[str, Any]:
    if isinstance(form, MoveForm):
        return form.answers()
    return {**form.cleaned_data, "into": form.cleaned_data["into"].number}


def _said(numbers: Sequence[str], wanted: Move, viewer: Viewer) -> str:
    """That it is done; of a move that waits for signatures, that it was sent for them."""
    waiting = queries.alerts(viewer).filter(number__in=numbers, matter__proposals__state=ProposalState.WAITING).exists()
    said = _("“%(what)s”已送审") if waiting else _("已%(what)s")
    return said % {"what": localise(wanted.title)}
