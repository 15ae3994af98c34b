"""Saved views."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.urls import reverse

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.alerts.actions import own
from xiezhi.web.alerts.forms import ViewForm
from xiezhi.web.kit.rendering import go, invalid, page_or_part

PAGE = "alerts/act_page.html"


@guarded(Permission.ALERT_READ, methods=("GET", "POST"))
def save(request: Request) -> HttpResponse:
    form = ViewForm(request.POST if request.method == "POST" else None, initial={"query": _shown(request)[:1000]})
    context = {"form": form, "url": request.path, "back": reverse("alerts:list"), "view": True}
    if request.method != "POST":
        return page_or_part(request, PAGE, "alerts/_act.html", context)
    if not form.is_valid():
        return invalid(request, PAGE, "alerts/_act.html", context)
    query = urlencode(parse_qsl(form.cleaned_data["query"]))
    own.save_view(name=form.cleaned_data["name"], query=query, is_default=form.cleaned_data["is_default"], by=request.viewer)
    return go(request, f"{reverse('alerts:list')}?{query}")


def _shown(request: Request) -> str:
    """The conditions of the list that is on the screen: htmx filters it without loading the button anew."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    return here.query if here.path == reverse("alerts:list") else request.GET.urlencode()


@guarded(Permission.ALERT_READ, methods=("POST",))
def remove(request: Request, view_id: int) -> HttpResponse:
    try:
        own.remove_view(view_id, by=request.viewer)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return go(request, reverse("alerts:list"))
