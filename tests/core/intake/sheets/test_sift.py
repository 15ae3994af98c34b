"""Which rows of a batch are data, which are blank, footers or broken, wherever the batch was cut from."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest

from xiezhi.intake.sheets.footers import Footer, FooterKind
from xiezhi.intake.sheets.sift import Sieve

MOST = 40
"""Bytes that a cell may have here."""

Row = tuple[str, str, str]

DATA: list[Row] = [
    ("P1", "王小明", "1.50"),
    ("1", "", ""),
    ("", "", "1"),
    ("\u3000", "王小明", ""),
    ("合作社", "王小明", "1"),
    ("会计", "王小明", "1"),
    ("(1", "王小明", "1"),
    ("1.5", "王小明", "1"),
    ("王王王王", "x" * MOST, ""),
    ("é", "1", ""),
    ("计", "1", ""),
    ("P", "", ""),
]
BLANK: list[Row] = [
    ("", "", ""),
    (" ", "\t", "\u3000"),
    ("\ufeff", "\u200b", "\u00a0"),
    ("\u00a0\u3000", "", " \r\n"),
    ("\x0b", "\x0c", ""),
]
FOOTERS: list[tuple[Row, FooterKind]] = [
    (("合计", "", "600.00"), FooterKind.TOTAL),
    (("", "总计", "600.00"), FooterKind.TOTAL),
    ((" ", "\u3000", "小计"), FooterKind.TOTAL),
    (("Total", "", "600"), FooterKind.TOTAL),
    (("栖萤村小计", "", "600"), FooterKind.TOTAL),
    (("审核人:", "", ""), FooterKind.SIGNATURE),
    (("第1页", "", ""), FooterKind.PAGE),
    (("1、补贴标准见有关文件", "", ""), FooterKind.NOTE),
    (("2）补贴标准见有关文件", "", ""), FooterKind.NOTE),
    (("(3)补贴标准见有关文件", "", ""), FooterKind.NOTE),
    (("4.补贴标准见有关文件", "", ""), FooterKind.NOTE),
]
TAKEN: list[tuple[Row, Row, str]] = [
    (("合计", "王小明", "x"), ("合计", "王小明", "x"), "total_row"),
    (("", "总计", "王小明"), ("", "总计", "王小明"), "total_row"),
    (("示例", "王小明", "1"), ("示例", "王小明", "1"), "example_row"),
    (("P\0", "王小明", "1"), ("P\0", "王小明", "1"), "nul_byte"),
    (("P2", "王小明", "\0"), ("P2", "王小明", "\0"), "nul_byte"),
    (("P3", "王" * 14, "1"), ("P3", "王" * 14, "1"), "text_too_long"),
    (("P3", "x" * 41, "1"), ("P3", "x" * 40, "1"), "text_too_long"),
    (("P\0", "x" * 60, ""), ("P\0", "x" * 40, ""), "text_too_long"),
]
"""What was delivered, what is kept of it, and why it is no data."""


def batch(rows: Sequence[Row], first: int = 2, kind: pa.DataType | None = None) -> pa.RecordBatch:
    cells = {f"c{at}": pa.array([row[at] for row in rows], kind or pa.string()) for at in range(3)}
    return pa.RecordBatch.from_pydict(cells | {"_row": pa.array(range(first, first + len(rows)), pa.int64())})


def cells(found: pa.RecordBatch) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in found.to_pylist()]


@pytest.mark.parametrize("row", DATA)
def test_a_row_of_data_stays(row: Row) -> None:
    sieve = Sieve(MOST, ",")
    assert cells(sieve.sift(batch([row]))) == [(*row, 2)]
    assert (sieve.blank_rows, sieve.taken(), sieve.footers()) == (0, [], [])


@pytest.mark.parametrize("row", BLANK)
def test_a_row_without_a_visible_character_is_counted_only(row: Row) -> None:
    sieve = Sieve(MOST, ",")
    assert cells(sieve.sift(batch([row]))) == []
    assert (sieve.blank_rows, sieve.taken(), sieve.footers()) == (1, [], [])


@pytest.mark.parametrize(("row", "kind"), FOOTERS)
def test_a_footer_is_kept_apart(row: Row, kind: FooterKind) -> None:
    sieve = Sieve(MOST, ",")
    assert cells(sieve.sift(batch([row]))) == []
    assert (sieve.blank_rows, sieve.taken(), sieve.footers()) == (0, [], [Footer(2, kind, row)])


@pytest.mark.parametrize(("row", "kept", "reason"), TAKEN)
def test_a_row_that_is_no_data_is_taken_out_with_its_reason(row: Row, kept: Row, reason: str) -> None:
    sieve = Sieve(MOST, ",")
    assert cells(sieve.sift(batch([row]))) == []
    assert (sieve.blank_rows, sieve.taken(), sieve.footers()) == (0, [(2, kept, reason)], [])


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
@pytest.mark.parametrize("start", [0, 1, 3])
def test_rows_are_told_apart_wherever_they_stand_in_a_batch(start: int, kind: pa.DataType) -> None:
    """The batch may be a slice of another, and what lies around it is none of its business. Each kind in turn, backwards."""
    every = [*DATA, *BLANK, *(row for row, _ in FOOTERS), *(row for row, _, _ in TAKEN)]
    mixed = every[::-3] + every[-2::-3] + every[-3::-3]
    sieve = Sieve(MOST, ",")
    around = every[-1:] * start
    found = sieve.sift(batch([*around, *mixed, *around], 100 - start, kind).slice(start, len(mixed)))
    numbers = {row: 100 + at for at, row in enumerate(mixed)}
    assert len(numbers) == len(mixed)
    assert sorted(cells(found)) == sorted((*row, numbers[row]) for row in DATA)
    assert sieve.blank_rows == len(BLANK)
    assert sorted(sieve.footers(), key=lambda one: one.row) == sorted(
        (Footer(numbers[row], kind, row) for row, kind in FOOTERS), key=lambda one: one.row
    )
    assert sieve.taken() == sorted((numbers[row], kept, reason) for row, kept, reason in TAKEN)


def test_what_the_last_batch_held_back_is_handed_over_once_and_blank_rows_are_counted_on() -> None:
    sieve = Sieve(MOST, ",")
    for first in (2, 5):
        sieve.sift(batch([BLANK[0], FOOTERS[0][0], TAKEN[0][0]], first))
        assert ([one.row for one in sieve.footers()], [row for row, _, _ in sieve.taken()]) == ([first + 1], [first + 2])
        assert (sieve.footers(), sieve.taken()) == ([], [])
    assert sieve.blank_rows == 2


def test_a_sound_batch_is_handed_on_as_it_is() -> None:
    given = batch(DATA)
    assert Sieve(MOST, ",").sift(given) is given


def test_columns_without_any_text_hide_nothing() -> None:
    sieve = Sieve(MOST, ",")
    assert cells(sieve.sift(batch([("", "", ""), ("", "合计", ""), ("", "P1", "")]))) == [("", "P1", "", 4)]
    assert (sieve.blank_rows, [one.row for one in sieve.footers()]) == (1, [3])


def test_a_table_of_one_column_is_a_table() -> None:
    sieve = Sieve(MOST, ",")
    given = batch([("P1", "", ""), ("", "", ""), ("合计", "", "")]).select(["c0", "_row"])
    assert cells(sieve.sift(given)) == [("P1", 2)]
    assert (sieve.blank_rows, [one.row for one in sieve.footers()]) == (1, [4])


def test_a_row_in_one_line_is_separated_as_its_file_is() -> None:
    assert Sieve(3, ";").text(("P1", "王小明明", "x")) == "P1;王小明;x"


@pytest.mark.parametrize(
    "row",
    [
        ("校长:", "", ""),
        ("镇长：王某", "民政所长：", ""),
        ("村党支部书记签字:", "", "2024年3月25日"),
        ("2024年3月25日", "", ""),
        ("（盖章）", "", ""),
        ("以上数据真实有效", "", ""),
        ("大写：叁佰陆拾元整", "", ""),
        ("共3人", "", ""),
        ("公示期:3月1日至3月7日", "", ""),
        ("一、东村", "", ""),
    ],
)
def test_what_offices_write_below_a_table_is_a_footer(row: Row) -> None:
    sieve = Sieve(MOST, ",")
    assert cells(sieve.sift(batch([row]))) == []
    assert len(sieve.footers()) == 1


@pytest.mark.parametrize(
    "row", [("20240325", "张三", "100"), ("一组", "", ""), ("王书记", "990101", "5"), ("共济村", "张三", "1")]
)
def test_what_only_begins_so_is_data(row: Row) -> None:
    assert cells(Sieve(MOST, ",").sift(batch([row]))) == [(*row, 2)]
