"""One alert: the sentence, what it rests on, what else is known, and what happened to it."""

from __future__ import annotations

import logging
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel.errors import UserError, XiezhiError
from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.alerts import gateway, presenters, queries
from xiezhi.web.alerts.actions import looking
from xiezhi.web.alerts.forms import PurposeForm
from xiezhi.web.alerts.models import Alert
from xiezhi.web.alerts.policies import takes_in
from xiezhi.web.jobs.actions.starting import start
from xiezhi.web.kit.display import refusal
from xiezhi.web.kit.rendering import go, invalid, page_or_part
from xiezhi.web.language import localise
from xiezhi.web.matters.presenters import matter as shown
from xiezhi.web.matters.queries.matters import clocks_of, steps_of, waiting_proposal
from xiezhi.web.reveals.policies import PURPOSE_ENOUGH
from xiezhi.web.supervision.queries import region_names
from xiezhi.web.supervision.states import Conclusion

MOST_WHY = 8

log = logging.getLogger(__name__)


@guarded(Permission.ALERT_READ)
def alert(request: Request, number: str) -> HttpResponse:
    one = found(request, number)
    looking.looked_at(one, by=request.viewer)
    return page_or_part(request, "alerts/one.html", "alerts/_drawer.html", _context(request, one))


@guarded(Permission.ALERT_READ)
def printed(request: Request, number: str) -> HttpResponse:
    one = found(request, number)
    looking.looked_at(one, by=request.viewer)
    return render(request, "alerts/print.html", {**_context(request, one), "sheet": presenters.sheet(one, request.viewer)})


@guarded(Permission.EVIDENCE_READ, methods=("GET", "POST"))
def evidence(request: Request, number: str) -> HttpResponse:
    """The delivered rows. Where the data is delicate the purpose is asked for first."""
    one = found(request, number)
    form = PurposeForm(request.POST or None)
    needed = one.label > PURPOSE_ENOUGH
    context: dict[str, Any] = {"one": one, "form": form, "url": reverse("alerts:evidence", args=[number])}
    if needed and request.method != "POST":
        return page_or_part(request, "alerts/evidence.html", "alerts/_purpose.html", {**context, "asking": True})
    if needed and not form.is_valid():
        return invalid(request, "alerts/evidence.html", "alerts/_purpose.html", {**context, "asking": True})
    looking.opened_evidence(one, purpose=form.cleaned_data["purpose"] if needed else _("核查预警"), by=request.viewer)
    context |= _evidence(request, one)
    return page_or_part(request, "alerts/evidence.html", "alerts/_evidence.html", context)


@guarded(Permission.EVIDENCE_READ)
def why(request: Request, number: str) -> HttpResponse:
    """What the other rules on this kind of subject say of it, and why not: those whose alerts the viewer might see."""
    one = found(request, number)
    looking.asked_why(one, by=request.viewer)
    subject = one.subject_key.partition(":")[2]
    answers = []
    for code in queries.rules_to_ask(request.viewer, one)[:MOST_WHY]:
        try:
            rule, answer = gateway.why(f"#{subject}" if subject.isdigit() else subject, code)
        except XiezhiError as error:
            log.warning("%s could not be asked of an alert: %s", code, error.code)
            answers.append({"code": code, "title": "", "failed": refusal(error)})
            continue
        if queries.may_be_told(request.viewer, answer.candidates):
            answers.append({"code": code, "title": localise(rule.title), "answer": answer.answer, "near": _nearest(answer)})
    return page_or_part(request, "alerts/why.html", "alerts/_why.html", {"one": one, "answers": answers})


@guarded(Permission.EVIDENCE_READ, methods=("POST",))
def replay(request: Request, number: str) -> HttpResponse:
    one = found(request, number)
    job = start(
        "alerts.replay",
        by=request.viewer,
        title=_("重放 %(number)s") % {"number": number},
        key=f"alerts.replay:{one.fingerprint}",
        arguments={"number": number},
    )
    return go(request, reverse("jobs:job", args=[job.pk]))


def found(request: Request, number: str) -> Alert:
    """Refused and absent are the same."""
    return get_object_or_404(
        queries.alerts(request.viewer).select_related("unit__parent__parent", "matter__holder__parent__parent"), number=number
    )


def _context(request: Request, one: Alert) -> dict[str, Any]:
    viewer, others = request.viewer, queries.others(request.viewer, one)
    waiting = waiting_proposal(one.matter) if one.matter else None
    return {
        **presenters.row(one),
        "leading": presenters.leading(one),
        "facts": presenters.facts(one),
        "parties": presenters.parties(one, viewer),
        "moves": presenters.moves(one, viewer, waiting, alone=not any(takes_in(other, one) for other in others)),
        "events": presenters.timeline(one, queries.history(viewer, one), steps_of(one.matter) if one.matter else [], viewer),
        "clocks": shown.clocks(clocks_of(one.matter)) if one.matter else [],
        "reads": one.matter is not None and shown.reads_what_is_said(one.matter, viewer),
        "holder": localise(one.matter.holder.full_title) if one.matter and one.matter.holder else "",
        "proposal": shown.proposal(waiting, one.matter, viewer) if one.matter else None,
        "others": presenters.rows(others),
        "seals": presenters.seals(queries.seals_of(viewer, one), one.seal),
        "merged_into": queries.alerts(viewer).filter(pk=one.merged_into_id).first() if one.merged_into_id else None,
        "relation": presenters.relation(one),
        "outcome": Conclusion(one.outcome).label if one.outcome else "",
        "may_evidence": viewer.can(Permission.EVIDENCE_READ),
        "delicate": one.label > PURPOSE_ENOUGH,
        "full_url": reverse("alerts:one", args=[one.number]),
    }


def _evidence(request: Request, one: Alert) -> dict[str, Any]:
    try:
        told = gateway.evidence(one.fingerprint, one.rule)
    except UserError as error:
        raise Http404 from error
    if not queries.rows_may_be_shown(request.viewer, told.rows):
        # An alert that was not renewed since parties are kept knows of its subject and counterpart alone.
        raise Http404
    conditions = presenters.conditions(told.conditions)
    named = [*(row.delivery for row in told.rows), *(cause.delivery for cause in told.gone)]
    deliveries = presenters.visible_deliveries(named, request.viewer)
    return {
        "conditions": conditions,
        "smallest": presenters.smallest_undo(told.smallest),
        "comparison": presenters.figures(told.comparison),
        "figures": presenters.figures(told.figures),
        "tables": presenters.evidence_rows(told.rows, region_names(), deliveries, request.viewer),
        "gone": [
            {"words": localise(cause.words), "url": presenters.row_url(deliveries, cause.delivery, cause.row)}
            for cause in told.gone
        ],
        "gone_in": told.gone_in,
        "relation": queries.relations(one, told.rows),
        "norms": presenters.norms(told.norms, told.rule.code, request.viewer),
        "verify": presenters.listed(told.rule.verify),
        "innocent": presenters.listed(told.rule.false_positives),
        "why_suspicious": localise(told.rule.why_suspicious),
        "seal": told.hit.seal,
        "run": told.record.run,
    }


def _nearest(answer: Any) -> str:
    nearest = next((candidate.nearest for candidate in answer.candidates if candidate.nearest is not None), None)
    return presenters.conditions([nearest])[0]["words"] if nearest is not None else ""
