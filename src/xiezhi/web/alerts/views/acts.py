"""Acts on one alert or on several: a reason first, then done; where somebody was quicker, that is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import guarded, require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.alerts import presenters, queries
from xiezhi.web.alerts.actions import deciding
from xiezhi.web.alerts.forms import DismissForm, MergeForm, MergeNumberForm, SnoozeForm
from xiezhi.web.alerts.models import Alert
from xiezhi.web.alerts.policies import MOST_AT_ONCE
from xiezhi.web.alerts.states import MOVES, Conflict
from xiezhi.web.alerts.views.one import found
from xiezhi.web.kit import display
from xiezhi.web.kit.reasons import ReasonForm
from xiezhi.web.kit.rendering import go, invalid, page_or_part

PAGE, PART = "alerts/act_page.html", "kit/confirm.html"

DONE_BY: dict[str, Callable[..., list[Alert]]] = {
    "dismiss": deciding.dismiss,
    "reopen": deciding.reopen,
    "snooze": deciding.snooze,
    "wake": deciding.wake,
    "merge": deciding.merge,
}
"""The action of each move."""


@guarded(Permission.ALERT_READ, methods=("GET", "POST"))
def move(request: Request, number: str, move: str) -> HttpResponse:
    """One alert."""
    if move not in MOVES:
        raise Http404
    one = found(request, number)
    require(request.viewer, MOVES[move].mover)
    return _act(
        request,
        move,
        [number],
        _form(request, move, one),
        back=reverse("alerts:one", args=[number]),
        title=f"{MOVES[move].word} {number}",
        text=presenters.told_in_full(one),
    )


@guarded(Permission.ALERT_READ, methods=("GET", "POST"))
def together(request: Request, move: str) -> HttpResponse:
    """Those picked in the list, up to two hundred: all of them, or none."""
    if move not in ("dismiss", "snooze", "merge"):
        raise Http404
    require(request.viewer, MOVES[move].mover)
    given = request.POST if request.method == "POST" else request.GET
    picked = [value for value in dict.fromkeys(given.getlist("picked")) if value and "\0" not in value]
    alerts = list(queries.alerts(request.viewer).filter(number__in=picked[: MOST_AT_ONCE + 1]))
    seen = [one.number for one in alerts]
    said = {
        "title": _("%(what)s所选 %(n)s 条") % {"what": MOVES[move].word, "n": len(seen)},
        "text": presenters.told_together(alerts),
        "picked": seen,
    }
    return _act(request, move, seen, _form(request, move, None), back=reverse("alerts:list"), **said)


def _form(request: Request, move: str, one: Alert | None) -> forms.Form:
    data = request.POST if request.method == "POST" else None
    if move == "dismiss":
        return DismissForm(data)
    if move == "snooze":
        return SnoozeForm(data)
    if move == "merge":
        if one is None:
            return MergeNumberForm(data)
        return MergeForm(data, targets=queries.merge_targets(request.viewer, one), named=presenters.numbered)
    return ReasonForm(data)


def _act(request: Request, move: str, numbers: Sequence[str], form: forms.Form, *, back: str, **said: Any) -> HttpResponse:
    context = {"form": form, "url": request.path, "back": back, "danger": False, "submit": MOVES[move].word, **said}
    if request.method != "POST":
        return page_or_part(request, PAGE, "alerts/_act.html", context)
    if not form.is_valid():
        return invalid(request, PAGE, "alerts/_act.html", context)
    try:
        _done(move, numbers, form.cleaned_data, request)()
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except Conflict as conflict:
        form.add_error(None, display.refusal(conflict))
        response = page_or_part(request, PAGE, "alerts/_act.html", context)
        response.status_code = HTTPStatus.CONFLICT
        response["X-Say"] = quote(display.refusal(conflict))
        return response
    except UserError as refusal:
        form.add_error(None, display.refusal(refusal))
        return invalid(request, PAGE, "alerts/_act.html", context)
    messages.success(request, _("已%(what)s") % {"what": MOVES[move].word})
    return go(request, back)


def _done(move: str, numbers: Sequence[str], given: dict[str, Any], request: Request) -> Callable[[], Any]:
    kept = {name: value for name, value in given.items() if name in ("outcome", "why", "until")}
    if move == "merge":
        into = given["into"]
        kept["into"] = into.number if isinstance(into, Alert) else into
    return partial(DONE_BY[move], numbers, by=request.viewer, **kept)
