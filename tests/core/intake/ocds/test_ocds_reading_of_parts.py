"""Each part of a release in every shape that publishers write: what is read of it, and what is noted, word for word."""

from __future__ import annotations

from typing import Any

import pytest

from xiezhi.intake.ocds.merge import SHARED
from xiezhi.intake.ocds.notes import Notes
from xiezhi.intake.ocds.shape import shaped

WRONG, ONE, LISTED, BARE, AGAIN, TWICE = (
    "wrong_type", "list_of_one", "object_for_list", "bare_id", "repeated_entry", "duplicate_id",
)  # fmt: skip


def read(release: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str, str | None]]]:
    notes = Notes()
    return shaped(release, notes), [(note.column, note.word, note.shown) for note in notes]


def within(place: str, value: Any) -> dict[str, Any]:
    """A release that says `value` at a place such as `tender.title`."""
    for name in reversed(place.split(".")):
        value = {name: value}
    found: dict[str, Any] = value
    return found


TITLE, COUNT, PERIOD, VALUE, BUYER, LISTED_FIRMS = (
    "tender.title", "tender.numberOfTenderers", "tender.tenderPeriod", "tender.value", "buyer", "tender.tenderers",
)  # fmt: skip
LEFT_OUT = object()
DAYS = {"startDate": "2025-01-02", "endDate": "2025-02-01"}

