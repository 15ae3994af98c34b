"""What replays found to differ: listed, open ones first, and settled with a reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.alerts import presenters, queries
from xiezhi.web.alerts.actions import replaying
from xiezhi.web.jobs.actions.starting import start
from xiezhi.web.jobs.queries import last_done
from xiezhi.web.kit.listing import Column, listing_of
from xiezhi.web.kit.reasons import ReasonForm
from xiezhi.web.kit.rendering import go, invalid, page_or_part

PAGE, PART = "alerts/act_page.html", "kit/confirm.html"
COLUMNS = (
    Column("found", _("首次发现"), sort="found_at", frozen=True),
    Column("what", _("不一致之处")),
    Column("rule", _("模型"), sort="rule"),
    Column("seen", _("最近一次"), sort="seen_at"),
    Column("handled", _("处理"), sort="handled_at"),
)


@guarded(Permission.REPLAY_CHECK)
def mismatch_list(request: Request) -> HttpResponse:
    everything = request.GET.get("show") == "all"
    listing = listing_of(queries.mismatches(request.viewer, handled=everything), request.GET, COLUMNS, default="-found")
    numbers = queries.numbers_of(request.viewer, [one.about for one in listing if one.kind == "hit"])
    context = {
        "listing": listing,
        "rows": [presenters.mismatch(one, numbers.get(one.about, "")) for one in listing],
        "everything": everything,
        "replayed": last_done("alerts.replay_all"),
    }
    return page_or_part(request, "alerts/mismatches.html", "alerts/_mismatches.html", context)


@guarded(Permission.REPLAY_CHECK, methods=("POST",))
def replay(request: Request) -> HttpResponse:
    """All of them now, as every night."""
    job = start("alerts.replay_all", by=request.viewer, title=_now("重放全部命中"), key="alerts.replay_all")
    return go(request, reverse("jobs:job", args=[job.pk]))


@guarded(Permission.REPLAY_CHECK, methods=("GET", "POST"))
def handle(request: Request, mismatch_id: UUID) -> HttpResponse:
    one = queries.mismatches(request.viewer, handled=True).filter(pk=mismatch_id).first()
    if one is None:
        raise Http404
    form, back = ReasonForm(request.POST if request.method == "POST" else None), reverse("alerts:mismatches")
    context = {"form": form, "url": request.path, "back": back, "title": _now("处理不一致"), "text": one.said}
    if request.method != "POST":
        return page_or_part(request, PAGE, PART, context)
    if not form.is_valid():
        return invalid(request, PAGE, PART, context)
    replaying.handle(mismatch_id, why=form.cleaned_data["why"], by=request.viewer)
    messages.success(request, _now("已记录处理结果；再次出现时会另行告知"))
    return go(request, back)
