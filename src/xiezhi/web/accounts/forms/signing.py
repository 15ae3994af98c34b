"""allauth's forms in our words: labels, no placeholders, and a lockout that also holds at the second factor."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts import session
from xiezhi.web.accounts.actions import signing
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.passwords import rules

log = logging.getLogger("xiezhi.accounts")


def _say(form: Form, **labels: Any) -> None:
    """Our labels, and no placeholder: it disappears as soon as one types, and repeats the label before."""
    for name, label in labels.items():
        form.fields[name].label = label
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignIn(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, login=_("用户名"), password=_("密码"))
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}


class DirectorySignIn(SignIn):
    """The directory's name and password. Whatever is wrong is told in the same words; that nobody could be asked, in others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, login=_("单位目录中的用户名"), password=_("单位目录的密码"))
        self.fields["password"].strip = False

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if not self.errors:
            self.user = self._proven(given["login"], given["password"])
        return given

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        record_authentication(request, self.user, method=session.LDAP)
        response: HttpResponse = perform_login(request, Login(user=self.user, redirect_url=redirect_url))
        return response

    def _proven(self, name: str, password: str) -> User:
        # Only a site with a directory has what this imports.
        from xiezhi.web.accounts.ldap import conversation, proving

        site: Any = settings.XIEZHI_LDAP  # the view is not there without one
        try:
            user = proving.prove(self.request, site, name, password)
        except conversation.DirectoryDown as why:
            log.warning("directory: cannot be asked: %s", why)
            signing.note_failure("", session.LDAP, "unreachable")
            raise ValidationError(
                _("单位目录现在连不上，没有核对您的密码。请稍后再试，或用本平台的密码登录。"), code="down"
            ) from why
        if user is None:
            raise ValidationError(_("用户名或密码不对，或者这里没有您的可用账号。"), code="refused")
        return user


class PasswordAgain(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, password=_("密码"))
        self.fields["password"].widget.attrs["autofocus"] = True


class ChangePassword(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, oldpassword=_("现在的密码"), password1=_("新密码"), password2=_("再输一次新密码"))
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = format_html_join(" ", "{}", ((rule,) for rule in rules()))


class _CodeMixin:
    """Six digits of an app, or a recovery code. A locked account takes neither."""

    def _prepare(self) -> None:
        form: Any = self
        _say(form, code=_("验证码"))
        form.fields["code"].widget.attrs |= {
            "autofocus": True,
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "maxlength": 16,
        }

    def clean_code(self) -> str:
        form: Any = self
        request = context.request
        if not AxesProxyHandler.is_allowed(request, {"username": form.user.username}):
            request.axes_locked_out = True
            raise ValidationError(_("已锁定"))
        code: str = super().clean_code()  # type: ignore[misc]
        return code


class Code(_CodeMixin, AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare()


class CodeAgain(_CodeMixin, ReauthenticateByCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare()


class FirstCode(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, code=_("App 上显示的 6 位验证码"))
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 8}


class NewKey(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        _say(self, name=_("给这把密钥起个名字"))
        self.fields["name"].help_text = _("例如“办公室 U 盾”。以后凭名字移除它。")
