"""What happened to an alert, line by line, and the seals it has had."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel.level import Level
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts.models import Alert, History, Mismatch, Seal
from xiezhi.web.alerts.queries import Sealed, alerts
from xiezhi.web.kit import display
from xiezhi.web.kit.levels import LEVELS
from xiezhi.web.language import localise
from xiezhi.web.matters.models import Step
from xiezhi.web.matters.presenters.matter import reads_what_is_said
from xiezhi.web.matters.presenters.matter import timeline as matter_timeline
from xiezhi.web.supervision.states import Conclusion

ICONS = {
    "dismiss": "check",
    "reopen": "undo",
    "snooze": "snooze",
    "wake": "play",
    "merge": "merge",
    "changed": "edit",
    "gone": "minus",
    "back": "refresh",
    "woken": "bell",
    "raised": "flag",
}
TONES = {"dismiss": "good", "reopen": "warn", "gone": "", "changed": "warn", "woken": "warn", "back": "warn"}


def timeline(alert: Alert, lines: Sequence[History], steps: Sequence[Step], viewer: Viewer) -> list[dict[str, Any]]:
    """What people did and what runs did, newest first; with what people said where the viewer reads it."""
    reads = alert.matter is not None and reads_what_is_said(alert.matter, viewer)
    words = {
        "dismiss": _("了结"),
        "reopen": _("重新打开"),
        "snooze": _("暂缓"),
        "wake": _("结束暂缓"),
        "merge": _("并入"),
        "changed": _("命中有变化"),
        "gone": _("命中已消失"),
        "back": _("命中再次出现"),
        "woken": _("级别上升，恢复待处置"),
    }
    shown = _seen([str(line.after["into"]) for line in lines if "into" in line.after], viewer)
    told = [
        {
            "what": " ".join(filter(None, [words.get(line.what, line.what), _said_after(line, shown)])),
            "at": line.at,
            "by": " ".join(filter(None, [line.by_name if reads else "", line.by_unit])) or _by_run(line),
            "why": (line.why if reads else "") or _gone(line),
            "icon": ICONS.get(line.what, "check"),
            "tone": TONES.get(line.what, ""),
        }
        for line in lines
    ]
    done = matter_timeline(alert.matter, steps, viewer) if alert.matter is not None else []
    everything = sorted([*told, *done], key=lambda line: line["at"], reverse=True)
    return [*everything, {"what": _("生成预警"), "at": alert.raised_at, "by": _("系统"), "why": "", "icon": "flag", "tone": ""}]


def _by_run(line: History) -> str:
    """What the platform did after a run says by which, and the seal the alert had from then on."""
    if "seal" not in line.after:
        return _("系统")
    return _("系统 · 第 %(run)s 次运行 · 封印 %(seal)s") % {"run": line.after["run"], "seal": line.after["seal"][:16]}


def _seen(numbers: Sequence[str], viewer: Viewer) -> frozenset[str]:
    """Of alerts that lines of history name those that the viewer sees as well."""
    return frozenset(alerts(viewer).filter(number__in=numbers).values_list("number", flat=True)) if numbers else frozenset()


def _said_after(line: History, shown: Collection[str]) -> str:
    after = line.after
    if after.get("outcome"):
        return str(Conclusion(after["outcome"]).label)
    if "into" in after:
        return str(after["into"]) if after["into"] in shown else _("您看不到的一条")
    if "until" in after:
        return _("至 %(day)s") % {"day": after["until"]}
    return _("；").join(_changed(line)) if line.what in ("changed", "woken") else ""


def _changed(line: History) -> list[str]:
    """Level and amount as people read them, from what to what."""
    before, after, told = line.before, line.after, []
    if "level" in after:
        told.append(f"{_level(before.get('level'))} → {_level(after['level'])}")
    if "amount" in after:
        told.append(f"{_yuan(before.get('amount'))} → {_yuan(after['amount'])}")
    return told


def _level(level: str | None) -> str:
    return str(LEVELS[Level(level)]) if level else display.DASH


def _yuan(fen: int | None) -> str:
    return display.DASH if fen is None else f"{display.money(fen)} {_('元')}"


def _gone(line: History) -> str:
    return localise(Words(zh=line.after.get("gone_zh", ""), en=line.after.get("gone_en", "")))


def seals(found: Sequence[Seal], now: str) -> list[dict[str, Any]]:
    """Newest first, each with the runs that gave it; `current`: the one that the alert has now."""
    return [{"seal": one.seal, "current": one.seal == now, **_lasted(one)} for one in found]


def sealed_rows(found: Sequence[Sealed]) -> list[dict[str, Any]]:
    """What a printed seal belongs to: alert, runs, moments."""
    return [{"one": one, "url": reverse("alerts:one", args=[one.number]), **_lasted(one)} for one in found]


def mismatch(one: Mismatch, number: str) -> dict[str, Any]:
    """A difference that a replay found. `number`: of the alert, where it is about one in sight."""
    return {
        "one": one,
        "said": one.said,
        "url": reverse("alerts:one", args=[number]) if number else "",
        "number": number,
        "open": one.handled_at is None,
    }


def _lasted(one: Seal | Sealed) -> dict[str, Any]:
    first, last = display.moment(one.at), display.moment(one.last_at)
    return {
        "runs": one.run if one.run == one.last_run else f"{one.run}–{one.last_run}",
        "when": first if first == last else f"{first} – {last}",
    }
