"""Second factors: what a person proves themselves by besides a password."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator


def has_factor(user: Any) -> bool:
    """Whether one is enrolled. Recovery codes stand in for one that is lost; they are none."""
    factors = Authenticator.objects.filter(user_id=user.pk)
    return bool(factors.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())
