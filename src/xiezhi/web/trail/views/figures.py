"""How much happened on each day, of which kind, and how much was refused."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.utils.translation import gettext as _

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.audit.models import EventOutcome
from xiezhi.web.kit.display import actor
from xiezhi.web.kit.rendering import page_or_part
from xiezhi.web.trail import presenters, queries
from xiezhi.web.trail.actions import looking
from xiezhi.web.trail.filters import PersonPeriodFilter
from xiezhi.web.trail.words import kind_word


@guarded(Permission.TRAIL_READ)
def figures(request: Request) -> HttpResponse:
    filters = PersonPeriodFilter(request.GET)
    looking.note("figures", by=request.viewer, wanted=filters.said())
    days = filters.days()
    wanted = replace(filters.wanted(), since=days[0] if days else None, until=days[-1] if days else None)
    refused = replace(wanted, outcome=EventOutcome.REFUSED.value)
    narrowed = {"who": filters.cleaned_data["who"]} if filters.cleaned_data.get("who") else {}
    counts, refusals = queries.by_day(request.viewer, wanted, "kind"), queries.by_day(request.viewer, refused, "kind")
    context = {
        "filters": filters,
        "all": presenters.daily(_("每日审计事件"), days, counts, kind_word, **narrowed),
        "refusals": presenters.daily(_("每日被拒"), days, refusals, kind_word, **narrowed, outcome="refused"),
        "total": sum(one.count for one in counts),
        "refused": sum(one.count for one in refusals),
        "people": _people(queries.most(request.viewer, refused, "username")),
        "busiest": _people(queries.most(request.viewer, wanted, "username")),
    }
    return page_or_part(request, "trail/figures.html", "trail/_figures.html", context)


def _people(counted: list[tuple[str, int]]) -> list[tuple[str, int, str]]:
    """With the name beside the user name. What the platform or a command did of itself is no account's."""
    called = queries.called([name for name, _count in counted])
    shown = {name: f"{called[name]} {name}" if name in called else actor(name) for name, _count in counted}
    return [(shown[name], count, presenters.person_url(name)) for name, count in counted]
