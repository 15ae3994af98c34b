"""Signing in with the directory of the city: only whoever has an account here, matched by staff number."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from xiezhi.web.accounts.actions import signing
from xiezhi.web.accounts.backends import account_of
from xiezhi.web.accounts.models import User


class DirectoryAdapter(DefaultSocialAccountAdapter):
    """Nothing of the directory is stored: no token, no link between its accounts and ours."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        user = _whose(sociallogin.account.extra_data)
        if user is None:
            signing.note_failure("", "directory")
            messages.error(request, _("统一身份已认出您，但这里没有您的可用账号。请找系统管理员。"))
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.user = user
        request.has_two_factors = settings.XIEZHI_OIDC_MFA  # type: ignore[attr-defined]

    def on_authentication_error(self, request: HttpRequest, provider: Any, **details: Any) -> None:
        signing.note_failure("", "directory")
        messages.error(request, _("统一身份没有完成登录。请再试一次，或用密码登录。"))
        raise ImmediateHttpResponse(redirect("account_login"))


def _whose(said: dict[str, Any]) -> User | None:
    """The account of the staff number that the directory vouches for, if it may be used."""
    claims = {**said.get("id_token", {}), **said.get("userinfo", {})}
    return account_of(str(claims.get(settings.XIEZHI_OIDC_CLAIM) or "").strip())
