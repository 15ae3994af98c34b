"""Signing in with the certificate that came with the request. By POST only: nobody is signed in by following a link."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.kernel import clock
from xiezhi.web.accounts import session
from xiezhi.web.accounts.actions import signing
from xiezhi.web.accounts.backends import account_of
from xiezhi.web.accounts.certificate.reading import NotVouched, staff_number
from xiezhi.web.accounts.guard import public
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.request import Request

FAILED = gettext_lazy("证书没有通过核验：已过期、已吊销，或不是本单位认可的机构签发的。")
WORDS: dict[str, Any] = {
    "untrusted": gettext_lazy("请求没有经过本单位的安全代理，不能用证书登录。请从平时的网址进入，仍不行请找系统管理员。"),
    "missing": gettext_lazy("没有收到证书。请插好 UKey，关掉浏览器重新打开，再试一次。"),
    "failed": FAILED,
    "expired": FAILED,
}
NO_ACCOUNT = gettext_lazy("证书有效，但这里没有您的可用账号。请找系统管理员。")


@public(methods=("POST",))
def arrive(request: Request) -> HttpResponse:
    site = settings.XIEZHI_CERTIFICATE
    if site is None:
        raise Http404
    try:
        user = account_of(staff_number(request, site, clock.now()))
    except NotVouched as why:
        return _refuse(request, why.reason, WORDS.get(why.reason, _("证书里读不出工号。请找系统管理员。")))
    if user is None:
        return _refuse(request, "unknown", NO_ACCOUNT)
    if not AxesProxyHandler.is_allowed(request, {"username": user.username}):
        request.axes_locked_out = True  # type: ignore[attr-defined]
        return _refuse(request, "locked", "", user.username)
    return _enter(request, user)


def _enter(request: Request, user: User) -> HttpResponse:
    request.has_two_factors = settings.XIEZHI_CERTIFICATE_MFA
    record_authentication(request, user, method=session.CERTIFICATE)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=get_next_redirect_url(request)))
    return response


def _refuse(request: Request, reason: str, words: Any, username: str = "") -> HttpResponse:
    signing.note_failure(username, session.CERTIFICATE, reason)
    if words:
        messages.error(request, words)
    return redirect("account_login")