PARTS: list[tuple[str, Any, Any, list[tuple[str, str, str | None]]]] = [
    (TITLE, "修路", "修路", []),
    (TITLE, None, None, []),
    (TITLE, ["修路"], "修路", [(TITLE, ONE, None)]),
    (TITLE, ["修路", "架桥"], LEFT_OUT, [(TITLE, WRONG, "******")]),
    (TITLE, [], LEFT_OUT, [(TITLE, WRONG, "[]")]),
    (TITLE, [None], LEFT_OUT, [(TITLE, WRONG, "[None]")]),
    (TITLE, True, LEFT_OUT, [(TITLE, WRONG, "True")]),
    (TITLE, {"en": "road"}, LEFT_OUT, [(TITLE, WRONG, "{'en': 'road'}")]),
    (COUNT, "3.0", "3", []),
    (COUNT, ["3.50"], "3.5", [(COUNT, ONE, None)]),
    (COUNT, None, None, []),
    (COUNT, "三", "三", []),
    (COUNT, False, LEFT_OUT, [(COUNT, WRONG, "False")]),
    (PERIOD, {**DAYS, "durationInDays": "30"}, DAYS, []),
    (PERIOD, None, None, []),
    (PERIOD, {}, {}, []),
    (PERIOD, {"startDate": None}, {"startDate": None}, []),
    (PERIOD, [], LEFT_OUT, []),
    (PERIOD, [DAYS], DAYS, [(PERIOD, ONE, None)]),
    (PERIOD, [{}, {}], LEFT_OUT, [(PERIOD, WRONG, "[{}, {}]")]),
    (PERIOD, ["x"], LEFT_OUT, [(PERIOD, WRONG, "['x']")]),
    (PERIOD, "2025", LEFT_OUT, [(PERIOD, WRONG, "2025")]),
    (PERIOD, {"startDate": True, "endDate": "x"}, {"endDate": "x"}, [(f"{PERIOD}.startDate", WRONG, "True")]),
    (VALUE, {"amount": "99.50", "currency": "CNY", "note": "x"}, {"amount": "99.5", "currency": "CNY"}, []),
    (VALUE, "99.50", {"amount": "99.5"}, [(VALUE, "bare_amount", "99.50")]),
    (VALUE, [{"amount": "1E2"}], {"amount": "100"}, [(VALUE, ONE, None)]),
    (VALUE, None, None, []),
    (VALUE, True, LEFT_OUT, [(VALUE, WRONG, "True")]),
    (BUYER, "采购办", {"id": "采购办"}, [(BUYER, BARE, None)]),
    (BUYER, {"id": "7", "name": "甲", "identifier": "711", "x": "y"}, {"id": "7", "name": "甲", "identifier": {"id": "711"}}, []),
    (BUYER, {"identifier": {"scheme": "X", "id": "711", "uri": "x"}}, {"identifier": {"scheme": "X", "id": "711"}}, []),
    (BUYER, {"id": "7", "identifier": ["711"]}, {"id": "7"}, [("buyer.identifier", WRONG, "['711']")]),
    (BUYER, {"id": "7", "identifier": None}, {"id": "7", "identifier": None}, []),
    (BUYER, None, None, []),
    (LISTED_FIRMS, None, None, []),
    (LISTED_FIRMS, [], [], []),
    (LISTED_FIRMS, {}, [], [(LISTED_FIRMS, LISTED, None)]),
    (LISTED_FIRMS, {"id": "7"}, [{"id": "7"}], [(LISTED_FIRMS, LISTED, None)]),
    (LISTED_FIRMS, {"0": {"id": "7"}, "1": {"id": "8"}}, [{"id": "7"}, {"id": "8"}], [(LISTED_FIRMS, LISTED, None)]),
    (LISTED_FIRMS, {"0": {"id": "7"}, "id": "8"}, [{"id": "8"}], [(LISTED_FIRMS, LISTED, None)]),
    (LISTED_FIRMS, "甲", [{"id": "甲"}], [(f"{LISTED_FIRMS}[]", BARE, None)]),
    (LISTED_FIRMS, " ", LEFT_OUT, [(LISTED_FIRMS, WRONG, " ")]),
    (LISTED_FIRMS, True, LEFT_OUT, [(LISTED_FIRMS, WRONG, "True")]),
    (LISTED_FIRMS, [None, "甲", True, {"id": "乙"}], [{"id": "甲"}, {"id": "乙"}],
     [(f"{LISTED_FIRMS}[]", BARE, None), (f"{LISTED_FIRMS}[]", WRONG, "True")]),
    (LISTED_FIRMS, [{"id": "7"}, {"id": "7"}, {"id": "7", "name": "甲"}], [{"id": "7"}, {"id": "7", "name": "甲"}],
     [(LISTED_FIRMS, AGAIN, "7")]),
    ("awards", "pending", LEFT_OUT, [("awards", WRONG, "pending")]),
    ("awards", ["pending", {"id": "a"}], [{"id": "a"}], [("awards[]", WRONG, "pending")]),
    ("awards", {"id": "a", "status": "active"}, [{"id": "a", "status": "active"}], [("awards", LISTED, None)]),
    ("bids", None, None, []),
    ("bids", [], LEFT_OUT, []),
    ("bids", "none", LEFT_OUT, [("bids", WRONG, "none")]),
    ("bids", {"details": [{"id": "1"}]}, {"details": [{"id": "1"}]}, []),
    ("bids", [{"id": "1"}, {"id": "2"}], {"details": [{"id": "1"}, {"id": "2"}]}, [("bids", "list_for_object", None)]),
    ("bids", [{"details": [{"id": "1"}]}], {"details": [{"id": "1"}]}, [("bids", ONE, None)]),
    ("bids", [{"id": "1"}, {"details": []}], LEFT_OUT, [("bids", WRONG, "[{'id': '1'}, {'details': []}]")]),
    ("bids", ["1"], {"details": []}, [("bids", "list_for_object", None), ("bids.details[]", WRONG, "1")]),
    ("bids", {"statistics": {"id": "s", "measure": "bids", "value": "5.0", "relatedLot": "L1", "x": "y"}},
     {"statistics": [{"id": "s", "measure": "bids", "value": "5", "relatedLot": "L1"}]}, [("bids.statistics", LISTED, None)]),
    ("id", "r1", "r1", []),
    ("id", {"x": "y"}, LEFT_OUT, [("id", WRONG, "{'x': 'y'}")]),
    ("language", "zh", LEFT_OUT, []),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "expected", "noted"), PARTS)
def test_a_part_is_read_or_noted(place: str, value: Any, expected: Any, noted: list[tuple[str, str, str | None]]) -> None:
    above, _, name = place.rpartition(".")
    whole = {name: expected} if expected is not LEFT_OUT else {}
    assert read(within(place, value)) == (within(above, whole) if above else whole, noted)


