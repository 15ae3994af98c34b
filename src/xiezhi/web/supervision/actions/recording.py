"""Copy the lake's runs into the database, so that they can be listed and counted within a scope. The lake stays right.

May be done at any time, twice, or by two processes at once. Each run is a transaction of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from xiezhi.kernel import clock
from xiezhi.web.accounts.models import Unit
from xiezhi.web.accounts.queries import recused_keys
from xiezhi.web.accounts.viewer import Viewer, system_scope
from xiezhi.web.audit.record import record
from xiezhi.web.supervision import events, gateway
from xiezhi.web.supervision.gateway import RunRecord
from xiezhi.web.supervision.models import Coverage, Run, RunRule, Tally
from xiezhi.web.supervision.policies import Places, places, region_of
from xiezhi.web.supervision.queries.naming import names_of
from xiezhi.web.supervision.queries.placing import Placed, placed
from xiezhi.web.supervision.states import Ending, HitState

LOCK = 0x78_7A_72_6E
"""Of PostgreSQL's advisory locks: one copying at a time."""


class Heap(NamedTuple):
    """Hits that are counted together."""

    rule: str
    level: str
    state: str
    unit_path: str
    line: str
    cadre_level: int
    label: int
    subject_key: str
    parties: tuple[str, ...]


def record_runs(by: Viewer | None = None, *, check: Callable[[], None] | None = None) -> list[int]:
    """Copy every run that is not there yet; their numbers, oldest first. `check` may raise to stop between two.

    Where the site has no unit yet they wait: a hit could not be placed.
    """
    with system_scope("runs"):
        if not Unit.objects.exists():
            return []
        newest = Run.objects.order_by("-number").values_list("number", flat=True).first() or 0
    waiting = gateway.runs(after=newest)
    if not waiting:
        return []
    where, recused = _city()
    copied = []
    for one in waiting:
        if check is not None:
            check()
        counts, amounts = _counted(one.run, where, recused)
        covered = _covered(one, where)
        with system_scope("runs") as platform:
            if _copy(one, counts, amounts, covered):
                _tell_trail(one, counts, by or platform)
                copied.append(one.run)
    return copied


def _city() -> tuple[Places, frozenset[str]]:
    """Where units lie, and from whom somebody recused themselves."""
    with system_scope("runs"):
        return places(), recused_keys()


def _counted(run: int, where: Places, recused: frozenset[str]) -> tuple[Counter[Heap], Counter[Heap]]:
    """Hits and fen by heap."""
    counts: Counter[Heap] = Counter()
    amounts: Counter[Heap] = Counter()
    for batch in gateway.run_hits(run, parties=bool(recused)):
        for at in placed(batch, where):
            heap = _heap(at, recused)
            counts[heap] += 1
            amounts[heap] += at.told.hit.amount or 0
    return counts, amounts


def _heap(at: Placed, recused: frozenset[str]) -> Heap:
    hit = at.told.hit
    apart = at.subject_key if at.subject_key in recused else ""
    parties = tuple(key for key in at.parties if key in recused)
    return Heap(hit.rule, str(hit.level), hit.state, at.place.path, at.line, at.cadre_level, at.label, apart, parties)


def _covered(one: RunRecord, where: Places) -> list[dict[str, Any]]:
    """Rows of coverage of the rules that ended well, or could not be computed at all."""
    told = gateway.coverage(one.run)
    names = names_of((row.unit_identity, row.unit) for row in told)
    rules = gateway.rules()
    found: Counter[tuple[Any, ...]] = Counter()
    for row in told:
        unit = names.of(row.unit_identity, row.unit)
        line = rules[row.rule].domain if row.rule in rules else ""
        place = where.of(region=region_of(None, row.unit), names=[unit], line=line)
        found[row.rule, unit[:200], place.path, line, row.month, row.outcome] += row.rows
    columns = ("rule", "unit_label", "unit_path", "line", "month", "outcome")
    return [dict(zip(columns, key, strict=True), rows=rows) for key, rows in sorted(found.items(), key=lambda pair: str(pair[0]))]


def _copy(one: RunRecord, counts: Counter[Heap], amounts: Counter[Heap], covered: list[dict[str, Any]]) -> bool:
    """False where another process was quicker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if Run.objects.filter(pk=one.run).exists():
        return False
    run = Run.objects.create(
        number=one.run,
        state=one.state,
        snapshot=one.snapshot,
        engine=one.engine,
        actor=one.actor,
        started=_moment(one.started),
        finished=_moment(one.finished),
        parameters=one.parameters,
        seconds=one.seconds,
        copied_at=clock.now(),
    )
    RunRule.objects.bulk_create(_endings(run, one))
    Tally.objects.bulk_create(
        [
            Tally(run=run, hits=number, amount=amounts[heap] or None, **{**heap._asdict(), "parties": list(heap.parties)})
            for heap, number in counts.items()
        ],
        batch_size=1000,
    )
    Coverage.objects.filter(rule__in={row["rule"] for row in covered}).delete()
    Coverage.objects.bulk_create([Coverage(run=run, **row) for row in covered], batch_size=1000)
    return True


def _endings(run: Run, one: RunRecord) -> Iterable[RunRule]:
    for ending in one.rules:
        told = asdict(ending)
        kept = {name: told[name] for name in ("version", "ending", "seconds", "problem")}
        yield RunRule(run=run, rule=ending.code, missing=gateway.missing_facts(ending.problem), **kept)


def _tell_trail(one: RunRecord, counts: Counter[Heap], by: Viewer) -> None:
    states: Counter[str] = Counter()
    for heap, number in counts.items():
        states[heap.state] += number
    ended: Counter[str] = Counter(ending.ending for ending in one.rules)
    record(
        events.RUN_FINISHED,
        by=by,
        on=f"run:{one.run}",
        rules=len(one.rules),
        new=states[HitState.NEW],
        changed=states[HitState.CHANGED],
        gone=states[HitState.GONE],
        broken=ended[Ending.BROKEN.value],
        not_computable=ended[Ending.NOT_COMPUTABLE.value],
    )


def _moment(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if timezone.is_aware(when) else timezone.make_aware(when)
