"""Releases of one process, delivered month by month and in any order, leave what the standard's merging leaves of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.core.intake.receiving import Site
from tests.core.intake.releasing import Delivered, award, bid, bids, lines, money, release, tender

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.keyring import Keyring

BUYER = {"id": "buyer"}

FIRST = [
    release("later-award", 1, 1, buyer=BUYER, tender=tender(), bids=bids(bid("1", "A"), bid("2", "B"))),
    release("award-first", 2, 2, "award", tender={"status": "complete"}, awards=[award("a", "A")]),
    release("removed", 1, 1, tender=tender(value=money(5)), bids=bids(bid("1", "A"))),
    release("update", 1, 1, bids=bids(bid("1", "A", amount=10), bid("2", "B", amount=20))),
    release("unnamed", 1, 1, awards=[award(None, "A", amount=1), award(None, "B", amount=2)]),
    release("compiled", 1, 1, bids=bids(bid("1", "A"), bid("2", "B"))),
    release("old", 2, 5, "compiled", tender=tender(), bids=bids(bid("1", "A"))),
    release("namesake", 1, 1, "compiled", tender=tender(), bids=bids(bid("1", "A"))),
    release("empty", 1, 1, bids=bids(bid("1", "A")), awards=[award("a", "A")]),
    release("again", 1, 1, tender=tender(), bids=bids(bid("1", "A"))),
    release("corrected", 1, 1, bids=bids(bid("1", "A", amount=10), bid("2", "B"))),
    release("one-file", 2, 3, tender={"status": "complete"}),
    release("one-file", 1, 2, tender=tender(title="titled")),
    release("contradiction", 1, 1, tender=tender(title="one")),
    release("contradiction", 1, 1, tender=tender(title="two")),
    release("shared", 1, 1, bids=bids(bid("1", "A", amount=10), bid("1", "B", amount=20))),
    release("meant", 1, 1, bids=bids(bid("1", "A", amount=10))),
    release("dateless", 1, 1) | {"date": "some day"},
    release("joint", 1, 1, bids=bids(bid("1", "A"))),
]
SECOND = [
    release("later-award", 2, 2, "award", awards=[award("a", "A", amount=90)]),
    release("award-first", 1, 1, tender=tender(title="T"), bids=bids(bid("1", "A"))),
    release("removed", 2, 2, tender={"value": None}, bids=None),
    release("update", 2, 2, bids=bids({"id": "2", "status": "withdrawn"}, bid("3", "C", amount=30))),
    release("unnamed", 2, 2, "award", awards=[award(None, "C", amount=3)]),
    release("compiled", 2, 2, "compiled", bids=bids(bid("2", "B"))),
    release("old", 1, 4, tender=tender(title="overtaken"), bids=bids(bid("9", "C"))),
    release("namesake", 1, 1, "award", awards=[award("a", "A")]),
    release("empty", 2, 2, bids=bids(), awards=[]),
    release("again", 1, 1, tender=tender(), bids=bids(bid("1", "A"))),
    release("corrected", 1, 1, bids=bids(bid("1", "A", amount=11))),
    release("shared", 2, 2, bids=bids({"id": "1", "status": "disqualified", "tenderers": [{"id": "B"}]})),
    release("meant", 2, 2, bids=bids(bid("1", "B", amount=20), bid("1", "A", amount=11))),
    release("dateless", 1, 1, tender=tender()),
    release("joint", 2, 2, bids=bids({"id": "1", "tenderers": [{"id": "B"}]})),
]
THIRD = [
    release("compiled", 3, 3, "award", awards=[award("a", "B")]),
    release("shared", 3, 3, bids=bids({"id": "1", "status": "withdrawn"})),
    release("later-award", 3, 3, "implementation", tender={"status": "complete"}),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivered]:
    folder = tmp_path_factory.mktemp("merging")
    site = Site(folder, Keyring.fresh())
    files = [lines(folder / f"{number}.jsonl", month) for number, month in enumerate((FIRST, SECOND, THIRD), start=1)]
    yield Delivered(site, files)
    site.close()


def row(month: list[dict[str, Any]], ocid: str) -> int:
    return [one["ocid"] for one in month].index(ocid) + 1


def test_an_award_next_month_leaves_the_bids_in_place(lake: Delivered) -> None:
    assert set(lake.bids("later-award")) == {"1", "2"}
    assert lake.awards("later-award") == {"a": 9000}
    assert lake.suppliers("later-award")["a"] == lake.firms("later-award")["1"]
    assert (lake.tender("later-award")["status"], lake.tender("later-award")["buyer"]) == ("complete", lake_buyer(lake))


def lake_buyer(lake: Delivered) -> int:
    [buyer] = {one["buyer"] for one in lake.rows("ocds_tender", "later-award")}
    assert isinstance(buyer, int)
    return buyer


def test_each_row_is_of_the_release_that_said_it_last(lake: Delivered) -> None:
    origins = {name: [(one["_delivery"], one["_row"]) for one in lake.rows(name, "later-award")] for name in
               ("ocds_tender", "ocds_bid", "ocds_award")}  # fmt: skip
    assert origins == {"ocds_tender": [(3, 3)], "ocds_bid": [(1, 1), (1, 1)], "ocds_award": [(2, 1)]}


def test_the_date_decides_not_the_delivery(lake: Delivered) -> None:
    found = lake.tender("award-first")
    assert (found["status"], found["title"], found["method"]) == ("complete", "T", "open")
    assert lake.bids("award-first")
    assert lake.awards("award-first")


def test_nor_the_place_in_the_file(lake: Delivered) -> None:
    found = lake.tender("one-file")
    assert (found["status"], found["title"], found["release_id"]) == ("complete", "titled", "one-file-2")


def test_null_removes(lake: Delivered) -> None:
    assert (lake.tender("removed")["value_amount"], lake.tender("removed")["status"]) == (None, "active")
    assert lake.bids("removed") == {}


def test_entries_are_known_by_their_id(lake: Delivered) -> None:
    assert lake.bids("update") == {"1": ("valid", 1000), "2": ("withdrawn", 2000), "3": ("valid", 3000)}
    assert {bid: len(firms) for bid, firms in lake.firms("update").items()} == {"1": 1, "2": 1, "3": 1}
    assert {bid: len(firms) for bid, firms in lake.firms("joint").items()} == {"1": 2}, "tenderers have ids of their own"


def test_lists_without_ids_are_replaced_as_a_whole(lake: Delivered) -> None:
    assert list(lake.awards("unnamed").values()) == [300]


def test_an_empty_list_says_nothing(lake: Delivered) -> None:
    assert lake.bids("empty")
    assert lake.awards("empty")


def test_a_compiled_release_stands_for_all_before_it(lake: Delivered) -> None:
    assert set(lake.bids("compiled")) == {"2"}
    assert set(lake.awards("compiled")) == {"a"}, "what comes after it is merged into it"
    assert (lake.tender("old")["title"], set(lake.bids("old"))) == (None, {"1"})
    assert (set(lake.bids("namesake")), lake.awards("namesake")) == ({"1"}, {}), "the last release in it has its id and its date"
    assert ("ocds_tender.ocid", "superseded") in {(one.column, one.remark) for one in lake.receipts[1].remarks}


def test_the_same_release_again_is_a_duplicate_and_another_content_a_correction(lake: Delivered) -> None:
    assert (lake.receipts[1].duplicate, lake.receipts[1].replaced) == (1, 1)
    assert [one["_delivery"] for one in lake.rows("ocds_bid", "again")] == [1]
    assert lake.bids("corrected") == {"1": ("valid", 1100)}


def test_two_contents_of_one_release_in_one_file_contradict_each_other(lake: Delivered) -> None:
    assert lake.tender("contradiction")["title"] == "one"
    assert ("", "key_conflict") in lake.said(row(FIRST, "contradiction") + 1)


def test_bids_that_share_an_id_are_told_apart_by_their_tenderers(lake: Delivered) -> None:
    assert lake.bids("shared") == {"1": ("valid", 1000), "1 (2)": ("disqualified", 2000)}
    assert ("bids.details", "duplicate_id_unclear") in lake.said(row(THIRD, "shared"), 3)
    assert lake.bids("meant") == {"1": ("valid", 1100), "1 (2)": ("valid", 2000)}
    assert all(len(firms) == 1 for firms in lake.firms("meant").values()), "no joint bid comes of it"


def test_a_release_set_aside_is_kept_until_its_process_is_delivered_anew(lake: Delivered, tmp_path: Path) -> None:
    assert lake.tender("dateless")["release_id"] == "dateless-1"
    assert lake.aside("dateless") == []
    site = Site(tmp_path, Keyring.fresh())
    wrong = release("wrong", bids=bids(bid("1", "A"))) | {"date": "some day"}
    found = Delivered(
        site, [lines(tmp_path / "a.jsonl", [wrong, release("sound"), '{"ocid": "linked", "releases": [{"url": "x"}]}'])]
    )
    assert [(one["buyer"], one["release_date"]) for one in found.aside("wrong")] == [(None, None)]
    assert len(found.aside("linked")) == 1
    assert [one["bid_id"] for one in found.rows("ocds_bid__set_aside", "wrong")] == ["1"]
    assert found.rows("ocds_bid", "wrong") == []
    site.close()


def test_the_order_of_deliveries_makes_no_difference(lake: Delivered, tmp_path: Path) -> None:
    asked = ("later-award", "award-first", "removed", "update", "compiled", "namesake", "old", "empty", "one-file", "joint")
    site = Site(tmp_path, Keyring.fresh())
    months = [[one for one in month if one["ocid"] in asked] for month in (THIRD, SECOND, FIRST)]
    found = Delivered(site, [lines(tmp_path / f"{number}.jsonl", month[::-1]) for number, month in enumerate(months)])
    for ocid in asked:
        assert found.bids(ocid) == lake.bids(ocid), ocid
        assert found.awards(ocid) == lake.awards(ocid), ocid
        said = ("release_id", "release_date", "status", "title", "value_amount")
        assert [found.tender(ocid)[name] for name in said] == [lake.tender(ocid)[name] for name in said], ocid
        assert {key: len(firms) for key, firms in found.firms(ocid).items()} == {
            key: len(firms) for key, firms in lake.firms(ocid).items()
        }
    site.close()


def test_what_is_missing_is_not_guessed_at(tmp_path: Path) -> None:
    """A lake that holds a process without its releases, as one written before they were kept does."""
    site = Site(tmp_path, Keyring.fresh())
    Delivered(site, [lines(tmp_path / "a.jsonl", [release(ocid, tender=tender(), bids=bids(bid("1", "A"))) for ocid in "xy"])])
    with site.lake.writing() as writer, DuckDB(memory="256MB") as engine:
        change = writer.change()
        change.delete_rows(engine, "ocds_kept_release", "true")
        change.commit("releases lost")
    later = [
        release("x", 2, 2, awards=[award("a", "A")]),
        release("y", 2, 2, "compiled", tender=tender(), awards=[award("a", "A")]),
        release("z", 2, 2, tender=tender()),
    ]
    found = Delivered(site, [lines(tmp_path / "b.jsonl", later)])
    assert found.said(1) == {("ocds_tender.ocid", "earlier_release_missing")}
    assert (set(found.bids("x")), found.awards("x"), set(found.bids("y")), set(found.awards("y"))) == ({"1"}, {}, set(), {"a"})
    assert len(found.aside("x")) == len(found.rows("ocds_tender", "z")) == 1
    site.close()


def test_a_release_of_a_day_to_come_does_not_overtake_what_is_published(tmp_path: Path) -> None:
    site = Site(tmp_path, Keyring.fresh())
    late = {**release("o-1", 9, tag="compiled", tender=tender(title="b")), "date": "2062-01-01T00:00:00Z"}
    [receipt] = site.receive(lines(tmp_path / "a.jsonl", [late]), contract="ocds_release")
    assert [(one.column, one.reason) for one in receipt.reasons] == [("ocds_tender.release_date", "in_the_future")]
    site.receive(
        lines(tmp_path / "b.jsonl", [release("o-1", 1, tag="compiled", tender=tender(title="a"))]), contract="ocds_release"
    )
    assert [row["title"] for row in site.rows("ocds_tender", "title")] == ["a"]
    site.close()
