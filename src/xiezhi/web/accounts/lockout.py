"""After too many failures an account, or an address, is locked for a while; the same whether or not the account exists."""

from __future__ import annotations

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from xiezhi.web.accounts.models import User, normal_username


class Handler(AxesDatabaseHandler):
    """AXES_HANDLER. Axes counts an account's failures wherever they came from, and resets them when its owner signs in.

    An address is counted too: one that tries one password on many accounts would stay under every account's limit. It may
    fail more often, because a whole office may come from one address, and nobody's success resets it.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        of_account: int = super().get_failures(request, credentials)
        return max(of_account, self._of_address(request) * settings.AXES_FAILURE_LIMIT // settings.XIEZHI_ADDRESS_FAILURES)

    def _of_address(self, request: HttpRequest) -> int:
        since = get_cool_off_threshold(request)
        tried = AccessAttempt.objects.filter(
            ip_address=request.axes_ip_address,  # type: ignore[attr-defined]
            attempt_time__gt=since,
        )
        return int(tried.aggregate(total=Sum("failures_since_start"))["total"] or 0)


def username_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """AXES_USERNAME_CALLABLE: another spelling of a name is no fresh set of tries."""
    name = normal_username((credentials or {}).get("username") or request.POST.get("login"))
    # People type their password into the wrong field: what is no account's name is kept only as a digest.
    return name if User.objects.filter(username=name).exists() else f"?{salted_hmac('unknown username', name).hexdigest()}"


def locked(request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """429, and the same words whether or not the account exists."""
    minutes = int(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "accounts/locked.html", {"minutes": minutes, "limit": settings.AXES_FAILURE_LIMIT}, status=429)
