"""From hits to alerts: placed, masked, numbered, and renewed where they were there before.

Hits come in batches; each batch is a transaction of its own under one lock, so that two that raise at once neither double an
alert nor take the same number, and a crash between batches loses nothing: raising again goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection

from xiezhi.kernel import clock
from xiezhi.kernel.level import Level
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope, system_viewer
from xiezhi.web.alerts import events, gateway
from xiezhi.web.alerts.actions.matters import begin_matters, lock_matters, renew_matters
from xiezhi.web.alerts.actions.sealing import keep_seals
from xiezhi.web.alerts.models import Alert, Counter, History
from xiezhi.web.alerts.policies import differs
from xiezhi.web.alerts.states import AlertState
from xiezhi.web.audit.record import record
from xiezhi.web.kit import search
from xiezhi.web.matters.actions import moving
from xiezhi.web.matters.queries.matters import in_approval
from xiezhi.web.supervision import gateway as supervision
from xiezhi.web.supervision.gateway import ExplainedHit, RuleDescription
from xiezhi.web.supervision.policies import places, with_places
from xiezhi.web.supervision.queries import decided_before, region_names
from xiezhi.web.supervision.queries.placing import Placed, placed
from xiezhi.web.supervision.states import HitState

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
    "gone_zh": "text",
    "gone_en": "text",
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
    "parties": "text[]",
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


NOTHING = Words(zh="", en="")

WOKEN_WHY = "级别上升，恢复待处置"
WOKEN_BY = {AlertState.SNOOZED: "wake", AlertState.DISMISSED: "reopen"}
"""What somebody put off, or closed without a verification, when it was less grave is looked at again."""


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
        where, rules, called = places(), supervision.rules(), region_names()
    for batch in chain(gateway.hits(run), _missed(run)):
        if check is not None:
            check()
        now = clock.now()
        shaped = [_row(at, rules.get(at.told.hit.rule), called, now) for at in placed(batch, where)]
        with system_scope("alerts"):
            _name_deciders(shaped, batch)
            _place_batch(shaped, raised)
            keep_seals(shaped, now)
    with acting_as(actor):
        record(
            events.RAISED,
            by=actor,
            on=f"run:{run}" if run else "run",
            new=raised.new,
            changed=raised.changed,
            gone=raised.gone,
            woken=raised.woken,
            still=raised.still,
        )
    return raised


def _missed(run: int | None) -> Iterator[list[ExplainedHit]]:
    """Hits that went in a run after which no alerts were raised: the newest runs do not have them, and their alerts still stand.

    Asked after the others: by then every alert that stands is of its rule's newest run.
    """
    with system_scope("alerts"):
        stale = [
            fingerprint
            for code, newest in gateway.newest_runs().items()
            if run in (None, newest)
            for fingerprint in Alert.objects.filter(rule=code, run__lt=newest)
            .exclude(hit_state=HitState.GONE)
            .values_list("fingerprint", flat=True)
        ]
    if stale:
        yield from gateway.vanished(stale)


def _row(at: Placed, rule: RuleDescription | None, called: Mapping[str, Words], now: datetime) -> dict[str, Any]:
    """A hit as a row, without its number. Places by their names, so that the search finds them by these."""
    hit, sentence = at.told.hit, with_places(at.told.sentence, called)
    gone = with_places(at.told.gone, called) if at.told.gone is not None else NOTHING
    return {
        "fingerprint": hit.fingerprint,
        "rule": hit.rule,
        "version": hit.version,
        "variant": hit.variant,
        "title_zh": rule.title.zh if rule else hit.rule,
        "title_en": rule.title.en if rule else hit.rule,
        "line": at.line,
        "level": str(hit.level),
        "level_rank": Level(hit.level).rank,
        "hit_state": hit.state,
        "gone_zh": gone.zh,
        "gone_en": gone.en,
        "state": AlertState.OPEN.value,
        "unit_id": at.place.unit_id,
        "unit_path": at.place.path,
        "unit_label": at.unit,
        "placed_by": at.place.how,
        "region": at.region,
        "subject_kind": hit.subject_kind,
        "subject_key": at.subject_key,
        "subject_masked": at.subject,
        "counterpart_kind": hit.counterpart_kind or "" if hit.counterpart is not None else "",
        "counterpart_key": at.counterpart_key,
        "counterpart_masked": called[at.counterpart].zh if at.counterpart in called else at.counterpart,
        "parties": list(at.parties),
        "cadre_level": at.cadre_level,
        "label": at.label,
        "period_from": hit.period_from.isoformat() if hit.period_from else None,
        "period_to": hit.period_to.isoformat() if hit.period_to else None,
        "amount": hit.amount,
        "sentence_zh": sentence.zh,
        "sentence_en": sentence.en,
        "seal": hit.seal,
        "run": hit.run,
        "first_run": hit.first_run,
        "raised_at": now.isoformat(),
        "renewed_at": now.isoformat(),
        "moved_at": now.isoformat(),
        "outcome": "",
        "reason": "",
    }


def _name_deciders(rows: list[dict[str, Any]], batch: Sequence[ExplainedHit]) -> None:
    """Where a parameter was changed: who proposed it and who approved it, which the lake does not know."""
    changed = {told.hit.fingerprint for told in batch if "parameter" in told.gone_kinds}
    deciders: dict[tuple[str, int], Words | None] = {}
    for row in rows:
        if row["fingerprint"] not in changed:
            continue
        key = (row["rule"], row["run"])
        if key not in deciders:
            deciders[key] = decided_before(*key)
        if (who := deciders[key]) is not None:
            row["gone_zh"] += f"；{who.zh}"
            row["gone_en"] += f"; {who.en}"


def _place_batch(rows: list[dict[str, Any]], raised: Raised) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    fingerprints = [row["fingerprint"] for row in rows]
    lock_matters(fingerprints)
    known = {
        one["fingerprint"]: one
        for one in Alert.objects.filter(fingerprint__in=fingerprints).values(
            "id",
            "number",
            "matter_id",
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
            "parties",
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
    begin_matters(fresh)
    pairs = [(dict(known[row["fingerprint"]]), row) for row in rows if row["fingerprint"] in known]
    renew_matters([row for _before, row in pairs])
    _remember(pairs, raised)


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
    year = clock.today().year
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
    renewed = ", ".join(f"{name} = excluded.{name}" for name in FIELDS if name not in KEPT | {"moved_at", "parties"})
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
            # Whoever was a party once stays one: the history and the earlier seals are still about them.
            "parties = ARRAY(SELECT DISTINCT p FROM unnest(a.parties || excluded.parties) AS p ORDER BY p), "
            f"moved_at = CASE WHEN {moved} THEN excluded.moved_at ELSE a.moved_at END, "
            "search = excluded.search",
            [json.dumps(rows, ensure_ascii=False)],
        )


def _remember(pairs: list[tuple[dict[str, Any], dict[str, Any]]], raised: Raised) -> None:
    """A line of history where something is not as it was."""
    lines = []
    now = clock.now()
    for before, after in pairs:
        found = differs(before, after)
        graver = after["level_rank"] > before["level_rank"]
        woken = graver and before["state"] in WOKEN_BY and not in_approval(before["matter_id"])
        gone = after["hit_state"] == HitState.GONE
        what = _what(before, found, woken=woken, gone=gone)
        raised.woken += woken
        raised.gone += gone
        raised.changed += what == "changed"
        raised.still += not gone and what != "changed"
        if woken:
            moving.move(before["matter_id"], WOKEN_BY[before["state"]], {"why": WOKEN_WHY}, by=system_viewer("alerts"))
        if what:
            lines.append(_line(before, after, what, now, found))
    History.objects.bulk_create(lines, batch_size=1000)


def _what(before: dict[str, Any], found: dict[str, Any], *, woken: bool, gone: bool) -> str:
    if woken:
        return "woken"
    if gone:
        return "gone" if before["hit_state"] != HitState.GONE else ""
    if before["hit_state"] == HitState.GONE:
        return "back"
    return "changed" if found.keys() & {"level", "amount"} else ""


def _line(before: dict[str, Any], after: dict[str, Any], what: str, now: datetime, found: dict[str, Any]) -> History:
    """What a run did, with the seal and the run by which it can be found again, and why a hit is gone."""
    gone = {name: after[name] for name in ("gone_zh", "gone_en") if what == "gone" and after[name]}
    return History(
        alert_id=before["id"],
        at=now,
        what=what,
        by_username="system:alerts",
        by_name="",
        before={name: pair[0] for name, pair in found.items()},
        after={name: pair[1] for name, pair in found.items()} | gone | {"run": after["run"], "seal": after["seal"]},
        unit_path=before["unit_path"],
        line=before["line"],
        cadre_level=before["cadre_level"],
        label=before["label"],
        subject_key=before["subject_key"],
        parties=sorted({*before["parties"], *after["parties"]}),
    )
