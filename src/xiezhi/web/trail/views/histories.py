"""What one person did, and what was done to one object."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.audit import presenters as audit_presenters
from xiezhi.web.audit.record import Target
from xiezhi.web.kit.paging import page_by_key
from xiezhi.web.trail import presenters, queries
from xiezhi.web.trail.actions import looking
from xiezhi.web.trail.filters import PeriodFilter
from xiezhi.web.trail.queries import EventCriteria
from xiezhi.web.trail.words import kind_word


@guarded(Permission.TRAIL_READ)
def person(request: Request) -> HttpResponse:
    """Everything an account did, newest first, and what it did most in the last thirty days."""
    username = _given(request, "username")
    account = User.objects.filter(username=username).first()
    events = queries.found(request.viewer, EventCriteria(usernames=(username,)))
    page = page_by_key(events, request.GET, queries.NEWEST)
    if account is None and not page.rows:
        raise Http404
    looking.note("person", by=request.viewer, on=Target("accounts.user", str(account.pk) if account else username, username))
    lately = EventCriteria(usernames=(username,), since=PeriodFilter({}).days()[0])
    context = {
        "username": username,
        "account": account,
        "account_url": reverse("accounts:account", args=[account.pk]) if account else "",
        "page": page,
        "events": presenters.timeline(page, lambda one: f"{audit_presenters.what(one)} {one.on_label}".strip()),
        "most": [(kind_word(code), count) for code, count in queries.most(request.viewer, lately, "kind")],
        "addresses": queries.most(request.viewer, lately, "ip"),
    }
    return render(request, "trail/person.html", context)


@guarded(Permission.TRAIL_READ)
def thing(request: Request) -> HttpResponse:
    """Everything that was done to an object, newest first."""
    on_kind, on_id = _given(request, "kind"), _given(request, "id")
    page = page_by_key(queries.found(request.viewer, EventCriteria(on_kind=on_kind, on_id=on_id)), request.GET, queries.NEWEST)
    if not page.rows:
        raise Http404
    looking.note("thing", by=request.viewer, on=Target(on_kind, on_id, page.rows[0].on_label))
    context = {
        "word": audit_presenters.object_word(on_kind),
        "label": page.rows[0].on_label or on_id,
        "page": page,
        "events": presenters.timeline(page, lambda one: f"{audit_presenters.who(one)} {audit_presenters.what(one)}"),
    }
    return render(request, "trail/thing.html", context)


def _given(request: Request, name: str) -> str:
    value = request.GET.get(name, "")
    if not value or "\0" in value or len(value) > 200:
        raise Http404
    return value
