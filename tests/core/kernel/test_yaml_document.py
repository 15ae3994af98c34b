"""Content files: what is a value, what stays text, and the line of what cannot be read."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from xiezhi.kernel.errors import ContentError
from xiezhi.kernel.yaml_document import LARGEST, read_text, read_yaml


def test_only_what_looks_like_a_value_is_one(tmp_path: Path) -> None:
    """A list of spellings that says no and y means the words; so do a time of day and a code that begins with 0."""
    (tmp_path / "a.yaml").write_text(
        "words: [no, y, on, Yes, OFF, 是, '7', 0123, 12:30, 1_000, 0x1F]\nflags: [true, False]\nnumbers: [7, 0, -3, 1.5]\n"
        "day: 2024-05-01\nnothing: ~\n",
        "utf-8",
    )
    assert read_yaml(tmp_path / "a.yaml").data == {
        "words": ["no", "y", "on", "Yes", "OFF", "是", "7", "0123", "12:30", "1_000", "0x1F"],
        "flags": [True, False],
        "numbers": [7, 0, -3, 1.5],
        "day": date(2024, 5, 1),
        "nothing": None,
    }


@pytest.mark.parametrize(
    ("text", "code", "row", "said"),
    [
        ("a: 1\nb: [1\nc: 2\n", "XZ-YAML-01", 3, "did not find expected"),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "XZ-YAML-02", 4, "the key c is given twice"),
        ("a: 1\nb: [2024-02-28, 2024-02-30]\n", "XZ-YAML-01", 2, "day is out of range"),
        ("a: 1\nb: 2\n? {k: v}\n: w\n", "XZ-YAML-01", 3, "unhashable"),
        ("a: 1\nb: !!python/object:os.system x\n", "XZ-YAML-01", 2, "could not determine a constructor"),
        ("- a\n- b\n", "XZ-YAML-01", 1, "one mapping of keys to values"),
        ("", "XZ-YAML-01", 1, "one mapping of keys to values"),
        ("a: 1\nb: &x [1]\nc: *x\n", "XZ-YAML-01", 2, "anchors"),
        ("a: 1\nb: " + "[" * 100_000, "XZ-YAML-01", 2, "nested deeper"),
        ("a: 1\nb:\n" + "- " * 100_000 + "1\n", "XZ-YAML-01", 3, "nested deeper"),
        ("a: 1\nb: " + "{c: " * 2000 + "1" + "}" * 2000, "XZ-YAML-01", 2, "nested deeper"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(tmp_path: Path, text: str, code: str, row: int, said: str) -> None:
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    with pytest.raises(ContentError, match=said) as caught:
        read_yaml(tmp_path / "a.yaml")
    place = caught.value.place
    assert place
    assert (caught.value.code, place.file, place.row) == (code, str(tmp_path / "a.yaml"), row)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    with pytest.raises(ContentError, match="no file"):
        read_yaml(tmp_path / "a.yaml")
    with pytest.raises(ContentError, match="no file"):
        read_text(Path("/dev/zero"))


def test_a_file_larger_than_content_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a: " + b"1" * LARGEST)
    with pytest.raises(ContentError, match="bytes"):
        read_yaml(tmp_path / "a.yaml")
