"""The verifier: rows and checkpoints in, a verdict out. Pure; it reads no database and knows no Django.

It walks the chain once, in order, whatever its length: it keeps one digest and the checkpoints, not the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from xiezhi.web.audit.chain import GENESIS, Event, LinkRow, LooseRow, digest_of
from xiezhi.web.audit.checkpoint_checks import Mark, Marks, marks_of
from xiezhi.web.audit.faults import FaultKind, TrailFault, fault
from xiezhi.web.audit.keys import PublicKey

PATIENCE = timedelta(minutes=15)
"""How long an event may wait for its link, and a link for its checkpoint. Sealing runs every minute."""

KEPT = 1000
"""Faults that a verdict spells out. All are counted."""

PAIRED = 200
"""Altered rows among which swapped ones are looked for."""

STEP = 10_000
SLACK = timedelta(days=1)
"""How much older than its forerunners an event may be before it is noted: a long transaction, a clock put right."""


@dataclass
class Verdict:
    """What was found. `sound`: nothing was altered, as far as these checkpoints reach."""

    links: int = 0
    waiting: int = 0
    checkpoints: int = 0
    size_signed: int = 0
    root: str = ""
    faults: list[TrailFault] = field(default_factory=list)
    counts: Counter[FaultKind] = field(default_factory=Counter)

    @property
    def sound(self) -> bool:
        return all(kind.is_note for kind in self.counts)

    def add(self, *found: TrailFault) -> None:
        for one in found:
            self.counts[one.kind] += 1
            if len(self.faults) < KEPT:
                self.faults.append(one)


@dataclass(frozen=True)
class Evidence:
    """What is held against the rows: the checkpoints, the key they are signed with, and what is kept elsewhere.

    `copy`: lines of the second file. `expected`: (size, root in hex) of checkpoints on paper. `gone`: ids that stand in the
    sealer's queue though their event is nowhere.
    """

    lines: Sequence[bytes]
    key: PublicKey | None
    unfinished: bool = False
    copy: Sequence[bytes] | None = None
    expected: Sequence[tuple[int, str]] = ()
    gone: Sequence[int] = ()


def verify(
    rows: Iterable[LinkRow],
    loose: Iterable[LooseRow],
    evidence: Evidence,
    *,
    now: datetime,
    patience: timedelta = PATIENCE,
    step: Callable[[int], None] = lambda done: None,
) -> Verdict:
    """Walk the links in their order, then the events without a link. `step` hears now and then how many links are done."""
    verdict, late = Verdict(), _stamp(now - patience)
    marks = marks_of(evidence.lines, evidence.key, evidence.copy, evidence.expected)
    verdict.add(*marks.faults)
    verdict.checkpoints, verdict.size_signed, verdict.root = marks.count, marks.covered, marks.root
    if evidence.unfinished:
        verdict.add(
            fault(FaultKind.UNFINISHED, ("检查点文件", "file of checkpoints"), ("写入时曾中断", "writing it was cut short"))
        )
    walk = _Walk(verdict, marks, late)
    for row in rows:
        walk.link(row)
        if row.seq % STEP == 0:
            step(walk.links)
    walk.end()
    _loose(verdict, loose, late)
    for event_id in evidence.gone:
        verdict.add(fault(FaultKind.DELETED, _event(event_id), ("封存之前被删除", "removed before it was sealed")))
    return verdict


class _Walk:
    """Along the chain, link by link."""

    def __init__(self, verdict: Verdict, marks: Marks, late: str) -> None:
        self.verdict, self.marks, self.late = verdict, marks, late
        self.links = self.seq = self.uncovered = self.batch = 0
        self.digest = GENESIS
        self.agreed = 0
        self.parted = False
        self.wrong: list[LinkRow] = []
        self.newest = self.floor = ""
        self.odd = self.first_odd = 0

    def link(self, row: LinkRow) -> None:
        if row.seq != self.seq + 1:
            self._gap(row)
        elif row.previous != self.digest:
            detail = ("它所接的不是前一环", "the link it follows is not the one before it")
            self.verdict.add(fault(FaultKind.REORDERED, _link(row.seq), detail))
        self.seq, self.digest = row.seq, row.digest
        self.links += 1
        if row.event is None:
            self.verdict.add(
                fault(FaultKind.DELETED, _event(row.event_id), (f"第 {row.seq} 环还在", f"its link {row.seq} is there"))
            )
        else:
            self._event(row)
        if row.seq > self.marks.covered and not self.uncovered:
            self._cover(row)
        mark = self.marks.at.get(row.seq)
        if mark is not None:
            self._compare(row, mark)

    def end(self) -> None:
        self.verdict.links = self.links
        self._settle_wrong()
        self._note_odd()
        for mark in self.marks.beyond(self.seq):
            detail = (
                f"{mark.label.zh}时有 {mark.size} 环，现有 {self.seq} 环",
                f"{mark.label.en} saw {mark.size} links, {self.seq} are left",
            )
            self.verdict.add(fault(FaultKind.CUT, _link(self.seq + 1), detail))
        if self.uncovered:
            detail = ("其后没有检查点", "no checkpoint covers it and what follows")
            self.verdict.add(fault(FaultKind.CHECKPOINT_MISSING, _link(self.uncovered), detail))

    def _note_odd(self) -> None:
        """One note for all of them: a clock put right leaves many."""
        if self.odd:
            detail = (f"共 {self.odd} 个，从此事件起", f"{self.odd} of them, from this one on")
            self.verdict.add(fault(FaultKind.OUT_OF_TIME, _event(self.first_odd), detail))

    def _cover(self, row: LinkRow) -> None:
        """Past the last checkpoint only the batch that is being sealed may stand, and not for long."""
        self.batch = self.batch or row.batch
        if row.batch != self.batch or (row.event is not None and row.event["at"] < self.late):
            self.uncovered = row.seq

    def _gap(self, row: LinkRow) -> None:
        first, last = self.seq + 1, row.seq - 1
        where = (f"第 {first}–{last} 环", f"links {first}–{last}") if last > first else _link(first)
        self.verdict.add(fault(FaultKind.LINKS_LOST, where, (f"共 {last - first + 1} 环", f"{last - first + 1} in all")))

    def _event(self, row: LinkRow) -> None:
        event = row.event
        assert event is not None
        if event["id"] != row.event_id or not _fits(row, event):
            self.wrong.append(row) if len(self.wrong) < PAIRED else self.verdict.add(_altered(row))
        at = event["at"]
        if at[:10] < self.floor:
            self.odd, self.first_odd = self.odd + 1, self.first_odd or row.event_id
        elif at > self.newest:
            self._later(at)

    def _later(self, at: str) -> None:
        if at[:10] != self.newest[:10]:
            with suppress(ValueError):
                self.floor = (date.fromisoformat(at[:10]) - SLACK).isoformat()
        self.newest = at

    def _compare(self, row: LinkRow, mark: Mark) -> None:
        """The chain against a checkpoint: where it agrees, everything before is as it was signed."""
        if row.digest == mark.root:
            self.agreed, self.parted = row.seq, False
        elif not self.parted:
            self.parted = True
            where = (f"第 {self.agreed + 1}–{row.seq} 环", f"links {self.agreed + 1}–{row.seq}")
            detail = (f"与{mark.label.zh}不符", f"not what {mark.label.en} says")
            self.verdict.add(fault(mark.kind, where, detail))

    def _settle_wrong(self) -> None:
        """Rows whose digest does not fit: two that fit with their events exchanged were swapped, the others altered."""
        swapped: set[int] = set()
        for row in self.wrong:
            if any(other.seq != row.seq and other.event and _fits(row, other.event) for other in self.wrong):
                swapped.add(row.seq)
        for row in self.wrong:
            if row.seq in swapped:
                detail = ("与另一事件互换了位置", "it stands in another event's place")
                self.verdict.add(fault(FaultKind.REORDERED, _link(row.seq), detail))
            else:
                self.verdict.add(_altered(row))


def _loose(verdict: Verdict, loose: Iterable[LooseRow], late: str) -> None:
    """Events without a link: queued a moment ago, queued too long ago, or never queued at all."""
    waiting, first = 0, ""
    for row in loose:
        if not row.pending:
            detail = ("既无环，也不在待封存之列", "it has no link and was never queued")
            verdict.add(fault(FaultKind.INSERTED, _event(row.event["id"]), detail))
            continue
        verdict.waiting += 1
        if row.event["at"] < late:
            waiting, first = waiting + 1, min(first or row.event["at"], row.event["at"])
    if waiting:
        detail = (f"{waiting} 个，最早 {first}", f"{waiting} of them, the oldest of {first}")
        verdict.add(fault(FaultKind.UNSEALED, ("待封存的事件", "events that wait"), detail))


def _fits(row: LinkRow, event: Event) -> bool:
    try:
        return digest_of(row.previous, event) == row.digest
    except ValueError:
        # A text that cannot be written as UTF-8: no database holds one, but a forged export may.
        return False


def _altered(row: LinkRow) -> TrailFault:
    return fault(FaultKind.ALTERED, _event(row.event_id), (f"与第 {row.seq} 环不符", f"it does not fit its link {row.seq}"))


def _event(event_id: int) -> tuple[str, str]:
    return f"事件 {event_id}", f"event {event_id}"


def _link(seq: int) -> tuple[str, str]:
    return f"第 {seq} 环", f"link {seq}"


def _stamp(moment: datetime) -> str:
    """In the spelling of events, so that texts compare as times do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
