"""The page of a contract: what a person who fills in a column must know stands in its row, in their language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.contracts.conftest import Edit
from xiezhi.contracts.loader import load_contracts
from xiezhi.contracts.pages import page, write_pages


def notes(text: str, field: str) -> str:
    """The cell of notes in a field's row."""
    [row] = [line for line in text.splitlines() if line.startswith("|") and f"`{field}`" in line]
    return row.split("|")[5].strip()


@pytest.mark.parametrize(
    ("language", "field", "said"),
    [
        ("zh", "death_date", "1950-01-01 –;不早于身份证号;不晚于交付之日"),
        ("en", "death_date", "1950-01-01 –; not before: Citizen id; not after the day of delivery"),
        ("zh", "status_date", "登记、更正或撤销的日期;– 2100-12-31;至多晚于交付之日 3 个月"),
        (
            "en",
            "status_date",
            "The day of the entry, its correction or its revocation; – 2100-12-31; at most 3 months after the day of delivery",
        ),
        ("zh", "source", "火化、医学证明、户籍注销、法院"),
        ("en", "source", "火化、医学证明、户籍注销、法院"),
        ("zh", "name", "不合格则退回该行"),
        ("en", "name", "an unsound value sets the row aside"),
    ],
)
def test_notes_say_what_may_stand_in_a_column_and_nothing_else(
    content: Path, edit: Edit, language: str, field: str, said: str
) -> None:
    """A bound that is left out, or one that nobody set, is found out by the row that comes back."""
    edit('minimum: "1949-10-01"', 'maximum: "2100-12-31"')
    edit("property: ahead, value: 1", "property: ahead, value: 3")
    found = load_contracts([content])
    assert notes(page(found.get("death_registry"), found, language), field) == said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_is_one_piece(content: Path, language: str) -> None:
    """A blank line ends a table: the rows below it would be shown as text."""
    found = load_contracts([content])
    pieces = page(found.get("death_registry"), found, language).split("\n\n")
    tables = [piece.strip().splitlines() for piece in pieces if piece.strip().startswith("|")]
    assert [len(table) for table in tables] == [2 + 6, 2 + 4, 2 + 2]
    assert all(line.startswith("|") for table in tables for line in table)


def test_pages_are_written_into_a_folder_that_is_not_there_yet(content: Path, tmp_path: Path) -> None:
    written = write_pages(load_contracts([content]), tmp_path / "docs/contracts", "en")
    assert [path.name for path in written] == ["death_registry.md", "index.md"]
    assert all(path.read_text(encoding="utf-8").startswith("# ") for path in written)


def test_a_value_bound_on_both_sides_and_in_length_says_so(content: Path, edit: Edit) -> None:
    edit('{minimum: "1950-01-01"}', '{minimum: "1950-01-01", maximum: "2100-12-31", maxLength: 10}')
    found = load_contracts([content])
    said = notes(page(found.get("death_registry"), found, "en"), "death_date").split("; ")
    assert said[:2] == ["1950-01-01 – 2100-12-31", "at most 10 characters"]
