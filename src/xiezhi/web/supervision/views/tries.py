"""Trying other parameters of a model, and proposing those that were tried."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.jobs.presenters import shown as job_shown
from xiezhi.web.jobs.queries import job_of
from xiezhi.web.kit import display
from xiezhi.web.kit.listing import Column, listing_of
from xiezhi.web.kit.reasons import ReasonForm
from xiezhi.web.kit.rendering import go, invalid, page_or_part
from xiezhi.web.supervision import gateway, queries
from xiezhi.web.supervision.actions import proposing, trying
from xiezhi.web.supervision.forms import TryForm
from xiezhi.web.supervision.presenters import tries as presenter
from xiezhi.web.supervision.presenters.values import bounds, differences
from xiezhi.web.supervision.states import Ending, Fate
from xiezhi.web.supervision.views.rules import rule_or_404

COLUMNS = (
    Column("fate", _("变化"), sort="fate", frozen=True),
    Column("level", _("级别"), sort="level_after"),
    Column("subject", _("主体")),
    Column("unit", _("单位"), sort="unit_path"),
    Column("amount", _("金额（元）"), sort="amount_after", end=True),
    Column("sentence", _("情形")),
)


@guarded(Permission.RULE_PROPOSE, methods=("GET", "POST"))
def try_parameters(request: Request, code: str) -> HttpResponse:
    """The form, and how far a try has come: `?job=`. When it is through, its result is shown."""
    rule, site = rule_or_404(code), queries.site()
    form = TryForm(request.POST if request.method == "POST" else None, rule.parameters, site.values(rule), bounds)
    context = {"one": rule, "form": form, "tries": queries.tries_of(code)}
    if request.method == "POST":
        return _start(request, code, form, context)
    if asked := request.GET.get("job"):
        job = job_of(request.viewer, _number(asked))
        if job.finished and (made := (job.result or {}).get("what_if")):
            return redirect("supervision:tried", number=made)
        told = job_shown(job, own=True)
        context |= {**told, "url": f"{told['url']}?reload=1"}
    return render(request, "supervision/try.html", context)


def _start(request: Request, code: str, form: TryForm, context: dict[str, object]) -> HttpResponse:
    if form.is_valid():
        try:
            job = trying.start_try(by=request.viewer, code=code, values=form.values())
        except UserError as refusal:
            form.add_error(None, display.refusal(refusal))
        else:
            return go(request, f"{reverse('supervision:try', args=[code])}?job={job.pk}")
    return invalid(request, "supervision/try.html", "supervision/try.html", context)


@guarded(Permission.RULE_READ)
def tried(request: Request, number: UUID) -> HttpResponse:
    """What a try came to within the viewer's scope: everybody sees the same try, and their own part of its hits."""
    head = queries.what_if(number)
    rule, groups = gateway.rules().get(head.rule), queries.grouped(request.viewer, head)
    hits = queries.tried_hits(request.viewer, head)
    fate = request.GET.get("fate", "")
    listing = listing_of(hits.filter(fate=fate) if fate in Fate.values else hits, request.GET, COLUMNS, default="fate")
    names = queries.place_names({group["unit_path"] for group in groups})
    context = {
        "head": head,
        "rule": rule,
        "well": head.ending == Ending.DONE,
        "missing": queries.fact_names(head.missing),
        "differences": differences(rule, head.before, head.changed),
        "fates": presenter.fates(groups),
        "totals": presenter.totals(groups),
        "regraded": presenter.regraded(groups),
        "by_unit": presenter.by_unit(groups, names),
        "money": presenter.money_by_unit(groups, names) if rule and rule.states_amount else None,
        "listing": listing,
        "rows": [presenter.row(one, names) for one in listing],
        "fate": fate,
        "changes": list(head.changes.all()),
    }
    return page_or_part(request, "supervision/tried.html", "supervision/_tried_hits.html", context)


@guarded(Permission.RULE_PROPOSE, methods=("GET", "POST"))
def propose(request: Request, number: UUID) -> HttpResponse:
    head = queries.what_if(number)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    context = {
        "form": form,
        "url": request.path,
        "back": reverse("supervision:tried", args=[number]),
        "title": _now("提出参数变更：%(code)s") % {"code": head.rule},
        "text": _now("由另一位有批准权限的人批准后，自下一次运行起生效。"),
        "submit": _now("提出"),
    }
    if request.method != "POST":
        return page_or_part(request, "supervision/act.html", "kit/confirm.html", context)
    if form.is_valid():
        try:
            made = proposing.propose_parameters(by=request.viewer, what_if=head.pk, reason=form.cleaned_data["why"])
        except UserError as refusal:
            form.add_error(None, display.refusal(refusal))
        else:
            messages.success(request, _now("已提出，等待批准"))
            return go(request, reverse("supervision:change", args=[made.pk]))
    return invalid(request, "supervision/act.html", "kit/confirm.html", context)


def _number(text: str) -> UUID:
    """An address that names no job is answered like one that names another's."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
