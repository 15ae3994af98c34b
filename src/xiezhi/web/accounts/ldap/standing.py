"""Whether the directory itself still lets somebody in. Most directories refuse the bind; some leave it to whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

Values = Mapping[str, list[str]]
"""Of one entry: the names of attributes in small letters."""

DISABLED = 0x2
"""ACCOUNTDISABLE of Active Directory's userAccountControl."""

FILETIME_BEGINS = 11_644_473_600
"""Seconds from 1601, where Active Directory's clock begins, to 1970."""

NEVER = (0, 2**63 - 1)


def in_force(values: Values, now: datetime) -> bool:
    """What cannot be read counts as a reason against: better one call to the helpdesk than one leaver let in."""
    try:
        return not any(over(value, now) for name, over in OVER.items() for value in values.get(name, []))
    except (ValueError, OverflowError):
        return False


def _disabled_in_ad(value: str, _now: datetime) -> bool:
    return bool(int(value) & DISABLED)


def _expired_in_ad(value: str, now: datetime) -> bool:
    ticks = int(value)
    return ticks not in NEVER and ticks <= (now.timestamp() + FILETIME_BEGINS) * 10**7


def _expired_in_posix(value: str, now: datetime) -> bool:
    """Days since 1970; a negative number means never."""
    return 0 <= int(value) <= now.timestamp() // 86_400


def _yes(value: str, _now: datetime) -> bool:
    return value.strip().lower() != "false"


OVER: dict[str, Callable[[str, datetime], bool]] = {
    "useraccountcontrol": _disabled_in_ad,
    "accountexpires": _expired_in_ad,
    "shadowexpire": _expired_in_posix,
    "nsaccountlock": _yes,
    "logindisabled": _yes,
}

ATTRIBUTES = ("userAccountControl", "accountExpires", "shadowExpire", "nsAccountLock", "loginDisabled")
