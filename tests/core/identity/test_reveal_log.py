"""Every way to alter the log is noticed, and said to the line; a crash in the middle of a line is not an alteration."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from xiezhi.identity.crypto import INTERNATIONAL
from xiezhi.identity.reveal_log import RevealLog
from xiezhi.identity.sealing import SealingKey
from xiezhi.kernel.errors import IntegrityError

Lines = list[bytes]


@pytest.fixture
def log(tmp_path: Path) -> RevealLog:
    written = RevealLog(tmp_path / "reveals.jsonl", SealingKey(INTERNATIONAL, os.urandom(32)))
    _fill(written)
    return written


@pytest.fixture
def other(log: RevealLog) -> RevealLog:
    """A log of other reveals under the same key."""
    written = RevealLog(log.path.with_name("other.jsonl"), log._key)
    _fill(written, "李四")
    return written


def _edited(line: bytes) -> bytes:
    return line.replace("核查".encode(), "考察".encode())


def _renumbered(line: bytes, number: int) -> bytes:
    return json.dumps({**json.loads(line), "n": number}).encode()


ALTERATIONS: dict[str, tuple[Callable[[Lines], Lines], int]] = {
    "a word changed": (lambda lines: [*lines[:2], _edited(lines[2]), *lines[3:]], 3),
    "the first removed": (lambda lines: lines[1:], 1),
    "one removed": (lambda lines: lines[:2] + lines[3:], 3),
    "one removed, the rest renumbered": (lambda lines: [*lines[:2], _renumbered(lines[3], 3), _renumbered(lines[4], 4)], 3),
    "two swapped": (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2),
    "one repeated": (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4),
    "the last removed": (lambda lines: lines[:-1], 5),
    "all removed": (lambda _: [], 1),
    "one invented": (lambda lines: [*lines, _renumbered(lines[4], 6)], 6),
    "nonsense put in": (lambda lines: [*lines[:4], b"nonsense", lines[4]], 5),
    "a line that is no object": (lambda lines: [*lines[:1], b"[]", *lines[2:]], 2),
    "an empty line": (lambda lines: [*lines[:1], b"", *lines[1:]], 2),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_alteration_is_found_at_its_line(log: RevealLog, name: str) -> None:
    alter, line = ALTERATIONS[name]
    _rewrite(log, alter(_lines(log)))
    with pytest.raises(IntegrityError, match=f"line {line}:"):
        log.verify()


@pytest.mark.parametrize("name", ALTERATIONS)
def test_nothing_is_added_to_an_altered_log(log: RevealLog, name: str) -> None:
    _rewrite(log, ALTERATIONS[name][0](_lines(log)))
    with pytest.raises(IntegrityError):
        log.append({"what": "reveal"})


def test_an_untouched_log_is_as_written(log: RevealLog) -> None:
    head = log.verify(at_least=5)
    assert (head.count, head.unfinished) == (5, False)
    assert [entry["numbers"] for entry in log.entries()] == [[1], [2], [3], [4], [5]]


@pytest.mark.parametrize("harm", ["altered", "removed", "nonsense", "older"])
def test_a_harmed_head_is_found(log: RevealLog, harm: str) -> None:
    older = log.head_path.read_bytes()
    for _ in range(2):
        log.append({"what": "reveal"})
    content = log.head_path.read_bytes()
    if harm == "removed":
        log.head_path.unlink()
    else:
        log.head_path.write_bytes({"altered": content.replace(b"7", b"6", 1), "nonsense": b"7", "older": older}[harm])
    with pytest.raises(IntegrityError):
        log.verify()
    with pytest.raises(IntegrityError):
        log.append({"what": "reveal"})


def test_an_altered_head_is_told_from_an_altered_line(log: RevealLog) -> None:
    log.head_path.write_bytes(b"7")
    with pytest.raises(IntegrityError, match="line 0: the head file"):
        log.verify()


@pytest.mark.parametrize("nonsense", [b"nonsense", b"[]", b"{}", b"7", b"", b"\xff", b'{"code": "\xc3\xa9"}'])
def test_nothing_is_added_after_a_line_that_is_none(log: RevealLog, nonsense: bytes) -> None:
    """Refused as an altered log, and not by breaking down."""
    _rewrite(log, [*_lines(log)[:4], nonsense])
    for ask in (log.verify, lambda: log.append({"what": "reveal"})):
        with pytest.raises(IntegrityError, match="line 5: it is no line of a log"):
            ask()


def test_head_and_line_do_not_stand_for_each_other(log: RevealLog) -> None:
    """Both carry codes of the same key."""
    lines, head = _lines(log), log.head_path.read_bytes()
    log.head_path.write_bytes(lines[4])
    with pytest.raises(IntegrityError, match="the head file was altered"):
        log.verify()
    log.head_path.write_bytes(head)
    _rewrite(log, [*lines[:4], head.strip()])
    for ask in (log.verify, lambda: log.append({"what": "reveal"})):
        with pytest.raises(IntegrityError, match="line 5: lines before it"):
            ask()


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_line_of_another_log_under_the_same_key_is_found(log: RevealLog, other: RevealLog, number: int) -> None:
    """Its number and its code are right; what it names as the line before it is not, or the next one does not name it."""
    _rewrite(log, [*_lines(log)[: number - 1], _lines(other)[number - 1], *_lines(log)[number:]])
    with pytest.raises(IntegrityError, match=f"line {max(number, 2)}: lines before it"):
        log.verify()


@pytest.mark.parametrize("lost", [0, 1])
def test_nothing_is_added_after_a_line_of_another_log(log: RevealLog, other: RevealLog, lost: int) -> None:
    """As many lines as the head counts, or one more, as a crash would leave."""
    other.append({"what": "reveal"})
    _rewrite(log, [*_lines(log)[: 4 + lost], _lines(other)[4 + lost]])
    with pytest.raises(IntegrityError, match=f"line {5 + lost}: lines before it"):
        log.append({"what": "reveal"})


def test_the_first_line_may_be_the_last(log: RevealLog) -> None:
    first = RevealLog(log.path.with_name("first.jsonl"), log._key)
    assert [first.append({"what": "reveal"}), first.append({"what": "reveal"}), first.verify().count] == [1, 2, 2]


def test_log_and_head_are_for_their_owners_eyes(log: RevealLog) -> None:
    assert [stat.S_IMODE(path.stat().st_mode) for path in (log.path, log.head_path)] == [0o600, 0o600]


def test_a_line_is_on_the_disk_before_the_head_counts_it(log: RevealLog, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[tuple[str, int]] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        flushed.append((Path(f"/proc/self/fd/{handle}").readlink().name, os.fstat(handle).st_size))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    log.append({"what": "reveal"})
    assert flushed[0] == ("reveals.jsonl", log.path.stat().st_size)
    assert flushed[1] == (f".reveals.head.{os.getpid()}", log.head_path.stat().st_size)


def test_log_and_head_put_back_together_are_found_by_who_remembers(log: RevealLog) -> None:
    text, head = log.path.read_bytes(), log.head_path.read_bytes()
    log.append({"what": "reveal"})
    log.path.write_bytes(text)
    log.head_path.write_bytes(head)
    assert log.verify().count == 5
    with pytest.raises(IntegrityError, match="line 6: the vault remembers 6 lines"):
        log.verify(at_least=6)
    with pytest.raises(IntegrityError):
        log.append({"what": "reveal"}, at_least=6)


def test_another_key_verifies_nothing(log: RevealLog) -> None:
    with pytest.raises(IntegrityError):
        RevealLog(log.path, SealingKey(INTERNATIONAL, os.urandom(32))).verify()


def test_a_line_cut_by_a_crash_is_dropped(log: RevealLog) -> None:
    with log.path.open("ab") as handle:
        handle.write(_lines(log)[0][:40])
    assert log.verify().unfinished
    assert log.append({"what": "reveal"}) == 6
    assert log.verify().count == 6


def test_a_line_whose_head_a_crash_lost_counts(log: RevealLog) -> None:
    head = log.head_path.read_bytes()
    log.append({"what": "reveal"})
    log.head_path.write_bytes(head)
    assert log.verify().count == 6
    assert log.append({"what": "reveal"}) == 7
    assert log.verify().count == 7


def _fill(log: RevealLog, actor: str = "张三") -> None:
    for number in range(1, 6):
        assert log.append({"what": "reveal", "numbers": [number], "purpose": "核查", "actor": actor}) == number


def _lines(log: RevealLog) -> Lines:
    return log.path.read_bytes().splitlines()


def _rewrite(log: RevealLog, lines: Lines) -> None:
    log.path.write_bytes(b"".join(line + b"\n" for line in lines))
