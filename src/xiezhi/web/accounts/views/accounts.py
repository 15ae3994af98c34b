"""Accounts: the list and each account for the three administrators; what the system administrator does to them."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts import queries
from xiezhi.web.accounts.actions import factors, people
from xiezhi.web.accounts.forms.people import AccountFilter, AccountForm
from xiezhi.web.accounts.guard import guarded, stepped_up
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.passwords import temporary
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.presenters import clearance_word, held
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.roles import Duty
from xiezhi.web.accounts.views.confirming import confirm
from xiezhi.web.accounts.words import DUTIES
from xiezhi.web.kit import display
from xiezhi.web.kit.listing import Column, listing_of
from xiezhi.web.kit.reasons import ReasonForm
from xiezhi.web.kit.rendering import page_or_part

BOTH = ("GET", "POST")
COLUMNS = (
    Column("name", gettext_lazy("姓名"), sort="display_name", frozen=True),
    Column("username", gettext_lazy("用户名"), sort="username"),
    Column("staff", gettext_lazy("工号"), sort="staff_number", optional=True),
    Column("duty", gettext_lazy("职责"), sort="duty"),
    Column("state", gettext_lazy("状态")),
    Column("expires", gettext_lazy("到期日"), sort="expires_on", optional=True),
    Column("seen", gettext_lazy("最近登录"), sort="last_login"),
    Column("created", gettext_lazy("建立时间"), sort="created_at", optional=True),
)


@guarded(Permission.ACCOUNT_READ)
def account_list(request: Request) -> HttpResponse:
    filters = AccountFilter(request.GET)
    listing = listing_of(filters.narrow(queries.accounts()), request.GET, COLUMNS, default="name")
    locked, today = queries.locked(user.username for user in listing), clock.today()
    rows = [(user, DUTIES[Duty(user.duty)], user.username in locked, user.has_expired(today)) for user in listing]
    return page_or_part(
        request, "accounts/list.html", "accounts/_list.html", {"listing": listing, "rows": rows, "filters": filters}
    )


@guarded(Permission.ACCOUNT_READ)
def account(request: Request, user_id: int) -> HttpResponse:
    user = get_object_or_404(queries.accounts(), pk=user_id)
    people.note_look(user=user, by=request.viewer)
    now = clock.today()
    posts = [(held(post, user), post.ends_on is not None and post.ends_on <= now) for post in queries.posts_of_account(user)]
    context = {
        "account": user,
        "duty": DUTIES[Duty(user.duty)],
        "clearance": clearance_word(user.clearance),
        "posts": posts,
        "locked": bool(queries.locked([user.username])),
        "expired": user.has_expired(now),
        "own": user.pk == request.viewer.user_id,
        "factors": queries.factors_of(user),
        "resets": queries.waiting_resets().filter(user=user),
    }
    return render(request, "accounts/account.html", context)


@guarded(Permission.ACCOUNT_CREATE, methods=BOTH)
@stepped_up
def create(request: Request) -> HttpResponse:
    form = AccountForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/create.html", {"form": form}, status=422 if form.is_bound else 200)
    password = temporary()
    user = people.create(password=password, by=request.viewer, **form.facts())
    return _handing_over(request, user, password)


@guarded(Permission.ACCOUNT_CREATE, methods=BOTH)
@stepped_up
def reset_password(request: Request, user_id: int) -> HttpResponse:
    """A new temporary password, shown on the answer and nowhere else."""
    user = _other(request, user_id)
    if request.method != "POST":
        return render(request, "accounts/reset_password.html", {"account": user})
    password = temporary()
    try:
        people.change_password(user=user, password=password, by=request.viewer, given=True)
    except UserError as refusal:
        said = {"account": user, "refusal": display.refusal(refusal)}
        return render(request, "accounts/reset_password.html", said, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _handing_over(request, user, password)


@guarded(Permission.ACCOUNT_DISABLE, methods=BOTH)
@stepped_up
def set_active(request: Request, user_id: int, active: bool) -> HttpResponse:
    user = _other(request, user_id)
    title = _("启用 %(name)s") if active else _("停用 %(name)s")
    text = _("启用后可以再登录；岗位照旧。") if active else _("停用后，此人的下一次请求就被拒绝。岗位仍在，可以再启用。")
    return confirm(
        request,
        ReasonForm(request.POST or None),
        lambda said: people.set_active(user_id=user_id, active=active, by=request.viewer, **said),
        back=_page(user_id),
        title=title % {"name": user.display_name},
        text=text,
        danger=not active,
    )


@guarded(Permission.ACCOUNT_CREATE, methods=BOTH)
def unlock(request: Request, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    return confirm(
        request,
        ReasonForm(request.POST or None),
        lambda said: people.unlock(user_id=user_id, by=request.viewer, **said),
        back=_page(user_id),
        title=_("解除 %(name)s 的锁定") % {"name": user.display_name},
        text=_("先确认连续失败的是本人，不是有人在试密码。"),
    )


@guarded(Permission.ACCOUNT_CREATE, methods=BOTH)
@stepped_up
def ask_factor_reset(request: Request, user_id: int) -> HttpResponse:
    user = _other(request, user_id)
    return confirm(
        request,
        ReasonForm(request.POST or None),
        lambda said: factors.ask_reset(user_id=user_id, by=request.viewer, **said),
        back=_page(user_id),
        title=_("申请重置 %(name)s 的第二因素") % {"name": user.display_name},
        text=_("安全保密管理员核实身份并确认后才生效。"),
        done=_("已提交，等待安全保密管理员确认。"),
    )


def _other(request: Request, user_id: int) -> User:
    if user_id == request.viewer.user_id:
        raise PermissionDenied(_("不能对自己的账号做这件事，请另一位管理员办理。"))
    return get_object_or_404(User, pk=user_id)


def _page(user_id: int) -> str:
    return reverse("accounts:account", args=[user_id])


def _handing_over(request: Request, user: User, password: str) -> HttpResponse:
    return render(request, "accounts/handing_over.html", {"account": user, "password": password})
