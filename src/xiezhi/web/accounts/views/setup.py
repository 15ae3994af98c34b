"""The first-run wizard. It is there while nobody has an account, and never again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from xiezhi.web.accounts.actions import first_run, links
from xiezhi.web.accounts.forms.setup import Setup
from xiezhi.web.accounts.guard import public
from xiezhi.web.accounts.request import Request


@public(methods=("GET", "POST"))
def setup(request: Request, secret: str) -> HttpResponse:
    """Behind the link that `xiezhi serve` prints. A form that is wrong does not use the link up."""
    if not first_run.open_site() or not links.opens(secret):
        raise Http404
    wizard = Setup(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not wizard.is_valid():
        return render(request, "accounts/setup.html", {"wizard": wizard}, status=422 if request.method == "POST" else 200)
    city, region, commission = wizard.city.places()
    administrators = [form.administrator() for form in wizard.administrators]
    if not first_run.settle(secret=secret, city=city, region=region, commission=commission, administrators=administrators):
        raise Http404
    messages.success(request, _("设置完成。三名管理员可以登录了：各自先改密码，再绑定第二因素。"))
    return redirect("account_login")
