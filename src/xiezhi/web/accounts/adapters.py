"""What allauth asks of us: no sign-up, factors sealed at rest, and the moment a session begins."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel import clock
from xiezhi.web.accounts import session
from xiezhi.web.accounts.actions import people
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.viewer import posts_of
from xiezhi.web.audit.context import address_of

SECOND_FACTOR = "allauth.mfa.stages.AuthenticateStage"
ELSEWHERE = (session.OIDC, session.LDAP, session.CERTIFICATE)
PROVING = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("用户名或密码不对。"),
        "enter_current_password": _("现在的密码不对。"),
        "incorrect_password": _("密码不对。"),
        "incorrect_code": _("验证码不对，或者已经用过。请等下一个。"),
        "too_many_login_attempts": _("试的次数太多了，请过几分钟再试。"),
        "rate_limited": _("操作太频繁，请稍后再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted by axes, which also locks; a second count would only answer with other words."""

    def _rollback_login_failed_rl_usage(self) -> None:
        return

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or "unix"

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        first = [record["method"] for record in get_authentication_records(request, user) if record["method"] != "mfa"]
        request.session[session.ELSEWHERE] = first[-1] if first and first[-1] in ELSEWHERE else ""
        session.begin(request.session, clock.now(), address=address_of(request), agent=request.headers.get("User-Agent", ""))

    def get_login_stages(self) -> list[str]:
        """Where whoever vouches has asked for two factors itself, ours is not asked on top."""
        stages: list[str] = super().get_login_stages()
        vouched = getattr(context.request, "has_two_factors", False)
        return [stage for stage in stages if not (vouched and stage == SECOND_FACTOR)]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not session.recently_proven(context.request.session, clock.now())

    def set_password(self, user: User, password: str) -> None:
        people.change_password(
            user=user, password=password, by=context.request.viewer, keep=context.request.session.session_key or ""
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home; whoever has no post yet reads on their own page what they wait for."""
        held = posts_of(request.user, clock.today()) if isinstance(request.user, User) else []
        return str(settings.LOGIN_REDIRECT_URL) if held else reverse("accounts:me")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("account_login")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """There is no mail inside; the trail has it."""


class FactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted with a key derived from the site's, which is not in the database."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不对，或者已经用过。请等下一个。"),
        "cannot_delete_authenticator": _("这是最后一个第二因素。请先添加另一个，再移除它。"),
        "cannot_generate_recovery_codes": _("先添加第二因素，才能生成恢复码。"),
    }

    def encrypt(self, text: str) -> str:
        return _sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _sealer().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Never the last one: the account would stand on its password alone until somebody noticed."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=PROVING).exclude(pk=authenticator.pk)
        return authenticator.type not in PROVING or bool(others.exists())

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "獬豸 xiezhi"}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's word
        return str(_("安全密钥"))


def _sealer() -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"xiezhi second factors").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
