"""From hits to alerts: placed, masked, numbered, and renewed where they were there before.

Hits come in batches; each batch is a transaction of its own under one lock, so that two that raise at once neither double an
alert nor take the same number, and a crash between batches loses nothing: raising again goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from xiezhi.kernel import clock
from xiezhi.kernel.level import Level
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope, system_viewer
from xiezhi.web.alerts import events, gateway
from xiezhi.web.alerts.models import Alert, Counter, History
from xiezhi.web.alerts.policies import Place, Places, differs, label_of, places
from xiezhi.web.alerts.states import AlertState, HitState
from xiezhi.web.audit.record import record
from xiezhi.web.kit import search
from xiezhi.web.reveals.gateway import mask_all

LOCK = 0x78_7A_61_6C
"""One raising at a time; the unique fingerprint holds even without it."""

FIELDS = {
    "fingerprint": "text",
    "number": "text",
    "rule": "text",
    "version": "int",
    "variant": "text",
    "title_zh": "text",
    "title_en": "text",
    "line": "text",
    "level": "text",
    "level_rank": "int",
    "hit_state": "text",
    "state": "text",
    "unit_id": "bigint",
    "unit_path": "text",
    "unit_label": "text",
    "placed_by": "text",
    "region": "text",
    "subject_kind": "text",
    "subject_key": "text",
    "subject_masked": "text",
    "counterpart_kind": "text",
    "counterpart_key": "text",
    "counterpart_masked": "text",
    "cadre_level": "int",
    "label": "int",
    "period_from": "date",
    "period_to": "date",
    "amount": "bigint",
    "sentence_zh": "text",
    "sentence_en": "text",
    "seal": "text",
    "run": "int",
    "first_run": "int",
    "raised_at": "timestamptz",
    "renewed_at": "timestamptz",
    "moved_at": "timestamptz",
    "outcome": "text",
    "reason": "text",
}
KEPT = {"fingerprint", "number", "state", "raised_at", "first_run", "outcome", "reason"}
"""What an alert that was there keeps; the rest is the newest hit's. `state` and `moved_at` are said apart."""


