"""Signing in and out, and proving again who one is: allauth's views behind our doors."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from xiezhi.web.accounts.actions.first_run import open_site
from xiezhi.web.accounts.forms.signing import DirectorySignIn
from xiezhi.web.accounts.guard import public, signed_in
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.words import ENDINGS

BOTH = ("GET", "POST")


class _SignIn(account.LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ended = ENDINGS.get(self.request.GET.get("ended", ""), "")
        ways = {"directory": settings.XIEZHI_OIDC, "ldap": settings.XIEZHI_LDAP, "certificate": settings.XIEZHI_CERTIFICATE}
        said = {"ended": ended, "not_set_up": open_site(), **ways}
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | said

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


class _Ldap(_SignIn):
    """A page of its own: what is typed there goes to the directory, and a password of ours never does."""

    template_name = "account/ldap.html"

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.XIEZHI_LDAP is None:
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_form_class(self) -> type[DirectorySignIn]:
        return DirectorySignIn


class _Code(mfa.AuthenticateView):
    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


class _ChangePassword(account.PasswordChangeView):
    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_usable_password():  # type: ignore[union-attr]
            messages.info(request, _("这个账号没有密码：它用别的方式登录。"))
            return redirect("accounts:me")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


sign_in = public(methods=BOTH)(_SignIn.as_view())
ldap = public(methods=BOTH)(_Ldap.as_view())
code = public(methods=BOTH)(_Code.as_view())
sign_out = public(methods=BOTH)(account.LogoutView.as_view())
change_password = signed_in(methods=BOTH)(_ChangePassword.as_view())
password_again = signed_in(methods=BOTH)(account.ReauthenticateView.as_view())
code_again = signed_in(methods=BOTH)(mfa.ReauthenticateView.as_view())
key_again = signed_in(methods=BOTH)(webauthn.ReauthenticateWebAuthnView.as_view())
