"""The checkpoints against each other, against their key, and against the copies; and what they say of the chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from xiezhi.kernel.words import Words
from xiezhi.web.audit.checkpoints import NONE, Checkpoint, checkpoints_in
from xiezhi.web.audit.faults import FaultKind, TrailFault, fault
from xiezhi.web.audit.keys import PublicKey


@dataclass(frozen=True)
class Mark:
    """What the chain must be at one size, and who says so."""

    size: int
    root: bytes
    label: Words
    kind: FaultKind = FaultKind.REWRITTEN


@dataclass
class Marks:
    """Everything the chain is held against. `covered`: up to which link a valid checkpoint reaches."""

    at: dict[int, Mark] = field(default_factory=dict)
    faults: list[TrailFault] = field(default_factory=list)
    count: int = 0
    covered: int = 0
    root: str = ""

    def beyond(self, size: int) -> Iterator[Mark]:
        """The farthest mark past the end of the chain: that one says all."""
        farthest = max(self.at, default=0)
        if farthest > size:
            yield self.at[farthest]


def marks_of(
    lines: Sequence[bytes], key: PublicKey | None, copy: Sequence[bytes] | None, expected: Sequence[tuple[int, str]]
) -> Marks:
    """Check the file of checkpoints, and gather what it, its copy and the paper say."""
    marks = Marks()
    own = _sound(lines, key, marks.faults)
    _gather(marks, own, FaultKind.REWRITTEN, ("检查点", "checkpoint"))
    if own:
        marks.count, marks.covered, marks.root = len(own), own[-1].size, own[-1].root
    if copy is not None:
        _compare_copy(lines, copy, marks.faults)
        elsewhere = _sound(copy, key, []) if copy != lines[: len(copy)] else []
        _gather(marks, elsewhere, FaultKind.COPY_DIFFERS, ("外部检查点", "the copy's checkpoint"))
    for size, root in expected:
        label = Words(zh=f"纸面记录（{size}）", en=f"the paper for {size}")
        marks.at[size] = Mark(size, bytes.fromhex(root), label, FaultKind.COPY_DIFFERS)
    return marks


def _gather(marks: Marks, checkpoints: Sequence[Checkpoint], kind: FaultKind, name: tuple[str, str]) -> None:
    """A declared break excuses the checkpoints before it that reach farther than it: those links are gone, and it says so."""
    broken_at: int | None = None
    for checkpoint in reversed(checkpoints):
        if broken_at is not None and checkpoint.size > broken_at:
            continue
        if checkpoint.broken:
            broken_at = min(checkpoint.size, checkpoint.size if broken_at is None else broken_at)
            where = (f"检查点 {checkpoint.number}", f"checkpoint {checkpoint.number}")
            marks.faults.append(fault(FaultKind.BREAK, where, (checkpoint.broken, checkpoint.broken)))
        if checkpoint.size and (kind is FaultKind.COPY_DIFFERS or checkpoint.size not in marks.at):
            label = Words(zh=f"{name[0]} {checkpoint.number}", en=f"{name[1]} {checkpoint.number}")
            marks.at[checkpoint.size] = Mark(checkpoint.size, bytes.fromhex(checkpoint.root), label, kind)


def _sound(lines: Sequence[bytes], key: PublicKey | None, faults: list[TrailFault]) -> list[Checkpoint]:
    """The checkpoints that can be believed. Each line covers those before it, so one signature, the last, speaks for an
    unbroken file; only where something is wrong is each one asked.
    """
    found = checkpoints_in(lines)
    if not found:
        return []
    wrong = [number for number, _ in _breaches(found)]
    last = found[-1]
    if key is not None and not wrong and last is not None and last.signed_by(key):
        return [checkpoint for checkpoint in found if checkpoint is not None]
    faults += [fault(FaultKind.CHECKPOINT_ALTERED, _checkpoint(number), detail) for number, detail in _breaches(found)]
    believed = [one for one in found if one is not None and key is not None and one.signed_by(key)]
    false = [number for number, one in enumerate(found, start=1) if one is not None and one not in believed]
    faults += [
        fault(FaultKind.CHECKPOINT_ALTERED, _checkpoint(number), ("签名不符", "its signature is wrong")) for number in false[:20]
    ]
    return believed


def _breaches(found: Sequence[Checkpoint | None]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Lines that are no checkpoint or do not follow the line before."""
    previous, size = NONE, 0
    for number, one in enumerate(found, start=1):
        if one is None:
            yield number, ("不是一行检查点", "the line is no checkpoint")
            previous = ""
            continue
        if one.number != number or (previous and one.previous != previous):
            yield number, ("它所接的不是前一检查点", "the one it follows is not the one before it")
        elif one.size < size and not one.broken:
            yield number, ("环数倒退", "it counts fewer links than the one before")
        previous, size = one.digest, one.size


def _compare_copy(lines: Sequence[bytes], copy: Sequence[bytes], faults: list[TrailFault]) -> None:
    """The copy may lag behind. Where it differs, or knows more, the file was altered or cut short."""
    for number, (own, other) in enumerate(zip_longest(lines, copy), start=1):
        if other is None:
            return
        if own is None:
            missing = (f"副本还有 {len(copy) - len(lines)} 个", f"the copy has {len(copy) - len(lines)} more")
            faults.append(fault(FaultKind.CHECKPOINT_MISSING, _checkpoint(number), missing))
            return
        if own != other:
            faults.append(fault(FaultKind.COPY_DIFFERS, _checkpoint(number), ("副本所载不同", "the copy says otherwise")))
            return


def _checkpoint(number: int) -> tuple[str, str]:
    return f"检查点 {number}", f"checkpoint {number}"
