"""How a value of the domain is written: money, days, moments, numbers, sizes. Text only; the tags put it into HTML."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from xiezhi.kernel.errors import XiezhiError
from xiezhi.web.language import page_language

DASH = "—"


def money(fen: int | None) -> str:
    """Whole fen as yuan: 1,234.50. Never through a float."""
    if fen is None:
        return DASH
    sign, value = ("-" if fen < 0 else ""), abs(int(fen))
    return f"{sign}{value // 100:,}.{value % 100:02d}"


def number(value: int | float | None) -> str:
    if value is None:
        return DASH
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")


def day(value: date | datetime | None) -> str:
    """2026-11-21, in the house's time zone."""
    if value is None:
        return DASH
    if isinstance(value, datetime):
        value = local(value)
    return value.strftime("%Y-%m-%d")


def moment(value: datetime | None, *, seconds: bool = False) -> str:
    """2026-11-21 17:02."""
    return DASH if value is None else local(value).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def size(octets: int | None) -> str:
    """File sizes: 12 KB, 3.4 MB."""
    if octets is None:
        return DASH
    amount, unit = float(octets), "B"
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if amount < 1024 or unit == "TB":
            break
        amount /= 1024
    return f"{amount:.0f} {unit}" if unit in ("B", "KB") or amount >= 100 else f"{amount:.1f} {unit}"


def lasting(seconds: float | None) -> str:
    """A duration in its two largest units: 3 天 4 小时."""
    if seconds is None:
        return DASH
    whole = int(seconds)
    days, hours, minutes = whole // 86400, whole % 86400 // 3600, whole % 3600 // 60
    if days:
        return _("%(days)s 天 %(hours)s 小时") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("%(minutes)s 分 %(seconds)s 秒") % {"minutes": minutes, "seconds": whole % 60}
    return _("%(seconds)s 秒") % {"seconds": f"{seconds:.1f}" if seconds < 10 else whole}


def said(error: XiezhiError) -> tuple[str, str]:
    """What went wrong, and what to do about it (empty where nothing is said), in the language of the page."""
    return (error.en, error.todo_en) if page_language() == "en" else (error.zh, error.todo_zh)


def refusal(error: XiezhiError) -> str:
    """What went wrong and what to do about it, in one line."""
    return (". " if page_language() == "en" else "。").join(part for part in said(error) if part)


def actor(username: str) -> str:
    """A user name as people read it: what the platform did of itself, or a command, was done by no account."""
    if username.startswith("system:"):
        return _("系统")
    return _("命令行（%(user)s）") % {"user": username.removeprefix("command:")} if username.startswith("command:") else username
