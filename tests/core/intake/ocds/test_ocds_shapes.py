"""Values of other shapes than the standard's: what can be understood is read, the rest is on the receipt; a part costs a part."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.intake.receiving import Site, citizen
from tests.core.intake.releasing import Delivered, award, bid, bids, lines, money, release, tender

from xiezhi.identity.keyring import Keyring
from xiezhi.intake.files.json_stream import decoded
from xiezhi.intake.ocds.notes import Notes
from xiezhi.intake.ocds.shape import shaped

PERSON = citizen(7)

RELEASES: list[dict[str, Any] | str] = [
    release("plain", buyer={"id": "A"}, tender=tender(), bids=bids(bid("1", "A"), bid("2", "B")), awards=[award("a", "A")]),
    release("tenderers-object", bids=bids(bid("1", tenderers={"id": "A"}))),
    release("details-object", bids={"details": bid("1", "A")}),
    release("details-numbered", bids={"details": {"0": bid("1", "A"), "1": bid("2", "B")}}),
    release("details-word", bids={"details": "none"}, awards=[award("a", "A")]),
    release("bids-list", bids=[bid("1", "A"), bid("2", "B")]),
    release("awards-object", awards=award("a", "A")),
    release("awards-word", tender=tender(), awards="pending"),
    release("award-word", awards=[award("a", "A"), "cancelled", None, award("b", "B")]),
    release("suppliers-word", awards=[award("a", suppliers="A"), award("b", suppliers=["B"])]),
    release("buyer-list", buyer=[{"id": "A"}], tender=[tender()]),
    release("tender-word", tender="see notice", bids=bids(bid("1", "A"))),
    release("buyer-word", buyer=True, bids=bids(bid("1", "A"))),
    release("numbers-as-words", tender=tender(numberOfTenderers="3", value=money("1,234.50")), bids=bids(bid(7, 86075))),
    release("bare-value", tender=tender(value=99.5)),
    release("negative", tender=tender(numberOfTenderers=-1, value=money(-1)), bids=bids(bid("1", "A", amount=-5), bid("2", "B"))),
    release("number-word", tender=tender(numberOfTenderers="eins", value=money("many"))),
    release("bad-award", awards=[award("a", "A", date="yesterday", amount={"least": 1}), award("b", "B")]),
    release("status-list", tender=tender(status=["complete"]), bids=bids(bid("1", "A", status=["valid", "withdrawn"]))),
    release("twice-same", bids=bids(bid("1", "A"), bid("1", "A"))),
    release(
        "twice-other", bids=bids(bid("1", "A", amount=1), bid("1", "B", amount=2)), awards=[award("a", "A"), award("a", "B")]
    ),
    release("twice-contradicting", bids=bids(bid("1", "A", amount=1), bid("1", "A", amount=2))),
    release("twice-nameless", awards=[award("a", amount=1), award("a", amount=2)]),
    release(
        "lots",
        bids=bids(
            bid("1", "A", relatedLots=["L2", "L1", "L2"]),
            bid("2", "B", relatedLots=[{"id": "L1"}]),
            bid("3", "A", relatedLots=7),
            bid("4", "B", relatedLots=[]),
            bid("5", "A", relatedLots=[["L1"]]),
            bid("6", "B", relatedLots=["x" * 300]),
        ),
        awards=[award("a", "A", relatedLots=["L1", "L2"]), award("b", "A", relatedLots=[{"lotId": "L3"}])],
    ),
    release("long-id", bids=bids(bid("x" * 300, "A"), bid("x" * 299 + "y", "B"))),
    json.dumps(release("member-twice", tender=tender(status="active"))).replace('"active"', '"active", "status": "complete"'),
    json.dumps(release("member-repeated", tender=tender(status="active"))).replace('"active"', '"active", "status": "active"'),
    json.dumps(release("half-pair", tender=tender(title="x"))).replace('"x"', '"\\ud83d"'),
    release("path", tender=tender(title=r"c:\udocs\ud8")),
    release("person", buyer=[[PERSON]], tender=tender(title=f"call {PERSON}")),
    release(PERSON, tender=tender()),
    release("  spaced ", tender=tender()),
    release("no-date", tender=tender()) | {"date": None},
    '{"id": "no-ocid", "tender": {}}',
    '"text"',
]


def row(ocid: str) -> int:
    return next(n for n, one in enumerate(RELEASES, start=1) if f'"{ocid}"' in (one if isinstance(one, str) else json.dumps(one)))


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivered]:
    folder = tmp_path_factory.mktemp("shapes")
    site = Site(folder, Keyring.fresh())
    yield Delivered(site, [lines(folder / "a.jsonl", RELEASES)])
    site.close()


def firm(lake: Delivered, name: str) -> set[int]:
    return lake.firms("plain")[{"A": "1", "B": "2"}[name]]


def test_every_release_is_accepted_or_set_aside(lake: Delivered) -> None:
    [receipt] = lake.receipts
    assert receipt.delivered == len(RELEASES) == receipt.accepted + receipt.repaired + receipt.set_aside
    aside = {one.reason if one.column is None else f"{one.column} {one.reason}": one.count for one in receipt.reasons}
    assert aside == {
        "ocds_bid.bid_id key_conflict": 1,
        "ocds_award.award_id key_conflict": 1,
        "member_repeated": 1,
        "characters_damaged": 1,
        "ocds_tender.ocid identity_in_text": 1,
        "required_empty": 1,
        "json_broken": 1,
    }


@pytest.mark.parametrize("ocid", ["tenderers-object", "details-object", "details-numbered", "bids-list"])
def test_objects_and_lists_for_each_other_keep_bid_and_tenderer(ocid: str, lake: Delivered) -> None:
    assert lake.bids(ocid)["1"] == ("valid", 10000)
    assert lake.firms(ocid)["1"] == firm(lake, "A")


def test_so_do_awards_and_suppliers(lake: Delivered) -> None:
    assert lake.suppliers("awards-object") == {"a": firm(lake, "A")}
    assert lake.suppliers("suppliers-word") == {"a": firm(lake, "A"), "b": firm(lake, "B")}
    found = lake.tender("buyer-list")
    assert ({found["buyer"]}, found["status"]) == (firm(lake, "A"), "active")
    said = {(one.column, one.repair) for one in lake.receipts[0].repairs}
    assert {("awards", "object_for_list"), ("bids.details[].tenderers", "object_for_list"), ("bids", "list_for_object")} <= said
    assert {("tender", "list_of_one"), ("awards[].suppliers[]", "bare_id"), ("tender.value", "bare_amount")} <= said


@pytest.mark.parametrize(
    ("ocid", "said"),
    [
        ("details-word", ("bids.details", "wrong_type")),
        ("awards-word", ("awards", "wrong_type")),
        ("award-word", ("awards[]", "wrong_type")),
        ("tender-word", ("tender", "wrong_type")),
        ("buyer-word", ("buyer", "wrong_type")),
        ("negative", ("ocds_bid.amount", "amount_negative")),
        ("negative", ("ocds_tender.value_amount", "amount_negative")),
        ("negative", ("ocds_tender.number_of_tenderers", "number_negative")),
        ("number-word", ("ocds_tender.number_of_tenderers", "number_malformed")),
        ("number-word", ("ocds_tender.value_amount", "amount_malformed")),
        ("bad-award", ("awards[].value.amount", "wrong_type")),
        ("bad-award", ("ocds_award.award_date", "date_malformed")),
        ("status-list", ("bids.details[].status", "wrong_type")),
        ("twice-other", ("awards", "duplicate_id")),
        ("twice-contradicting", ("ocds_bid.bid_id", "key_conflict")),
        ("twice-nameless", ("ocds_award.award_id", "key_conflict")),
        ("lots", ("bids.details[].relatedLots", "wrong_type")),
        ("no-date", ("ocds_tender.release_date", "undated")),
    ],
)
def test_what_was_not_read_is_on_the_receipt(ocid: str, said: tuple[str, str], lake: Delivered) -> None:
    [receipt] = lake.receipts
    told = {(one.column, one.remark): [e.row for e in one.examples] for one in receipt.remarks}
    told |= {(one.column or "", one.reason): [e.row for e in one.examples] for one in receipt.reasons}
    assert said in told
    assert row(ocid) in told[said] or len(told[said]) == 3


def test_a_bad_part_costs_that_part(lake: Delivered) -> None:
    assert lake.awards("bad-award") == {"a": None, "b": 10000}
    assert lake.awards("award-word") == {"a": 10000, "b": 10000}
    assert lake.awards("details-word") == {"a": 10000}
    assert lake.bids("tender-word") == lake.bids("buyer-word") == {"1": ("valid", 10000)}
    assert lake.bids("negative") == {"1": ("valid", None), "2": ("valid", 10000)}
    assert lake.bids("status-list") == {"1": (None, 10000)}


def test_numbers_as_words_are_numbers(lake: Delivered) -> None:
    found = lake.tender("numbers-as-words")
    assert (found["number_of_tenderers"], found["value_amount"]) == (3, 123450)
    assert lake.bids("numbers-as-words").keys() == lake.firms("numbers-as-words").keys() == {"7"}
    assert lake.tender("bare-value")["value_amount"] == 9950


def test_entries_of_one_id(lake: Delivered) -> None:
    assert lake.bids("twice-same") == {"1": ("valid", 10000)}
    assert lake.bids("twice-other") == {"1": ("valid", 100), "1 (2)": ("valid", 200)}
    assert lake.firms("twice-other") == {"1": firm(lake, "A"), "1 (2)": firm(lake, "B")}
    assert lake.suppliers("twice-other") == {"a": firm(lake, "A"), "a (2)": firm(lake, "B")}
    assert len(lake.bids("long-id")) == len(lake.firms("long-id")) == 2
    assert [lake.rows("ocds_tender", ocid) for ocid in ("twice-contradicting", "twice-nameless")] == [[], []]


def test_lots_are_the_same_in_whatever_order(lake: Delivered) -> None:
    found = {one["bid_id"]: one["related_lots"] for one in lake.rows("ocds_bid", "lots")}
    long = found.pop("6")
    assert found == {"1": "L1+L2", "2": "L1", "3": "7", "4": None, "5": None}
    assert long.startswith("x" * 150)
    assert len(long) <= 200
    assert [one["related_lots"] for one in lake.rows("ocds_award", "lots")] == ["L1+L2", "L3"]


def test_texts_are_what_they_are(lake: Delivered) -> None:
    assert lake.tender("path")["title"] == r"c:\udocs\ud8"
    assert lake.tender("spaced")["status"] == lake.tender("member-repeated")["status"] == "active"
    assert lake.rows("ocds_tender", "half-pair") == []


def test_no_person_stands_in_the_lake_or_on_the_receipt(lake: Delivered) -> None:
    [receipt] = lake.receipts
    assert PERSON not in json.dumps(receipt.as_json())
    site = lake._site
    texts = [json.dumps(one, default=str) for name in site.lake.snapshot().tables for one in site.rows(name)]
    assert not [text for text in texts if PERSON in text]


_ANY = st.recursive(
    st.none() | st.booleans() | st.sampled_from(["", "x", "1", "-5"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "value", "details", "0"]), inner),
    max_leaves=6,
)


@settings(max_examples=150)
@given(members=st.dictionaries(st.sampled_from(["buyer", "parties", "tender", "bids", "awards", "id"]), _ANY))
def test_whatever_is_written_is_read_or_told(members: dict[str, Any]) -> None:
    notes = Notes()
    found = shaped(members, notes)
    lost = {key for key, value in members.items() if value and key not in found}
    assert lost <= {note.column.split(".")[0].split("[")[0] for note in notes}
    json.dumps(found)


def read(**parts: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What is read of a release with these parts, and what is noted of them."""
    notes = Notes()
    return shaped(decoded(json.dumps(release("x", **parts))), notes), [(one.column, one.word) for one in notes]


def test_what_is_no_list_is_left_out_and_removes_nothing() -> None:
    found, noted = read(awards="pending")
    assert "awards" not in found
    assert noted == [("awards", "wrong_type")]
    assert read(awards=None)[0]["awards"] is None


def test_of_entries_with_one_id_each_is_told_for_what_it_is() -> None:
    assert read(bids=bids(bid("1", "A"), bid("2", "B")))[1] == []
    assert read(bids=bids(bid("1", "A"), bid("1", "A")))[1] == [("bids.details", "repeated_entry")]
    assert read(bids=bids(bid("1", "A"), bid("1", "B")))[1] == [("bids.details", "duplicate_id")]
    assert read(bids=bids(bid("1", "A"), bid("1", "A", amount=7)))[1] == [("ocds_bid.bid_id", "key_conflict")]
    assert read(bids=bids(bid("1", tenderers=[{"id": "A"}, {"id": "A", "name": "B"}])))[1] == []
