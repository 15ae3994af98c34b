"""Records and packages: what stands for a process is read, what is only linked is told. One file for each form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.core.intake.receiving import Site
from tests.core.intake.releasing import Delivered, Json, award, bid, bids, lines, release, tender

from xiezhi.identity.keyring import Keyring
from xiezhi.intake.files.delivered import Limits, OcdsSheet, open_delivered
from xiezhi.kernel.errors import RefusedDelivery

LINK = {"url": "https://example.invalid/r/1", "date": "2025-01-01T00:00:00Z", "tag": ["tender"]}


def record(ocid: str, **members: Any) -> Json:
    return {"ocid": ocid, **members}


def package(*inside: Json) -> Json:
    listed = "records" if "ocid" in inside[0] and "id" not in inside[0] else "releases"
    return {"uri": "https://example.invalid/p", "version": "1.1", "publishedDate": "2025-06-01T00:00:00Z", listed: list(inside)}


def versions(*said: tuple[str, Any]) -> list[Json]:
    return [{"releaseDate": f"2025-{month}-01T00:00:00Z", "releaseID": month, "releaseTag": ["tender"], "value": value}
            for month, value in said]  # fmt: skip


RECORDS = [
    record("embedded", releases=[
        release("embedded", 2, 2, "award", awards=[award("a", "A")]),
        release("embedded", 1, 1, tender=tender(), bids=bids(bid("1", "A"), bid("2", "B"))),
    ]),
    record("of-record", releases=[{key: value for key, value in release("x", tender=tender()).items() if key != "ocid"}]),
    record("compiled", compiledRelease=release("compiled", 3, 3, "compiled", tender=tender(), bids=bids(bid("1", "A"))),
           releases=[release("compiled", 1, 1, bids=bids(bid("1", "A"), bid("2", "B"))), LINK]),
    record("versioned", versionedRelease={
        "tender": {"id": "t", "status": versions(("01", "active"), ("03", "complete")), "title": versions(("01", "T"))},
        "bids": {"details": [{"id": "1", "status": versions(("01", "valid"), ("02", "withdrawn")), "tenderers": [{"id": "A"}]}]},
    }),
    record("linked", releases=[LINK, LINK]),
    record("half-linked", releases=[LINK, release("half-linked", tender=tender()), "x"]),
    record("empty", releases=[]),
    record("object", releases=release("object", tender=tender())),
    {"compiledRelease": release("inside", 1, 1, "compiled", tender=tender())},
]  # fmt: skip


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivered]:
    folder = tmp_path_factory.mktemp("records")
    site = Site(folder, Keyring.fresh())
    plain = [release(f"{name}-{number}", tender=tender()) for name in ("array", "package", "lines") for number in (1, 2)]
    files = {
        "records.json": json.dumps(package(*RECORDS), indent=1),
        "array.json": json.dumps(plain[:2]),
        "packages.json": json.dumps([package(plain[2]), package(plain[3])]),
        "lines.jsonl": json.dumps(plain[4]) + "\n\n" + json.dumps(package(plain[5], release("lines-3"))) + "\n"
        + json.dumps(release("lines-4")) + "\n" + json.dumps(record("lines-5", releases=[LINK])) + "\n",
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    yield Delivered(site, [folder / name for name in files])
    site.close()


def test_embedded_releases_are_merged(lake: Delivered) -> None:
    assert (set(lake.bids("embedded")), set(lake.awards("embedded"))) == ({"1", "2"}, {"a"})
    assert lake.tender("embedded")["release_id"] == "embedded-2"
    assert lake.tender("of-record")["status"] == lake.tender("object")["status"] == "active"


def test_a_compiled_release_stands_for_its_record(lake: Delivered) -> None:
    assert set(lake.bids("compiled")) == {"1"}
    assert lake.tender("inside")["release_id"] == "inside-1"


def test_of_a_versioned_release_the_last_values(lake: Delivered) -> None:
    found = lake.tender("versioned")
    assert (found["status"], found["title"], str(found["release_date"])) == ("complete", "T", "2025-03-01 00:00:00")
    assert lake.bids("versioned")["1"][0] == "withdrawn"
    assert lake.firms("versioned")["1"]


def test_what_is_only_linked_is_told(lake: Delivered) -> None:
    receipt = lake.receipts[0]
    assert (receipt.delivered, receipt.set_aside) == (len(RECORDS), 2)
    assert {one.reason: [e.row for e in one.examples] for one in receipt.reasons} == {"linked_only": [5], "record_empty": [7]}
    said = {(one.column, one.remark): one.count for one in receipt.remarks}
    assert said[("releases[]", "linked_only")] == said[("releases[]", "not_an_object")] == 1
    assert lake.tender("half-linked")["status"] == "active"
    assert lake.rows("ocds_tender", "linked") == []
    assert len(lake.aside("linked")) == len(lake.aside("empty")) == 1, "they count among whom a rule could have concerned"


def test_every_form_of_file_is_read(lake: Delivered) -> None:
    for name in ("array", "package", "lines"):
        assert [lake.tender(f"{name}-{number}")["status"] for number in (1, 2)] == ["active", "active"]
    assert [one.delivered for one in lake.receipts[1:]] == [2, 2, 5]
    assert lake.receipts[3].reasons[0].reason == "linked_only"
    rows = [one["_row"] for ocid in ("lines-1", "lines-2", "lines-3", "lines-4") for one in lake.rows("ocds_tender", ocid)]
    assert rows == sorted(set(rows)), "no two releases bear one number"


def test_a_record_with_one_release_that_cannot_be_dated_is_set_aside_whole(tmp_path: Path) -> None:
    site = Site(tmp_path, Keyring.fresh())
    inside = [release("x", 1, 1, tender=tender()), release("x", 2, 2, awards=[award("a", "A")]) | {"date": "2025-13-01"}]
    found = Delivered(site, [lines(tmp_path / "a.jsonl", [record("x", releases=inside)])])
    assert (found.receipts[0].set_aside, found.rows("ocds_tender", "x"), len(found.aside("x"))) == (1, [], 1)
    assert [one["award_id"] for one in found.rows("ocds_award__set_aside", "x")] == ["a"]
    site.close()


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("record", RECORDS[:4], ids=lambda record: record["ocid"])
def test_a_file_may_be_one_record(record: Json, indent: int | None, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(record, indent=indent), encoding="utf-8")
    sheet = next(open_delivered(tmp_path / "a.json", Limits(), tmp_path / "s"))
    assert isinstance(sheet, OcdsSheet)
    [[unit]] = list(sheet.units())
    assert unit.contained.releases[0]["ocid"] == record["ocid"]
    assert unit.contained.compiled == ("releases" not in record or "compiledRelease" in record)


def test_a_record_that_names_itself_too_late_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        json.dumps({"releases": [LINK], **RECORDS[2]}, indent=1).replace('"ocid": "compiled",', ""), "utf-8"
    )
    sheet = next(open_delivered(tmp_path / "a.json", Limits(), tmp_path / "s"))
    assert isinstance(sheet, OcdsSheet)
    with pytest.raises(RefusedDelivery, match="must come before"):
        list(sheet.units())