@pytest.mark.parametrize(
    ("lots", "expected"),
    [
        ("L1", "L1"),
        (["L2", "L1", "L2"], "L1+L2"),
        ([" L1 ", "L1", ""], "L1"),
        ({"id": "L1"}, "L1"),
        ([{"id": "L2"}, {"lotId": "L1"}, {"id": "L3", "lotId": "L4"}], "L1+L2+L3"),
        (None, None),
        ([], LEFT_OUT),
        (["", " "], LEFT_OUT),
    ],
)
def test_lots_are_one_text_in_order(lots: Any, expected: Any) -> None:
    said = {"relatedLots": expected} if expected is not LEFT_OUT else {}
    assert read({"awards": [{"id": "a", "relatedLots": lots}]}) == ({"awards": [{"id": "a", **said}]}, [])
    assert read({"bids": {"details": [{"id": "b", "relatedLots": lots}]}}) == ({"bids": {"details": [{"id": "b", **said}]}}, [])


@pytest.mark.parametrize("lots", [True, ["L1", True], [["L1"]], [{"name": "L1"}], ["L1", None]])
def test_of_lots_that_are_none_no_part_is_believed(lots: Any) -> None:
    noted = [("awards[].relatedLots", WRONG, str(lots))]
    assert read({"awards": [{"id": "a", "relatedLots": lots}]}) == ({"awards": [{"id": "a"}]}, noted)


def bid(bid_id: str | None, firm: str | None = None, **more: Any) -> dict[str, Any]:
    return {**({"id": bid_id} if bid_id else {}), **({"tenderers": [{"id": firm}]} if firm else {}), **more}


CONFLICT = ("ocds_bid.bid_id", "key_conflict", "1")
ENTRIES: list[tuple[list[dict[str, Any]], list[dict[str, Any]], list[tuple[str, str, str | None]]]] = [
    ([bid("1", "A"), bid("2", "A")], [bid("1", "A"), bid("2", "A")], []),
    ([bid("1", "A"), bid("2", "B"), bid("1", "A")], [bid("1", "A"), bid("2", "B")], [("bids.details", AGAIN, "1")]),
    ([bid("1", "A"), bid("1", "B"), bid("2", "C")],
     [bid("1", "A", **{SHARED: "1"}), bid("1 (2)", "B", **{SHARED: "1"}), bid("2", "C")], [("bids.details", TWICE, "1")]),
    ([bid("1", "A"), bid("1", "B"), bid("1", "B"), bid("1", "C")],
     [bid("1", "A", **{SHARED: "1"}), bid("1 (2)", "B", **{SHARED: "1"}), bid("1 (3)", "C", **{SHARED: "1"})],
     [("bids.details", TWICE, "1"), ("bids.details", AGAIN, "1"), ("bids.details", TWICE, "1")]),
    ([bid("1", "A", status="valid"), bid("1", "A", status="withdrawn")],
     [bid("1", "A", status="valid", **{SHARED: "1"}), bid("1 (2)", "A", status="withdrawn", **{SHARED: "1"})], [CONFLICT]),
    ([bid("1", "A", status="valid"), bid("1", "B"), bid("1", "A")],
     [bid("1", "A", status="valid", **{SHARED: "1"}), bid("1 (2)", "B", **{SHARED: "1"}), bid("1 (3)", "A", **{SHARED: "1"})],
     [("bids.details", TWICE, "1"), CONFLICT]),
    ([bid("1", status="valid"), bid("1", status="withdrawn")],
     [bid("1", status="valid", **{SHARED: "1"}), bid("1 (2)", status="withdrawn", **{SHARED: "1"})], [CONFLICT]),
    ([bid(None, "A"), bid(None, "A"), bid(None, "B")], [bid(None, "A"), bid(None, "A"), bid(None, "B")], []),
    ([bid(None, "A") | {"id": ""}, bid(None, "B") | {"id": ""}, bid(None, status="valid")],
     [bid(None, "A") | {"id": ""}, bid(None, "B") | {"id": ""}, bid(None, status="valid")], []),
]  # fmt: skip


