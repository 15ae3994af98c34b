"""What the security administrator does: give and take posts, set clearances, confirm resets."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts import queries
from xiezhi.web.accounts.actions import factors, people, posts, recusals, units
from xiezhi.web.accounts.forms.people import ClearanceForm, GrantForm
from xiezhi.web.accounts.guard import guarded, stepped_up
from xiezhi.web.accounts.models import FactorReset, Oversight, Post, Recusal, User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.presenters import overseen_change, relation_word, role_of
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.roles import ROLES, Duty
from xiezhi.web.accounts.views.confirming import confirm
from xiezhi.web.accounts.words import DUTIES, REACHES
from xiezhi.web.kit import display
from xiezhi.web.kit.paging import page_of
from xiezhi.web.kit.reasons import ReasonForm
from xiezhi.web.kit.rendering import go
from xiezhi.web.language import localise

BOTH = ("GET", "POST")


@guarded(Permission.POST_GRANT)
def waiting(request: Request) -> HttpResponse:
    page = page_of(queries.waiting_for_post(), request.GET)
    rows = [(user, DUTIES[Duty(user.duty)]) for user in page]
    lifts = [(one, relation_word(one.relation)) for one in queries.waiting_lifts()]
    context = {
        "page": page,
        "rows": rows,
        "resets": queries.waiting_resets(),
        "lifts": lifts,
        "oversights": [(one, *overseen_change(one)) for one in queries.waiting_oversights()],
    }
    return render(request, "accounts/waiting.html", context)


@guarded(Permission.POST_GRANT, methods=BOTH)
@stepped_up
def grant(request: Request, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    form = GrantForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            posts.grant(user=user, by=request.viewer, **form.facts())
        except UserError as refusal:
            form.add_error(None, display.refusal(refusal))
        else:
            messages.success(request, _("已授予。对方的下一次请求起生效。"))
            return go(request, reverse("accounts:account", args=[user_id]))
    roles = [
        (role, REACHES[role.reach], [one.label for one in Permission if one in role.permissions])
        for role in ROLES.values()
        if role.duty == user.duty
    ]
    context = {"form": form, "account": user, "roles": roles}
    return render(request, "accounts/grant.html", context, status=422 if form.is_bound else 200)


@guarded(Permission.POST_GRANT, methods=BOTH)
@stepped_up
def end_post(request: Request, post_id: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("user", "unit"), pk=post_id)
    named = {
        "name": post.user.display_name,
        "role": localise(role_of(post.role).title),
        "unit": localise(post.unit.title),
    }
    return confirm(
        request,
        ReasonForm(request.POST or None),
        lambda given: posts.end(post_id=post_id, by=request.viewer, **given),
        back=reverse("accounts:account", args=[post.user_id]),
        danger=True,
        title=_("终止岗位"),
        text=_("%(name)s 不再担任 %(unit)s 的%(role)s，下一次请求起生效。") % named,
    )


@guarded(Permission.POST_GRANT, methods=BOTH)
@stepped_up
def clearance(request: Request, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    form = ClearanceForm(request.POST or None, initial={"clearance": user.clearance})
    return confirm(
        request,
        form,
        lambda given: people.set_clearance(user_id=user_id, by=request.viewer, **given),
        back=reverse("accounts:account", args=[user_id]),
        title=_("设定 %(name)s 的密级许可") % {"name": user.display_name},
        text=_("能看到的数据不高于这个级别，也不高于角色本身的级别。"),
    )


@guarded(Permission.POST_GRANT, methods=BOTH)
@stepped_up
def settle_reset(request: Request, reset_id: int, granted: bool) -> HttpResponse:
    reset = get_object_or_404(FactorReset.objects.select_related("user"), pk=reset_id)
    named = {"name": reset.user.display_name, "by": reset.asked_by, "why": reset.why}
    text = _("%(by)s 申请重置 %(name)s 的第二因素，理由：%(why)s。请当面或用已知的电话核实本人。") % named
    return confirm(
        request,
        ReasonForm(request.POST or None),
        lambda given: factors.settle_reset(reset_id=reset_id, granted=granted, by=request.viewer, **given),
        back=reverse("accounts:waiting"),
        title=_("确认重置第二因素") if granted else _("不同意重置第二因素"),
        text=text,
        danger=granted,
    )


@guarded(Permission.POST_GRANT, methods=BOTH)
@stepped_up
def settle_lift(request: Request, recusal_id: int, granted: bool) -> HttpResponse:
    recusal = get_object_or_404(Recusal.objects.select_related("user"), pk=recusal_id, lift_asked_at__isnull=False)
    named = {"name": recusal.user.display_name, "relation": relation_word(recusal.relation), "why": recusal.lift_why}
    return confirm(
        request,
        ReasonForm(request.POST or None),
        lambda given: recusals.settle_lift(recusal_id=recusal_id, granted=granted, by=request.viewer, **given),
        back=reverse("accounts:waiting"),
        title=_("解除回避") if granted else _("不同意解除回避"),
        text=_("%(name)s 申请解除回避（%(relation)s），理由：%(why)s。请先核实关系；解除后其又能看到有关内容。") % named,
        danger=granted,
    )


@guarded(Permission.POST_GRANT, methods=BOTH)
@stepped_up
def settle_oversight(request: Request, oversight_id: int, granted: bool) -> HttpResponse:
    asked = get_object_or_404(Oversight.objects.select_related("office"), pk=oversight_id)
    more, less = overseen_change(asked)
    named = {"by": asked.asked_by, "office": localise(asked.office.title), "why": asked.why, "more": more, "less": less}
    return confirm(
        request,
        ReasonForm(request.POST or None),
        lambda given: units.settle_oversight(oversight_id=oversight_id, granted=granted, by=request.viewer, **given),
        back=reverse("accounts:waiting"),
        title=_("确认联系单位") if granted else _("不同意联系单位"),
        text=_("%(by)s 提议 %(office)s 增加联系：%(more)s；不再联系：%(less)s。理由：%(why)s。确认后下一次请求起生效。") % named,
        danger=granted,
    )
