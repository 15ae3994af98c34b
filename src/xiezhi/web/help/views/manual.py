"""The list of guides and of pages with help, one guide, one page's help. Nothing of the site is in them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from xiezhi.web.accounts.guard import public, signed_in
from xiezhi.web.accounts.request import Request
from xiezhi.web.help import presenters, queries


@signed_in()
def guide_list(request: Request) -> HttpResponse:
    """Those for the reader's own posts first."""
    own, others = queries.guides_for(post.role for post in request.held_posts)
    context = {"own": own, "others": others, "groups": list(queries.grouped_topics().items())}
    return render(request, "help/guides.html", context)


@signed_in()
def guide(request: Request, name: str) -> HttpResponse:
    one = queries.guides().get(name)
    if one is None:
        raise Http404
    return render(request, "help/guide.html", {"one": one, "text": presenters.shown(one)})


@signed_in()
def topic(request: Request, name: str) -> HttpResponse:
    one = queries.topics().get(name)
    if one is None:
        raise Http404
    context = {"one": one, "text": presenters.shown(one), "opened_by": presenters.opened_by(one)}
    return render(request, "help/topic.html", context)


@public()
def entry(request: Request, name: str) -> HttpResponse:
    """For whoever is not signed in yet, or has no second factor yet: only what is about signing in."""
    one = queries.topics().get(name)
    if one is None or not one.entry:
        raise Http404
    return render(request, "help/entry.html", {"one": one, "text": presenters.shown(one, entry=True)})