@pytest.mark.parametrize(("said", "kept", "noted"), ENTRIES)
def test_bids_of_one_id_are_one_or_kept_apart_or_contradict_each_other(
    said: list[dict[str, Any]], kept: list[dict[str, Any]], noted: list[tuple[str, str, str | None]]
) -> None:
    assert read({"bids": {"details": said}}) == ({"bids": {"details": kept}}, noted)


def test_awards_contradict_each_other_as_bids_do_and_items_are_only_told_apart() -> None:
    items = [{"id": "1", "classification": {"scheme": "CPV", "id": "45", "uri": "x"}}, {"id": "1", "quantity": "3"}]
    said = [{"id": "a", "suppliers": ["A"], "items": items}, {"id": "a", "suppliers": "A", "date": "2025-01-02"}]
    first = {"suppliers": [{"id": "A"}], "items": [
        {"id": "1", "classification": {"scheme": "CPV", "id": "45"}, SHARED: "1"}, {"id": "1 (2)", SHARED: "1"}]}  # fmt: skip
    second = {"suppliers": [{"id": "A"}], "date": "2025-01-02"}
    assert read({"awards": said}) == (
        {"awards": [{**first, "id": "a", SHARED: "a"}, {**second, "id": "a (2)", SHARED: "a"}]},
        [
            ("awards[].suppliers[]", BARE, None),
            ("awards[].items", TWICE, "1"),
            ("awards[].suppliers[]", BARE, None),
            ("ocds_award.award_id", "key_conflict", "a"),
        ],
    )


def party(party_id: str | None, number: str | None = None, **more: Any) -> dict[str, Any]:
    return {"id": party_id, **({"identifier": {"id": number}} if number else {}), **more}


@pytest.mark.parametrize(
    ("said", "kept", "noted"),
    [
        (None, None, []),
        ([party("7", "711"), party("7", "711", name="甲"), party("8", "712")], None, []),
        ([party("7", "711"), party("7"), party("8", "711")], None, []),
        ([party(None, "711"), party(None, "712")], None, []),
        ("甲", [{"id": "甲"}], [("parties[]", BARE, None)]),
        (True, LEFT_OUT, [("parties", WRONG, "True")]),
        (
            [party("9", "1"), party("8", "5"), party("7", "711"), party("9", "2"), party("7", "712"), party("7", name="甲")],
            [party("9", identifier=None), party("8", "5"), party("7", identifier=None), party("9", identifier=None),
             party("7", identifier=None), party("7", identifier=None, name="甲")],
            [("parties", "party_contradicted", "7"), ("parties", "party_contradicted", "9")],
        ),
    ],
)  # fmt: skip
def test_of_a_party_with_two_numbers_neither_is_believed(said: Any, kept: Any, noted: list[tuple[str, str, str | None]]) -> None:
    """`kept` None: all as it was said."""
    expected = {} if kept is LEFT_OUT else {"parties": kept or said}
    assert read({"parties": said}) == (expected, noted)


def test_every_member_that_a_table_takes_is_read() -> None:
    words = [
        "status",
        "procurementMethod",
        "procurementMethodDetails",
        "awardCriteria",
        "mainProcurementCategory",
        "datePublished",
    ]
    whole = {
        "id": "r1",
        "buyer": {"id": "B"},
        "tender": {**{name: name for name in words}, "procuringEntity": {"name": "采购办"}, "title": "修路"},
        "bids": {
            "details": [bid("1", "A", date="2025-01-02", status="valid", value={"amount": "5", "currency": "CNY"})],
            "statistics": [],
        },
        "awards": [{"id": "a", "status": "active", "date": "2025-01-02", "value": {"amount": "5"}, "suppliers": [], "items": []}],
    }
    extra = {"ocid": "x", "date": "2025-01-02", "tag": ["award"], "planning": {}, "contracts": [{"id": "c"}]}
    assert read({**whole, **extra}) == (whole, [])
