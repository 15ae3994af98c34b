"""What is due, month by month, and asking for what is overdue."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.deliveries import presenters, queries
from xiezhi.web.deliveries.actions import chasing
from xiezhi.web.deliveries.forms import ChaseForm
from xiezhi.web.deliveries.models import Chase
from xiezhi.web.deliveries.queries import Line
from xiezhi.web.deliveries.states import PeriodState
from xiezhi.web.kit import display
from xiezhi.web.kit.numbers import whole_number
from xiezhi.web.kit.rendering import page_or_part


def _all(line: Line) -> bool:
    return True


SHOWN: dict[str, Callable[[Line], bool]] = {
    "overdue": lambda line: bool(line.overdue),
    "due": lambda line: bool(line.due),
    "never": lambda line: not line.periods,
}
"""What the figures above the calendar lead to."""


def _figures(lines: Sequence[Line]) -> list[tuple[str, str, str, str, int]]:
    """(what it shows when clicked, tone, icon, word, datasets)."""
    count = {key: sum(1 for line in lines if holds(line)) for key, holds in SHOWN.items()}
    return [
        ("overdue", "bad" if count["overdue"] else "good", "warning", _("有逾期的数据集"), count["overdue"]),
        ("due", "blue", "bell", _("本期待交"), count["due"]),
        ("never", "", "minus", _("从未交付"), count["never"]),
        ("", "brand", "database", _("全部数据集"), len(lines)),
    ]


@guarded(Permission.DELIVERY_READ)
def calendar(request: Request) -> HttpResponse:
    department = request.GET.get("department", "")
    lines = queries.calendar(request.viewer, department=department)
    day = queries.today()
    this_year = day.year if day.month > 1 else day.year - 1  # in January, what can have come is last year's
    years = sorted({one.period.end.year for line in lines for one in line.periods} | {this_year, day.year})
    asked = whole_number(request.GET.get("year", ""))
    year = asked if asked in years else this_year
    chased = set(seen_by(Chase.objects.filter(day=queries.today()), request.viewer.scope).values_list("dataset", flat=True))
    heads = presenters.months(year, queries.today())
    show = request.GET.get("show", "")
    rows = [
        presenters.calendar_row(line, heads, year, line.dataset.name in chased) for line in lines if SHOWN.get(show, _all)(line)
    ]
    groups = [
        (presenters.department_title(key), list(those))
        for key, those in groupby(rows, key=lambda row: row["line"].dataset.department)
    ]
    context = {
        "groups": groups,
        "year": year,
        "years": years,
        "department": department,
        "months": heads,
        "show": show if show in SHOWN else "",
        "legend": list(PeriodState),
        "elsewhere": queries.elsewhere(),
        "shown": _figures(lines),
        "may_chase": request.viewer.can(Permission.DELIVERY_CHASE),
    }
    return page_or_part(request, "deliveries/calendar.html", "deliveries/_calendar.html", context)


@guarded(Permission.DELIVERY_CHASE, methods=("GET", "POST"))
def chase(request: Request, dataset: str) -> HttpResponse:
    """Confirm with words of one's own, then tell the department's contacts."""
    line = next((one for one in queries.calendar(request.viewer) if one.dataset.name == dataset), None)
    if line is None:
        raise Http404
    form = ChaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = chasing.chase(dataset, by=request.viewer, words=form.cleaned_data["words"])
        except UserError as error:
            form.add_error(None, display.refusal(error))
        else:
            text = _("已通知 %(n)s 位联络员") % {"n": made.told}
            return HttpResponse(
                status=204,
                headers={"HX-Trigger": json.dumps({"closePanels": "", "say": {"text": text, "tone": "good"}, "chased": ""})},
            )
    context = {
        "title": _("催报：%(name)s") % {"name": presenters.dataset_title(dataset)},
        "text": _chasing(line),
        "url": reverse("deliveries:chase", args=[dataset]),
        "form": form,
        "submit": _("催报"),
    }
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)


def _chasing(line: queries.Line) -> str:
    """What chasing would do, and beforehand that it cannot, where nobody is there to be told."""
    if not queries.contacts_of(line.dataset.department):
        return _("该部门还没有数据联络员：请管理员先设置，现在没有人可以通知。")
    due = line.overdue[0].due if line.overdue else "—"
    return _("%(n)s 期逾期未交，最早一期的期限是 %(due)s。将通知该部门的数据联络员，每天一次。") % {
        "n": len(line.overdue),
        "due": due,
    }
