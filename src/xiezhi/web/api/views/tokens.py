"""Tokens of machine accounts: the list, issuing one, revoking one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import guarded, stepped_up
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.api import queries
from xiezhi.web.api.actions import tokens as actions
from xiezhi.web.api.forms import SCOPES, IssueForm, RevokeForm
from xiezhi.web.api.models import MachineToken
from xiezhi.web.kit import display
from xiezhi.web.kit.listing import Column, listing_of
from xiezhi.web.kit.rendering import go, invalid, page_or_part

COLUMNS = (
    Column("name", gettext_lazy("用途"), sort="name", frozen=True),
    Column("account", gettext_lazy("机器账号"), sort="user__username"),
    Column("state", gettext_lazy("状态")),
    Column("scopes", gettext_lazy("权限")),
    Column("networks", gettext_lazy("来源地址"), optional=True),
    Column("expires", gettext_lazy("到期日"), sort="expires_on"),
    Column("used", gettext_lazy("最近使用"), sort="last_used_at"),
    Column("issued", gettext_lazy("签发"), sort="issued_at"),
    Column("actions", gettext_lazy("操作")),
)


@guarded(Permission.MACHINE_MANAGE)
def token_list(request: Request) -> HttpResponse:
    listing = listing_of(queries.tokens(request.viewer), request.GET, COLUMNS, default="-issued")
    context = {"listing": listing, "rows": [_row(token) for token in listing]}
    return page_or_part(request, "api/tokens.html", "api/_tokens.html", context)


@guarded(Permission.MACHINE_MANAGE, methods=("GET", "POST"))
@stepped_up
def issue(request: Request) -> HttpResponse:
    """The secret is in the answer to this one request, and nowhere afterwards."""
    form = IssueForm(request.POST if request.method == "POST" else None, machines=queries.machines(request.viewer))
    if request.method != "POST":
        return render(request, "api/issue.html", {"form": form})
    if not form.is_valid():
        return invalid(request, "api/issue.html", "api/issue.html", {"form": form})
    given = form.cleaned_data
    try:
        token, secret = actions.issue(
            user_id=given["user"].pk,
            name=given["name"],
            scopes=given["scopes"],
            expires_on=given["expires_on"],
            networks=given["networks"].split(),
            by=request.viewer,
        )
    except UserError as error:
        form.add_error(None, display.refusal(error))
        return invalid(request, "api/issue.html", "api/issue.html", {"form": form})
    response = render(request, "api/issued.html", {"token": token, "secret": secret})
    response["Cache-Control"] = "private, no-store"
    return response


@guarded(Permission.MACHINE_MANAGE, methods=("GET", "POST"))
def revoke(request: Request, token_id: UUID) -> HttpResponse:
    token = get_object_or_404(queries.tokens(request.viewer), pk=token_id)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    context = {"title": _("吊销令牌"), "text": str(token), "url": request.path, "form": form, "submit": _("吊销"), "danger": True}
    if request.method != "POST":
        return render(request, "kit/confirm.html", context)
    if not form.is_valid():
        return invalid(request, "kit/confirm.html", "kit/confirm.html", context)
    actions.revoke(token_id, by=request.viewer, why=form.cleaned_data["why"])
    return go(request, reverse("api:tokens"))


def _row(token: MachineToken) -> dict[str, object]:
    if token.revoked_at is not None:
        word, tone = _("已吊销"), "muted"
    elif not token.works(clock.today()):
        word, tone = _("已到期"), "warn"
    else:
        word, tone = _("有效"), "good"
    scopes = [SCOPES.get(scope, scope) for scope in token.scopes]
    return {"token": token, "word": word, "tone": tone, "scopes": scopes, "live": token.revoked_at is None}
