"""Who may do what, and under which rules one signs in: for the three administrators to read."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from xiezhi.web.accounts import session
from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.passwords import LENGTH, LIFETIME, REMEMBERED, rules
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.presenters import powers as table
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.words import LABELS, REACHES


@guarded(Permission.ACCOUNT_READ)
def powers(request: Request) -> HttpResponse:
    roles, rows = table()
    shown = [(role, REACHES[role.reach], LABELS[role.clearance]) for role in roles]
    return render(request, "accounts/powers.html", {"roles": shown, "rows": rows})


@guarded(Permission.ACCOUNT_READ)
def policy(request: Request) -> HttpResponse:
    profile, lifetime = settings.XIEZHI_POLICY, LIFETIME[settings.XIEZHI_POLICY]
    context = {
        "profile": profile,
        "rules": rules(),
        "length": LENGTH[profile],
        "lifetime": lifetime.days if lifetime else None,
        "remembered": REMEMBERED[profile],
        "idle": settings.XIEZHI_IDLE_MINUTES,
        "absolute": settings.XIEZHI_SESSION_HOURS,
        "proven": int(session.PROVEN_FOR.total_seconds() // 60),
        "failures": settings.AXES_FAILURE_LIMIT,
        "address_failures": settings.XIEZHI_ADDRESS_FAILURES,
        "locked": int(settings.AXES_COOLOFF_TIME * 60),
        "directory": settings.XIEZHI_OIDC,
        "ldap": settings.XIEZHI_LDAP,
        "certificate": settings.XIEZHI_CERTIFICATE,
    }
    return render(request, "accounts/policy.html", context)
