"""Who sees what, for whoever reviews it: the security administrator and the auditor."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.web.accounts import queries
from xiezhi.web.accounts.actions import sight as actions
from xiezhi.web.accounts.forms.people import ReviewForm, SightFile
from xiezhi.web.accounts.guard import guarded, stepped_up
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.sight_list import FORMATS, heads, seen_by_posts
from xiezhi.web.accounts.views.confirming import confirm
from xiezhi.web.kit import display
from xiezhi.web.kit.paging import page_of


@guarded(Permission.SIGHT_REVIEW)
def sight(request: Request) -> HttpResponse:
    today = clock.today()
    page = page_of(queries.sight(today), request.GET)
    rows = [(row.post.user_id, list(zip(heads(), row.cells(), strict=True))) for row in seen_by_posts(list(page), today)]
    context = {"page": page, "rows": rows, "heads": heads(), "reviewed": _last_review()}
    return render(request, "accounts/sight.html", context)


def _last_review() -> str:
    one = queries.last_review()
    if one is None:
        return _("还没有复核过。")
    said = {"name": one.by_name, "at": display.moment(one.at), "posts": one.posts, "words": one.words}
    return _("上次复核：%(name)s，%(at)s，%(posts)d 个岗位。结果：%(words)s") % said


@guarded(Permission.SIGHT_REVIEW, methods=("POST",))
def sight_file(request: Request) -> HttpResponse:
    form = SightFile(request.POST)
    if not form.is_valid():
        raise Http404
    kind = form.cleaned_data["format"]
    response = HttpResponse(actions.export(format=kind, by=request.viewer), content_type=FORMATS[kind])
    response["Content-Disposition"] = f'attachment; filename="sight-{clock.today():%Y%m%d}.{kind}"'
    return response


@guarded(Permission.SIGHT_REVIEW, methods=("GET", "POST"))
@stepped_up
def reviewed(request: Request) -> HttpResponse:
    return confirm(
        request,
        ReviewForm(request.POST or None),
        lambda given: actions.mark_reviewed(by=request.viewer, **given),
        back=reverse("accounts:sight"),
        done=_("已记录复核。"),
        title=_("记录复核"),
        text=_("表示您已逐项核对当前清单。会记入审计记录，连同清单的摘要；要收回的权限请另行办理。"),
    )
