"""Rows that came again after they had been set aside: each counts once, whichever way it was known."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from xiezhi.intake.receipts.delivered_again import (
    Back,
    Brought,
    ReturnColumns,
    how_many,
    mendings,
    origin_of,
    return_columns,
    rows_in,
)
from xiezhi.intake.receipts.receipt import Mending, Receipt


def told(brought: Brought, *claimed: Mending) -> list[Mending]:
    """What is new, where 1 and 2 set ten rows aside each and an earlier delivery told what it `claimed`."""
    earlier = Receipt(delivery=2, file="b.csv", contract=None, received_at="", sha256="", bytes=0, mendings=list(claimed))
    return mendings(brought, [earlier], {1: frozenset(range(1, 11)), 2: frozenset(range(1, 11))})


def test_rows_are_told_by_the_delivery_that_set_them_aside() -> None:
    rows = [Back(1, row, accepted=True, keyed=True) for row in (3, 4, 5, 9)]
    rows += [Back(2, 1, accepted=False, keyed=True)]
    assert told(Brought(rows=rows)) == [Mending(delivery=1, mended="3-5,9"), Mending(delivery=2, again="1")]


def test_a_row_known_by_its_key_and_by_its_number_counts_once_and_by_its_key() -> None:
    brought = Brought(rows=[Back(1, 3, accepted=False, keyed=True)], numbers=[Back(1, 3, accepted=True, keyed=False)])
    assert told(brought) == [Mending(delivery=1, mended="3")]


@pytest.mark.parametrize("accepted", [True, False])
def test_of_a_row_that_the_file_names_its_own_fate_counts_not_that_of_another_with_its_key(accepted: bool) -> None:
    """Two rows were given one number: the first was accepted, and both were told as mended."""
    keys = [Back(1, 3, accepted=True, keyed=True), Back(1, 4, accepted=True, keyed=True)]
    numbers = [Back(1, 3, accepted=True, keyed=False), Back(1, 4, accepted=accepted, keyed=False)]
    expected = Mending(delivery=1, mended="3-4") if accepted else Mending(delivery=1, mended="3", again="4")
    assert told(Brought(rows=keys, numbers=numbers)) == [expected]


def test_a_row_known_by_its_number_alone_has_no_readable_key() -> None:
    numbers = [Back(1, 3, accepted=True, keyed=False), Back(1, 99, accepted=True, keyed=False)]
    assert told(Brought(numbers=numbers)) == [Mending(delivery=1, mended="3", unread=1)]


def test_what_an_earlier_delivery_brought_already_is_not_told_again() -> None:
    rows = [Back(1, row, accepted=True, keyed=True) for row in (3, 4, 5)]
    assert told(Brought(rows=rows), Mending(delivery=1, mended="3-4")) == [Mending(delivery=1, mended="5")]


def test_rows_that_went_with_their_period_are_told_of_their_delivery() -> None:
    brought = Brought(rows=[Back(2, 7, accepted=True, keyed=True)], anew={1: 4})
    assert told(brought) == [Mending(delivery=1, anew=4), Mending(delivery=2, mended="7")]


@pytest.mark.parametrize("told_again", [Mending(delivery=1, again="3-4"), Mending(delivery=1, mended="3", again="4")])
def test_what_was_set_aside_anew_is_of_the_later_delivery_from_then_on(told_again: Mending) -> None:
    rows = [Back(1, row, accepted=row != 5, keyed=True) for row in (3, 4, 5, 6)]
    assert told(Brought(rows=rows), told_again) == [Mending(delivery=1, mended="6", again="5")]


def test_a_number_of_a_delivery_that_set_nothing_aside_is_not_told() -> None:
    assert told(Brought(numbers=[Back(7, 3, accepted=True, keyed=False)])) == []


def test_a_row_that_came_twice_is_mended_where_one_of_them_was_accepted() -> None:
    rows = [Back(1, 3, accepted=True, keyed=True), Back(1, 3, accepted=False, keyed=True)]
    assert told(Brought(rows=rows)) == told(Brought(rows=rows[::-1])) == [Mending(delivery=1, mended="3")]


def test_nothing_that_came_again_is_nothing_to_tell() -> None:
    assert (Brought(), told(Brought())) == (Brought([], {}, 0, []), [])


@pytest.mark.parametrize(
    ("file", "origin"),
    [
        ("00000012-补贴.xlsx", 12),
        ("退回/00000012-补贴.xlsx", 12),
        ("补贴-00000012-.xlsx", None),
        ("0000012-补贴.xlsx", None),
        ("00000012补贴.xlsx", None),
        ("00000012-一月/补贴.xlsx", None),
    ],
)
def test_the_file_that_went_back_is_known_by_the_beginning_of_its_name(file: str, origin: int | None) -> None:
    assert origin_of(file) == origin


@pytest.mark.parametrize(
    ("header", "place"),
    [
        (["姓名", "原行号", "退回原因"], ReturnColumns(None, 1)),
        (["姓名", "原交付号", "原行号", "退回原因"], ReturnColumns(1, 2)),
        (["Why it came back", "name", "Original row", "Original delivery"], ReturnColumns(3, 2)),
        (["原交付号", "姓名", "Original row", "Why it came back"], ReturnColumns(None, 2)),
        (["姓名", "原交付号", "退回原因"], None),
        (["姓名", "原行号"], None),
        (["姓名", "退回原因"], None),
        (["姓名", "原行号", "Why it came back"], None),
        (["姓名"], None),
    ],
)
def test_row_numbers_are_those_beside_a_reason(header: Sequence[str], place: ReturnColumns | None) -> None:
    assert return_columns(header) == place


@pytest.mark.parametrize(("ranges", "rows"), [("3-5,9", [3, 4, 5, 9]), ("7", [7]), ("7-8", [7, 8]), ("", [])])
def test_ranges_name_each_of_their_rows(ranges: str, rows: list[int]) -> None:
    assert (list(rows_in(ranges)), how_many(ranges)) == (rows, len(rows))
