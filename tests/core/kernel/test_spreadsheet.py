"""No text in a file that leaves is computed by the program that opens it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import xiezhi
from xiezhi.kernel.spreadsheet import harmless, one_line

BEFORE = (
    "",
    " ",
    "\u3000",
    "\u00a0",
    "\u200b",
    "\ufeff",
    "\t",
    "\n",
    "\r\n",
    "\x00",
    "\x1b",
    "'",
    '"',
    "\u2066",
    " \u3000 \u200b",
)
LIVE = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠", "｜", "％")
PASSED_OVER = re.compile(r"[\s\x00-\x20\x7f\u200b-\u200f\u2060-\u2069\ufeff\"']*")


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("live", LIVE)
def test_what_begins_a_formula_gets_an_apostrophe(before: str, live: str) -> None:
    text = f"{before}{live}cmd|' /C calc'!A0"
    assert harmless(text) == f"'{text}"
    assert one_line(text).startswith("'")
    assert not set("\r\n\0") & set(one_line(text))


@pytest.mark.parametrize(
    "text", ["", "张三", "1-1", "a=b", "AL-2026-1", "农业银行", "100.50", "-100.50", "+5", "-1,234.50", "60%", "〃", "\u3000低保"]
)
def test_other_texts_and_numbers_stay_as_they_are(text: str) -> None:
    assert harmless(text) == one_line(text) == text


@given(st.text(max_size=30))
def test_nothing_live_is_left_and_the_text_comes_back(text: str) -> None:
    made = harmless(text)
    assert made.removeprefix("'") == text if made != text else not text.startswith("'")
    if made == text and not re.fullmatch(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?%?", text):
        assert not PASSED_OVER.sub("", text, count=1).startswith(LIVE)


INSIDE = ("city/", "intake/files/quotes.py", "contracts/code_decisions.py")
"""What never leaves, or is what a department sends: the city's files, a copy for our own reader, a site's own list."""


def test_every_writer_of_tables_uses_the_guard() -> None:
    root = Path(xiezhi.__file__).parent
    writers = [path for path in sorted(root.rglob("*.py")) if "csv.writer(" in path.read_text("utf-8")]
    leaving = [path for path in writers if not str(path.relative_to(root)).startswith(INSIDE)]
    assert len(leaving) >= 5
    assert [str(path) for path in leaving if "xiezhi.kernel.spreadsheet import" not in path.read_text("utf-8")] == []
