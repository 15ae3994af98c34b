"""Every way to alter the log is noticed, and said to the line; a crash in the middle of a line is not an alteration."""

from __future__ import annotations

import json
import os
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
    for number in range(1, 6):
        assert written.append({"what": "reveal", "numbers": [number], "purpose": "核查", "actor": "张三"}) == number
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


@pytest.mark.parametrize("name", ["the last removed", "all removed", "one invented", "nonsense put in"])
def test_nothing_is_added_to_an_altered_end(log: RevealLog, name: str) -> None:
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


def test_log_and_head_put_back_together_are_found_by_who_remembers(log: RevealLog) -> None:
    text, head = log.path.read_bytes(), log.head_path.read_bytes()
    log.append({"what": "reveal"})
    log.path.write_bytes(text)
    log.head_path.write_bytes(head)
    assert log.verify().count == 5
    with pytest.raises(IntegrityError, match="remembers 6"):
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


def _lines(log: RevealLog) -> Lines:
    return log.path.read_bytes().splitlines()


def _rewrite(log: RevealLog, lines: Lines) -> None:
    log.path.write_bytes(b"".join(line + b"\n" for line in lines))
