"""What everything else stands on: moments, bytes, errors and files, each by what a person or another machine sees of it."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from xiezhi.kernel import clock, faultpoints, hashing
from xiezhi.kernel.durable import sync, write_durably
from xiezhi.kernel.errors import (
    ContentError,
    IntegrityError,
    Place,
    RefusedDelivery,
    RetryableError,
    UserError,
    XiezhiError,
)
from xiezhi.kernel.invisible import INVISIBLE
from xiezhi.kernel.level import Level
from xiezhi.kernel.progress import Silent
from xiezhi.kernel.tables import TableRef
from xiezhi.kernel.words import Words

NEW_YEAR = datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=8)))


def test_the_clock_stands_where_it_was_put_and_goes_on_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.FIXED, raising=False)
    with clock.standing_at(NEW_YEAR):
        assert clock.now() == datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
        assert clock.now().tzinfo is UTC
        assert clock.today() == date(2026, 1, 1)
        with clock.standing_at(NEW_YEAR - timedelta(days=1)):
            assert clock.today() == date(2025, 12, 31)
        assert clock.today() == date(2026, 1, 1)
    assert clock.FIXED not in os.environ
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("moment", "seconds", "told"),
    [
        ("2026-03-14T16:00:59+00:00", False, "2026-03-15 00:00"),
        ("2026-03-14T16:00:59", False, "2026-03-15 00:00"),
        ("2026-03-14T16:00:59", True, "2026-03-15 00:00:59"),
        (datetime(2026, 3, 14, 23, 59, tzinfo=timezone(timedelta(hours=8))), False, "2026-03-14 23:59"),
    ],
)
def test_a_moment_is_told_by_the_sites_clock(moment: datetime | str, seconds: bool, told: str) -> None:
    assert clock.as_read(moment, seconds=seconds) == told
    assert clock.as_read(moment) == told[:16]


def test_equal_values_have_equal_bytes_and_others_others(tmp_path: Path) -> None:
    value = {"b": [date(2026, 1, 2), Decimal("1E+2"), None], "a": "中"}
    assert hashing.canonical(value) == '{"a":"中","b":["2026-01-02","100",null]}'.encode()
    assert (
        hashing.digest({"b": value["b"], "a": "中"})
        == hashing.digest(value)
        == hashlib.sha256(hashing.canonical(value)).hexdigest()
    )
    assert hashing.plain(datetime(2026, 1, 2, 3, 4)) == "2026-01-02T03:04:00"
    with pytest.raises(TypeError, match="no canonical form for set"):
        hashing.digest({1, 2})
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "b").write_bytes(b"two")
    both = [tmp_path / "a", tmp_path / "b"]
    assert hashing.file_digest(both[0]) == hashing.sha256(b"one")
    assert hashing.folder_digest(both, tmp_path) == hashing.folder_digest(both[::-1], tmp_path)
    assert hashing.folder_digest(both[:1], tmp_path) != hashing.folder_digest(both, tmp_path)


def test_an_error_says_what_where_and_what_to_do_in_one_language() -> None:
    place = Place(file="a.csv", sheet="明细", row=3, column="金额")
    error = XiezhiError("X-1", zh="坏了", en="broken", place=place, todo_zh="修", todo_en="mend")
    assert error.message() == "X-1: 坏了 [a.csv, 明细, 第 3 行, 金额] → 修"
    assert str(error) == error.message("en") == "X-1: broken [a.csv, 明细, row 3, 金额] → mend"
    assert XiezhiError("X-2", zh="坏了", en="broken").message("en") == "X-2: broken"
    assert XiezhiError("X-3", zh="坏了", en="broken", place=Place()).message() == "X-3: 坏了"
    assert str(Place(row=1)) == "row 1"


def test_each_kind_of_error_has_its_exit_code() -> None:
    kinds = (XiezhiError, UserError, RefusedDelivery, ContentError, IntegrityError, RetryableError)
    assert [kind.exit_code for kind in kinds] == [1, 2, 3, 4, 5, 6]


def test_a_file_is_written_whole_with_its_mode_from_the_first_byte(tmp_path: Path) -> None:
    path = tmp_path / "key"
    (tmp_path / f".key.{os.getpid()}").write_bytes(b"left by a crash")
    write_durably(path, b"secret", mode=0o600)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"secret", 0o600)
    write_durably(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o644 & ~_umask())
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    sync(tmp_path)
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before
    with pytest.raises(FileNotFoundError):
        sync(tmp_path / "nowhere")


def test_what_is_written_reaches_the_disk_before_its_name_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        where = Path(f"/proc/self/fd/{handle}").readlink()
        size = os.fstat(handle).st_size if stat.S_ISREG(os.fstat(handle).st_mode) else -1
        flushed.append(f"{where.name} {size}")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    write_durably(tmp_path / "a", b"12345")
    assert flushed == [f".a.{os.getpid()} 5", f"{tmp_path.name} -1"]


def test_levels_are_in_order_and_named() -> None:
    assert [level.rank for level in Level] == [0, 1, 2, 3]
    assert sorted(Level, key=lambda level: -level.rank)[0] is Level.RED
    assert "".join(level.zh for level in Level) == "蓝黄橙红"


def test_words_are_in_the_language_asked_for() -> None:
    assert [Words(zh="甲", en="A").in_(language) for language in ("zh", "en")] == ["甲", "A"]


def test_a_table_without_files_has_no_rows() -> None:
    assert (TableRef("t", ()).rows, TableRef("t", ()).columns) == (0, {})


def test_words_are_two_and_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Words.model_validate({"zh": "甲", "en": "A", "de": "A"})
    for language in ("zh", "en"):
        with pytest.raises(ValidationError):
            setattr(Words(zh="甲", en="A"), language, "乙")


def test_nobody_cancels_silent_work() -> None:
    assert Silent().cancelled() is False
    Silent().step("rules", 1, 2)


def test_invisible_characters_are_those_of_the_standard() -> None:
    """Default_Ignorable_Code_Point: format characters and the fillers, selectors and vowels that Unicode lists beside them."""
    listed = {code for low, high in INVISIBLE for code in range(low, high + 1)}
    assert all(low <= high for low, high in INVISIBLE)
    assert sorted(INVISIBLE) == list(INVISIBLE)
    beside = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2065, 0x3164, 0xFFA0}
    selectors = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
    unassigned = {*range(0xE0001, 0xE0080)}
    shown = {code for code in listed - beside - selectors - unassigned if unicodedata.category(chr(code)) != "Cf"}
    assert shown == set()
    assert beside | selectors | unassigned <= listed
    # Arabic and Kaithi number signs, and the joiners of hieroglyphs and music, are format characters that do show.
    signs = {
        *range(0x600, 0x606),
        0x6DD,
        0x70F,
        0x890,
        0x891,
        0x8E2,
        0x110BD,
        0x110CD,
        *range(0xFFF9, 0xFFFC),
        *range(0x13430, 0x13440),
    }
    shorthand = {*range(0x1BCA0, 0x1BCA4)}
    every = {code for code in range(0x20000) if unicodedata.category(chr(code)) == "Cf"}
    assert every - listed - signs - shorthand == set()


@pytest.mark.parametrize(
    ("wanted", "dies"), [("here", [1, 2, 3]), ("here:1", [1, 2, 3]), ("here:2", [2, 3]), ("there", []), ("", [])]
)
def test_a_point_kills_when_it_is_reached_as_often_as_was_said(
    wanted: str, dies: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed: list[tuple[int, int, int]] = []
    monkeypatch.setenv("XIEZHI_KILL_AT", wanted)
    monkeypatch.setattr(faultpoints, "_seen", Counter())
    name = faultpoints.declare("here", "a test")
    for time in (1, 2, 3):
        monkeypatch.setattr(os, "kill", lambda process, signal, time=time: killed.append((time, process, signal)))
        faultpoints.reach(name)
    assert killed == [(time, os.getpid(), 9) for time in dies]
    assert (name, faultpoints.KNOWN.pop(name)) == ("here", "a test")


def test_a_process_dies_at_the_point_it_was_told_to() -> None:
    code = "from xiezhi.kernel.faultpoints import reach\nreach('here')\nprint('alive')\n"
    for wanted, output, ended in (("here", "", -9), ("there", "alive\n", 0)):
        environment = {**os.environ, "XIEZHI_KILL_AT": wanted}
        ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
        assert (ran.stdout, ran.returncode) == (output, ended)


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now
