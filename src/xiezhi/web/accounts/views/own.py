"""A person's own account: posts and powers, recusals, sessions."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.web.accounts.actions import recusals, signing
from xiezhi.web.accounts.forms.people import RecusalForm
from xiezhi.web.accounts.guard import signed_in, stepped_up
from xiezhi.web.accounts.models import Recusal, SignedInSession, User
from xiezhi.web.accounts.presenters import clearance_word, devices, held, relation_word
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.views.confirming import confirm
from xiezhi.web.kit.reasons import ReasonForm
from xiezhi.web.kit.rendering import go


def _user(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user


@signed_in()
def me(request: Request) -> HttpResponse:
    user = _user(request)
    declared = Recusal.objects.filter(user=user).order_by("-declared_at")
    context = {
        "account": user,
        "clearance": clearance_word(user.clearance),
        "posts": [held(post, user) for post in request.held_posts],
        "recusals": [(one, relation_word(one.relation)) for one in declared],
        "sessions": SignedInSession.objects.filter(user=user, expire_date__gt=clock.now()).count(),
    }
    return render(request, "accounts/me.html", context)


@signed_in(methods=("GET", "POST"))
@stepped_up
def declare_recusal(request: Request) -> HttpResponse:
    form = RecusalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = recusals.declare(user=_user(request), by=request.viewer, **form.cleaned_data)
        if any(one.is_unfound for one in made):
            messages.warning(request, _("已登记，但平台还没有收到过任何数据，尚未生效。收到首批数据后请再申报一次。"))
        else:
            messages.success(request, _("已登记。从下一次访问起，您看不到与其有关的内容；以后收到的数据也一样。"))
        return go(request, reverse("accounts:me"))
    return render(request, "accounts/recusal.html", {"form": form}, status=422 if form.is_bound else 200)


@signed_in(methods=("GET", "POST"))
@stepped_up
def ask_lift(request: Request, recusal_id: int) -> HttpResponse:
    recusal = get_object_or_404(Recusal, pk=recusal_id, user_id=request.viewer.user_id)
    return confirm(
        request,
        ReasonForm(request.POST or None),
        lambda said: recusals.ask_lift(recusal_id=recusal_id, by=request.viewer, **said),
        back=reverse("accounts:me"),
        done=_("已提交，等待安全保密管理员核实。"),
        title=_("申请解除回避"),
        text=_("%(relation)s。申报有误或关系已不存在时才申请；安全保密管理员同意后才生效。")
        % {"relation": relation_word(recusal.relation)},
    )


@signed_in()
def sessions(request: Request) -> HttpResponse:
    mine = SignedInSession.objects.filter(user=_user(request), expire_date__gt=clock.now()).order_by("-seen_at")
    return render(request, "accounts/sessions.html", {"devices": devices(mine, request.session.session_key or "")})


@signed_in(methods=("POST",))
def end_sessions(request: Request) -> HttpResponse:
    """One of the others by its handle, or all of them."""
    ended = signing.end_sessions(
        user=_user(request), by=request.viewer, handle=request.POST.get("session", ""), keep=request.session.session_key or ""
    )
    if not ended and request.POST.get("session"):
        raise Http404
    messages.success(request, _("已结束 %(count)d 个会话。") % {"count": ended})
    return go(request, reverse("accounts:sessions"))
