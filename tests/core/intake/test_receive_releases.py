"""OCDS releases: six tables that come and go together, counted by release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.core.intake.receiving import Site
from tests.core.intake.releasing import award, bids, lines, tender
from tests.core.intake.releasing import release as plain

from xiezhi.intake.receipts.receipt import Example, Reason, Remark, Repair
from xiezhi.intake.receipts.returned import REASON_HEADER, ROW_HEADER


def release(number: int, *, amount: float = 100, bids: int = 2, date: str = "2026-01-02T00:00:00Z") -> dict[str, Any]:
    offers = [{"id": f"b{k}", "status": "valid", "date": date, "value": {"amount": amount + k, "currency": "CNY"},
               "tenderers": [{"id": f"org-{k}", "name": f"甲{k}"}]} for k in range(bids)]  # fmt: skip
    return {
        "ocid": f"ocds-x-{number}",
        "id": f"r{number}",
        "date": date,
        "tag": ["compiled"],
        "buyer": {"id": "org-buyer", "name": "买方"},
        "tender": {"id": "t", "status": "complete", "procurementMethod": "open", "value": {"amount": amount, "currency": "CNY"}},
        "bids": {"details": offers},
        "awards": [{"id": "a", "status": "active", "date": date, "value": {"amount": amount, "currency": "CNY"},
                    "suppliers": [{"id": "org-0"}], "items": [{"id": "i", "classification": {"scheme": "CPV", "id": "1"}}]}],
    }  # fmt: skip


def write(path: Path, releases: list[dict[str, Any]]) -> Path:
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in releases), encoding="utf-8")
    return path


def test_one_release_fills_six_tables(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write(tmp_path / "a.jsonl", [release(1), release(2, bids=3)]), contract="ocds_release")
    assert (receipt.delivered, receipt.accepted, receipt.set_aside) == (2, 2, 0)
    tables = {name: table.rows for name, table in site.lake.snapshot().tables.items()}
    assert tables == {
        "ocds_tender": 2,
        "ocds_bid": 5,
        "ocds_bid_tenderer": 5,
        "ocds_award": 2,
        "ocds_award_supplier": 2,
        "ocds_award_item": 2,
        "ocds_kept_release": 2,
    }
    assert {row["amount"] for row in site.rows("ocds_award")} == {10000}
    tenderers = {row["tenderer"] for row in site.rows("ocds_bid_tenderer")}
    assert {row["supplier"] for row in site.rows("ocds_award_supplier")} < tenderers


def test_a_later_release_replaces_every_row_of_its_process(site: Site, tmp_path: Path) -> None:
    site.receive(write(tmp_path / "a.jsonl", [release(1, bids=3), release(2)]))
    [receipt] = site.receive(write(tmp_path / "b.jsonl", [release(2), release(1, bids=1), release(3)]))
    assert (receipt.accepted, receipt.duplicate, receipt.replaced) == (3, 1, 1)
    held = {(row["ocid"], row["_delivery"]) for row in site.rows("ocds_bid")}
    assert held == {("ocds-x-1", 2), ("ocds-x-2", 1), ("ocds-x-3", 2)}
    assert len(site.rows("ocds_bid")) == 1 + 2 + 2


def test_faults_and_contradictions_set_the_release_aside_whole(site: Site, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [release(1), release(2, date="soon"), release(1, amount=5), release(1)])
    path.write_text(path.read_text(encoding="utf-8") + "\nnot json\n", encoding="utf-8")
    receipts = site.receive(path)
    if receipts[0].refused:
        path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:4]), encoding="utf-8")
        receipts = site.receive(path)
    receipt = receipts[-1]
    assert (receipt.accepted, receipt.duplicate) == (2, 1)
    assert {"key_conflict", "date_malformed"} <= {reason.reason for reason in receipt.reasons}
    assert {row["ocid"] for row in site.rows("ocds_tender")} == {"ocds-x-1"}
    [returned] = site.lake.paths.set_aside.iterdir()
    lines = [json.loads(line) for line in returned.read_text(encoding="utf-8").splitlines()]
    assert {line.get("ocid") for line in lines if "ocid" in line} == {"ocds-x-1", "ocds-x-2"}
    assert all(REASON_HEADER in line for line in lines)
    mended = [line | {"date": "2026-01-02"} for line in lines if line.get("ocid") == "ocds-x-2"]
    for line in mended:
        line["bids"]["details"], line["awards"] = [], []
    [again] = site.receive(write(tmp_path / "mended.jsonl", mended))
    assert (again.delivered, again.set_aside) == (1, 0)
    assert len(site.rows("ocds_tender")) == 2


@pytest.mark.parametrize("part", ["bids", "awards"])
def test_two_of_one_number_set_their_release_aside(part: str, site: Site, tmp_path: Path) -> None:
    """Joined by number, each would have the tenderers, or suppliers, of both."""
    bad = release(2)
    listed = bad["bids"]["details"] if part == "bids" else bad["awards"]
    listed.append({**listed[0], "value": {"amount": 7, "currency": "CNY"}})
    [receipt] = site.receive(write(tmp_path / "a.jsonl", [release(1), bad]), contract="ocds_release")
    assert (receipt.accepted, receipt.set_aside) == (1, 1)
    assert receipt.reasons[0].reason == "key_conflict"


def test_half_a_character_sets_its_release_aside_and_goes_back_as_it_came(site: Site, tmp_path: Path) -> None:
    text = json.dumps(release(2)).replace('"t"', '"t\\ud83d"')
    (tmp_path / "a.jsonl").write_text(json.dumps(release(1)) + "\n" + text + "\n", encoding="utf-8")
    [receipt] = site.receive(tmp_path / "a.jsonl", contract="ocds_release")
    assert (receipt.accepted, receipt.set_aside) == (1, 1)
    assert receipt.returned is not None
    assert "\\ud83d" in (site.lake.paths.root / receipt.returned).read_text("utf-8")


def test_the_receipt_says_of_each_release_what_became_of_it_and_the_others_go_back(site: Site, tmp_path: Path) -> None:
    """Of a release that is set aside nothing else is remarked: the sender mends it whole."""
    unread = [award("a1", "f1", amount="x")]
    delivered = [
        plain("ocds-x-1", tender=tender()),
        plain("ocds-x-1", 2, 2, "award", awards=[award("a1", "f1", amount="x"), award("a2", "f1")]),
        {**plain("ocds-x-2", awards=unread), "date": "soon"},
        {"id": "z", "date": "2025-01-01T00:00:00Z", "tag": ["tender"]},
        plain("ocds-x-3", bids=bids({"id": "b1", "value": 5})),
        plain("ocds-x-3", tender=tender(title="另一份"), awards=unread),
        plain("ocds-x-4", 2, 2, "compiled"),
        plain("ocds-x-4", tender=tender()),
    ]
    [receipt] = site.receive(lines(tmp_path / "a.jsonl", delivered), contract="ocds_release")
    assert (receipt.delivered, receipt.accepted, receipt.repaired, receipt.set_aside) == (8, 4, 1, 3)
    assert receipt.reasons == [
        Reason(row=6, column=None, reason="key_conflict", count=1, examples=[Example(row=6)]),
        Reason(row=4, column=None, reason="required_empty", count=1, examples=[Example(row=4)]),
        Reason(
            row=3, column="ocds_tender.release_date", reason="date_malformed", count=1, examples=[Example(row=3, shown="soon")]
        ),
    ]
    merged, superseded = (
        [Example(row=row, shown=ocid) for row in rows] for ocid, rows in (("ocds-x-1", (1, 2)), ("ocds-x-4", (8,)))
    )
    assert receipt.remarks == [
        Remark(column="ocds_tender.ocid", remark="merged", count=2, examples=merged),
        Remark(column="ocds_award.amount", remark="amount_malformed", count=1, examples=[Example(row=2, shown="x")]),
        Remark(column="ocds_tender.ocid", remark="superseded", count=1, examples=superseded),
    ]
    assert receipt.repairs == [Repair(column="bids.details[].value", repair="bare_amount", count=1)]
    assert (receipt.columns, [(one.expectation, one.found) for one in receipt.expectations]) == ([], [("rowCount >= 1", 8.0)])
    assert {"ocds_bid.amount", "ocds_award_supplier.supplier"} < {one.field for one in receipt.profile}
    assert receipt.returned is not None
    back = [json.loads(line) for line in (site.lake.paths.root / receipt.returned).read_text("utf-8").splitlines()]
    assert [(line[ROW_HEADER], line["id"]) for line in back] == [(3, "ocds-x-2-1"), (4, "z"), (6, "ocds-x-3-1")]
    assert {row["ocid"] for row in site.rows("ocds_tender")} == {"ocds-x-1", "ocds-x-3", "ocds-x-4"}