@dataclass
class Raised:
    """What one raising did."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    woken: int = 0
    still: int = 0

    @property
    def seen(self) -> int:
        return self.new + self.changed + self.gone + self.still


def raise_alerts(by: Viewer | None = None, run: int | None = None, *, check: Callable[[], None] | None = None) -> Raised:
    """Make or renew the alert of every hit. `run`: only of the rules whose newest run this is. `check` may raise to stop it."""
    actor = by or system_viewer("alerts")
    raised = Raised()
    with system_scope("alerts"):
        where = places()
    for batch in gateway.hits(run):
        if check is not None:
            check()
        shaped = _shaped(batch, where)
        with system_scope("alerts"):
            _place_batch(shaped, raised)
    with acting_as(actor):
        record(
            events.RAISED,
            by=actor,
            on=f"run:{run or 'all'}",
            new=raised.new,
            changed=raised.changed,
            gone=raised.gone,
            woken=raised.woken,
            still=raised.still,
        )
    return raised


def _shaped(batch: Sequence[gateway.ToldHit], where: Places) -> list[dict[str, Any]]:
    """Hits as rows of alerts, without a number. The vault and the register are asked once a batch."""
    names = _names(batch)
    rules = gateway.rules()
    now = clock.now()
    return [_row(told, rules.get(told.hit.rule), names, where, now) for told in batch]


def _names(batch: Sequence[gateway.ToldHit]) -> dict[tuple[str, int], str]:
    """(identity kind, number) → what may be shown: the registered name of an organisation, else the masked form."""
    wanted: dict[str, set[int]] = {}
    for told in batch:
        hit = told.hit
        for kind, value in (
            (hit.subject_identity, hit.subject),
            (hit.counterpart_identity, hit.counterpart),
            (told.unit_identity, hit.unit),
        ):
            if kind and value is not None and str(value).isdigit():
                wanted.setdefault(kind, set()).add(int(value))
    found = {(kind, number): text for kind, numbers in wanted.items() for number, text in mask_all(kind, sorted(numbers)).items()}
    registered = gateway.organisations(sorted(wanted.get("credit_code", ())))
    return found | {("credit_code", number): name for number, name in registered.items()}


def _row(
    told: gateway.ToldHit, rule: gateway.RuleTold | None, names: dict[tuple[str, int], str], where: Places, now: datetime
) -> dict[str, Any]:
    hit = told.hit
    line = rule.domain if rule else ""
    unit = _said(told.unit_identity, hit.unit, names)
    subject, counterpart = (
        _said(hit.subject_identity, hit.subject, names),
        _said(hit.counterpart_identity, hit.counterpart, names),
    )
    place: Place = where.of(region=_region(hit.region, hit.unit), names=[unit], line=line)
    return {
        "fingerprint": hit.fingerprint,
        "rule": hit.rule,
        "version": hit.version,
        "variant": hit.variant,
        "title_zh": rule.title.zh if rule else hit.rule,
        "title_en": rule.title.en if rule else hit.rule,
        "line": line,
        "level": str(hit.level),
        "level_rank": Level(hit.level).rank,
        "hit_state": hit.state,
        "state": AlertState.OPEN.value,
        "unit_id": place.unit_id,
        "unit_path": place.path,
        "unit_label": unit[:200],
        "placed_by": place.how,
        "region": (_region(hit.region, hit.unit) or "")[:12],
        "subject_kind": hit.subject_kind,
        "subject_key": _key(hit.subject_kind, hit.subject_identity, hit.subject),
        "subject_masked": subject[:200],
        "counterpart_kind": hit.counterpart_kind or "" if hit.counterpart is not None else "",
        "counterpart_key": _key(hit.counterpart_kind or "", hit.counterpart_identity, hit.counterpart),
        "counterpart_masked": counterpart[:200],
        "cadre_level": told.managing_level,
        # A rule that is no longer among the content says nothing of its data: then the most delicate is assumed.
        "label": label_of(rule.classes, rule.identities) if rule else 3,
        "period_from": hit.period_from.isoformat() if hit.period_from else None,
        "period_to": hit.period_to.isoformat() if hit.period_to else None,
        "amount": hit.amount,
        "sentence_zh": told.sentence.zh,
        "sentence_en": told.sentence.en,
        "seal": hit.seal,
        "run": hit.run,
        "first_run": hit.first_run,
        "raised_at": now.isoformat(),
        "renewed_at": now.isoformat(),
        "moved_at": now.isoformat(),
        "outcome": "",
        "reason": "",
    }


def _said(identity: str | None, value: int | str | None, names: dict[tuple[str, int], str]) -> str:
    if value is None:
        return ""
    if identity and str(value).isdigit():
        return names.get((identity, int(value)), "******")
    return str(value)


def _key(kind: str, identity: str | None, value: int | str | None) -> str:
    return "" if value is None else f"{identity or kind}:{value}"[:80]


def _region(region: str | None, unit: str | None) -> str | None:
    """A rule may name the place in either column; statistical codes have 6, 9 or 12 digits."""
    for value in (region, unit):
        if value and str(value).isdigit() and len(str(value)) in (6, 9, 12):
            return str(value)
    return None


def _place_batch(rows: list[dict[str, Any]], raised: Raised) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    fingerprints = [row["fingerprint"] for row in rows]
    known = {
        one["fingerprint"]: one
        for one in Alert.objects.filter(fingerprint__in=fingerprints).values(
            "id",
            "number",
            "fingerprint",
            "level",
            "level_rank",
            "amount",
            "hit_state",
            "state",
            "unit_path",
            "line",
            "cadre_level",
            "label",
            "subject_key",
        )
    }
    # A hit that had gone before anybody knew of it is nobody's question.
    rows = [row for row in rows if row["fingerprint"] in known or row["hit_state"] != HitState.GONE]
    fresh = [row for row in rows if row["fingerprint"] not in known]
    numbers = _numbers(len(fresh))
    for row, number in zip(fresh, numbers, strict=True):
        row["number"] = number
    for row in rows:
        if row["fingerprint"] in known:
            row["number"] = known[row["fingerprint"]]["number"]
        row["grams"] = search.bigrams(_searched(row))
    _upsert(rows)
    raised.new += len(fresh)
    _remember([(dict(known[row["fingerprint"]]), row) for row in rows if row["fingerprint"] in known], raised)


def _searched(row: dict[str, Any]) -> str:
    names = (
        "number",
        "sentence_zh",
        "sentence_en",
        "unit_label",
        "title_zh",
        "title_en",
        "rule",
        "subject_masked",
        "counterpart_masked",
    )
    return " ".join(row[name] for name in names)


def _numbers(count: int) -> list[str]:
    if not count:
        return []
    year = clock.now().year
    Counter.objects.get_or_create(year=year)
    counter = Counter.objects.select_for_update().get(year=year)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return [f"{year}-{number:06d}" for number in range(first, first + count)]


def _upsert(rows: list[dict[str, Any]]) -> None:
    """One statement a batch: the rows go over as JSON and come out as a table."""
    if not rows:
        return
    names = ", ".join(FIELDS)
    shape = ", ".join(f"{name} {kind}" for name, kind in FIELDS.items())
    renewed = ", ".join(f"{name} = excluded.{name}" for name in FIELDS if name not in KEPT and name != "moved_at")
    moved = (
        "a.level IS DISTINCT FROM excluded.level OR a.amount IS DISTINCT FROM excluded.amount"
        " OR a.hit_state <> excluded.hit_state"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO alerts_alert AS a ({names}, search) "
            f"SELECT {', '.join('r.' + name for name in FIELDS)}, to_tsvector('simple', r.grams) "
            f"FROM jsonb_to_recordset(%s::jsonb) AS r({shape}, grams text) "
            f"ON CONFLICT (fingerprint) DO UPDATE SET {renewed}, "
            f"moved_at = CASE WHEN {moved} THEN excluded.moved_at ELSE a.moved_at END, "
            "state = CASE WHEN a.state = 'snoozed' AND excluded.level_rank > a.level_rank THEN 'open' ELSE a.state END, "
            "search = excluded.search",
            [json.dumps(rows, ensure_ascii=False)],
        )


def _remember(pairs: list[tuple[dict[str, Any], dict[str, Any]]], raised: Raised) -> None:
    """A line of history where something is not as it was."""
    lines = []
    now = clock.now()
    for before, after in pairs:
        found = differs(before, after)
        woken = before["state"] == AlertState.SNOOZED and after["level_rank"] > before["level_rank"]
        gone = after["hit_state"] == HitState.GONE
        what = _what(before, found, woken=woken, gone=gone)
        raised.woken += woken
        raised.gone += gone
        raised.changed += what == "changed"
        raised.still += not gone and what != "changed"
        if what:
            lines.append(_line(before, what, now, found))
    History.objects.bulk_create(lines, batch_size=1000)


def _what(before: dict[str, Any], found: dict[str, Any], *, woken: bool, gone: bool) -> str:
    if woken:
        return "woken"
    if gone:
        return "gone" if before["hit_state"] != HitState.GONE else ""
    if before["hit_state"] == HitState.GONE:
        return "back"
    return "changed" if found.keys() & {"level", "amount"} else ""


def _line(before: dict[str, Any], what: str, now: datetime, found: dict[str, Any]) -> History:
    return History(
        alert_id=before["id"],
        at=now,
        what=what,
        by_username="system:alerts",
        by_name="",
        before={name: pair[0] for name, pair in found.items()},
        after={name: pair[1] for name, pair in found.items()},
        unit_path=before["unit_path"],
        line=before["line"],
        cadre_level=before["cadre_level"],
        label=before["label"],
        subject_key=before["subject_key"],
    )
