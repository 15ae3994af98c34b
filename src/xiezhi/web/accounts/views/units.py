"""The tree of units, kept by the system administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts import queries
from xiezhi.web.accounts.actions import units
from xiezhi.web.accounts.forms.people import OverseenForm, UnitForm
from xiezhi.web.accounts.guard import guarded, signed_in, stepped_up
from xiezhi.web.accounts.models import Unit, UnitKind
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.presenters import listed
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.views.confirming import confirm
from xiezhi.web.accounts.words import KINDS
from xiezhi.web.kit import display
from xiezhi.web.kit.numbers import whole_number
from xiezhi.web.kit.paging import page_of
from xiezhi.web.kit.reasons import ReasonForm
from xiezhi.web.kit.rendering import go
from xiezhi.web.language import localise

BOTH = ("GET", "POST")
SUGGESTED, MOST_ASKED = 30, 100
OVERSEEING = (UnitKind.OFFICE, UnitKind.STATIONED)


@guarded(Permission.UNIT_MANAGE)
def unit_list(request: Request) -> HttpResponse:
    """In the order of the tree, a page at a time: a city has thousands of villages."""
    page = page_of(queries.units().prefetch_related("overseen"), request.GET)
    rows = [
        (
            unit,
            KINDS[UnitKind(unit.kind)],
            "　" * (unit.path.count(".") - 1),
            unit.kind in OVERSEEING,
            listed(localise(one.title) for one in unit.overseen.all()),
        )
        for unit in page
    ]
    return render(request, "accounts/units.html", {"page": page, "rows": rows})


@signed_in()
def find(request: Request) -> HttpResponse:
    """Suggestions for a field that names a unit: those in one's sight, and of administrators who place people every open one."""
    asked = request.GET.get(request.GET.get("field", ""), "").replace("\0", "").strip()
    everywhere = request.viewer.can(Permission.UNIT_MANAGE) or request.viewer.can(Permission.POST_GRANT)
    offered = queries.open_units() if everywhere else queries.units_in_sight(request.viewer)
    found = queries.units_like(asked[:MOST_ASKED], offered)[:SUGGESTED]
    return render(request, "accounts/_unit_suggestions.html", {"units": found})


@guarded(Permission.UNIT_MANAGE, methods=BOTH)
def add(request: Request) -> HttpResponse:
    under = whole_number(request.GET.get("under", ""))
    parent = queries.open_units().filter(pk=under).first() if under else None
    form = UnitForm(request.POST if request.method == "POST" else None, initial={"parent": parent})
    if request.method == "POST" and form.is_valid():
        try:
            made = units.add(by=request.viewer, **form.facts())
        except UserError as refusal:
            form.add_error(None, display.refusal(refusal))
        else:
            messages.success(request, _("已新增 %(name)s。") % {"name": made.name})
            return go(request, reverse("accounts:units"))
    return render(request, "accounts/unit.html", {"form": form}, status=422 if form.is_bound else 200)


@guarded(Permission.UNIT_MANAGE, methods=BOTH)
@stepped_up
def close(request: Request, unit_id: int) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=unit_id, closed_on__isnull=True)
    return confirm(
        request,
        ReasonForm(request.POST or None),
        lambda given: units.close(unit_id=unit_id, by=request.viewer, **given),
        back=reverse("accounts:units"),
        danger=True,
        title=_("撤销 %(name)s") % {"name": unit.name},
        text=_("撤销后不能再放入新的内容；原有内容仍可查看。不能恢复。"),
    )


@guarded(Permission.UNIT_MANAGE, methods=BOTH)
@stepped_up
def charge(request: Request, unit_id: int) -> HttpResponse:
    """联系单位: what an office oversees is what its people see. Proposed here; the security administrator confirms."""
    office = get_object_or_404(Unit, pk=unit_id, kind__in=OVERSEEING, closed_on__isnull=True)
    form = OverseenForm(office, request.POST if request.method == "POST" else None, initial={"overseen": office.overseen.all()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            units.ask_oversight(office=office, overseen=list(given["overseen"]), by=request.viewer, why=given["why"])
        except UserError as refusal:
            form.add_error(None, display.refusal(refusal))
        else:
            messages.success(request, _("已提交，等待安全保密管理员确认。确认前不变。"))
            return go(request, reverse("accounts:units"))
    return render(request, "accounts/charge.html", {"form": form, "office": office}, status=422 if form.is_bound else 200)
