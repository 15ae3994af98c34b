"""The lake's side of receiving: what is recorded of a delivery and of a refusal, and what was received before."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.core.intake.receiving import contracts

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.crypto import INTERNATIONAL
from xiezhi.identity.sealing import SealingKey
from xiezhi.intake import admit
from xiezhi.intake.admit import Admission, Settings
from xiezhi.intake.loading.jumps import HISTORY
from xiezhi.intake.prepared import Origin
from xiezhi.intake.receipts.account import Judgements
from xiezhi.intake.receipts.delivered_again import Back, Brought
from xiezhi.intake.receipts.receipt import Mending, Note, Profile, Receipt, Refusal, Remark
from xiezhi.intake.receipts.returned import ReturnedRow, Shape
from xiezhi.intake.recognise import Recognised
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.lake.ledger import DeliveryRecord

CONTRACT = contracts().get("subsidy_payment")
NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


class Vault:
    """Keys, and no identities."""

    def storage_key(self, purpose: str) -> SealingKey:
        return SealingKey(INTERNATIONAL, purpose.encode().ljust(32, b"."))


class Site:
    """A lake held for writing, and who admits to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lake = Lake.create(folder / "lake")
        self._writing = self.lake.writing()
        self.writer = self._writing.__enter__()
        self.scratch = self.lake.paths.scratch_of("receive")
        self.admission = self.admitting()

    def admitting(self, **settings: Any) -> Admission:
        return Admission(self.lake, self.writer, Vault(), Settings(**settings), self.scratch)  # type: ignore[arg-type]

    def close(self) -> None:
        self.admission.close()
        self._writing.__exit__(None, None, None)
        self.lake.close()

    def file(self, name: str = "发放.csv", text: str = "流水号\nP1\n") -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def record(self, file: Path, *, erased: bool = False, receipt: Mapping[str, Any] | None = None, **other: Any) -> int:
        """A delivery of the file as sheet 一 of member 1.xlsx, received before; `other` says what was otherwise."""
        number = self.writer.next_delivery()
        made = Receipt(
            delivery=number, file=file.name, contract="subsidy_payment", received_at="2026-01-01", sha256="", bytes=1,
            delivered=6, accepted=3, repaired=2, set_aside=1, replaced=4,
        ).model_copy(update=dict(receipt or {}))  # fmt: skip
        record = DeliveryRecord(
            number, file.name, "1.xlsx", "一", "subsidy_payment", "h1", digest(file), NOW, False, made.as_json()
        )
        self.writer.record(replace(record, **other))
        if erased:
            with self.lake.ledger.transaction() as connection:
                connection.execute("UPDATE deliveries SET erased_by = 1 WHERE number = ?", (number,))
        return number


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(admit, "now", lambda: NOW)
    made = Site(tmp_path)
    yield made
    made.close()


def refusal(code: str = "no_header") -> RefusedDelivery:
    return RefusedDelivery(code, zh="没有表头", en="no header", todo_zh="写上列名", todo_en="name them")


def test_a_refusal_is_recorded_with_its_receipt(site: Site) -> None:
    file = site.file(text="x" * 7)
    admission = site.admitting(contract="subsidy_payment")
    receipt = admission.refuse(file, "1.xlsx", "一", refusal())
    admission.close()
    assert receipt == Receipt(
        delivery=1,
        file="发放.csv",
        member="1.xlsx",
        sheet="一",
        contract="subsidy_payment",
        received_at="2026-03-01T08:30:00+00:00",
        sha256=hashlib.sha256(b"xxxxxxx").hexdigest(),
        bytes=7,
        refused=True,
        refusal=Refusal(code="no_header", zh="没有表头", en="no header", todo_zh="写上列名", todo_en="name them"),
    )
    assert site.lake.deliveries() == [
        DeliveryRecord(
            1, "发放.csv", "1.xlsx", "一", "subsidy_payment", None, receipt.sha256, NOW, True, receipt.as_json(), False
        )
    ]
    assert "没有表头" in site.lake.paths.receipt(1, "json").read_text("utf-8")
    assert "没有表头" in site.lake.paths.receipt(1, "html").read_text("utf-8")


def test_the_same_refusal_of_the_same_file_keeps_its_receipt_and_no_other_does(site: Site) -> None:
    file = site.file()

    def refused(file: Path, member: str | None = "1.xlsx", sheet: str | None = None, code: str = "no_header") -> int:
        return site.admission.refuse(file, member, sheet, refusal(code)).delivery

    site.record(file, sheet=None)  # it was received once, under some contract
    assert refused(file) == 2
    assert refused(file, code="empty_file") == 3
    assert refused(site.file("别名.csv")) == 4
    assert refused(site.file("b/发放.csv", "别的")) == 5
    assert refused(file, member="2.xlsx") == 6
    assert refused(file, sheet="一") == 7
    again = [refused(file), refused(file, code="empty_file"), refused(file, member="2.xlsx"), refused(file, sheet="一")]
    assert again == [2, 3, 6, 7]
    assert [one.number for one in site.lake.deliveries()] == [1, 2, 3, 4, 5, 6, 7]


def test_what_is_no_file_is_refused_by_its_name(site: Site) -> None:
    """What a link points to is not read: it may lie anywhere."""
    folder, link = site.folder / "收", site.folder / "链接.csv"
    folder.mkdir()
    link.symlink_to(site.file(text="x" * 9))
    for path in (folder, site.folder / "没有.csv", link):
        receipt = site.admission.refuse(path, None, None, refusal())
        assert receipt.sha256 == hashlib.sha256(os.fsencode(path)).hexdigest()
        assert receipt.bytes == 0 or path == link


def held(site: Site, file: Path) -> Receipt | None:
    sheet: Any = SimpleNamespace(file=file, member="1.xlsx", sheet="一")
    return site.admission.held_already(sheet, Recognised(CONTRACT, None, "h1"))


def test_a_sheet_that_was_received_before_has_the_receipt_of_then(site: Site) -> None:
    file = site.file()
    site.record(file, sheet="二")
    first, _second = site.record(file), site.record(file)
    found = held(site, file)
    assert found is not None
    assert (found.delivery, found.same_as, found.file) == (first, first, "发放.csv")
    assert (found.delivered, found.accepted, found.repaired, found.set_aside) == (6, 3, 2, 1)
    assert (found.duplicate, found.replaced) == (5, 0)
    assert len(site.lake.deliveries()) == 3


@pytest.mark.parametrize(
    "other",
    [
        {"sha256": "00"}, {"member": "2.xlsx"}, {"member": None}, {"sheet": "二"}, {"sheet": None}, {"contract_hash": "h2"},
        {"refused": True}, {"erased": True},
    ],
)  # fmt: skip
def test_only_the_same_bytes_sheet_and_contract_were_received_before(site: Site, other: dict[str, Any]) -> None:
    """And what was refused or erased since was not."""
    file = site.file()
    site.record(file, **other)
    assert held(site, file) is None


class Sheet:
    """A prepared sheet of six rows, of which row 3 is at fault and row 4 repaired, and what is asked of it in which order."""

    def __init__(self, file: Path, *, changes: bool = False, faulty: bool = True, brought: Brought | None = None) -> None:
        self.asked: list[object] = []
        self.file, self.recognised, self.brought, self._changes = file, Recognised(CONTRACT, None, "h1"), brought, changes
        self.engine = DuckDB(memory="256MB", threads=1)
        rows = "(3, 'item=code_unknown', NULL), " if faulty else ""
        self.engine.run(
            f"CREATE TABLE marks AS SELECT * FROM (VALUES {rows} (4, NULL, 'name=trimmed')) AS t(_row, _faults, _repairs)"
        )
        self.engine.run("CREATE TABLE broken (_row BIGINT, reason VARCHAR)")
        self.judgements = Judgements(6, "marks", "broken", lambda *_: {})
        self.origin = Origin("发放.csv", "1.xlsx", "一", "gb18030")
        self.notes = [Words(zh="注意", en="note")]
        self.stages = [SimpleNamespace(table=CONTRACT.table(), identities=lambda: self._numbered())]
        self.units: list[object] = []
        self.left_out: list[object] = []
        self.missing = ["nature"]

    def _numbered(self) -> list[object]:
        self.asked.append("identities")
        return []

    def meet(self, change: object) -> None:
        self.asked.append("meet")

    def decide(self, held: Mapping[str, Any]) -> None:
        self.asked.append(("decide", [(name, table.rows) for name, table in held.items()]))
        self.engine.run("CREATE TABLE outcome AS SELECT 5::BIGINT AS _row, 'duplicate' AS fate")

    def load(self, change: object, delivery: int) -> bool:
        self.asked.append(("load", delivery))
        return self._changes

    def columns(self) -> list[object]:
        return []

    def remarks(self) -> list[Remark]:
        return [Remark(column="amount", remark="all_zero", count=6)]

    def profile(self) -> list[Profile]:
        return [Profile(field="amount", rows=6, null_share=0, distinct=5, median=100.0, positive=50)]

    def expectations(self, delivered: int) -> list[object]:
        self.asked.append(("expectations", delivered))
        return []

    def shape(self) -> Shape:
        return Shape("csv", ("流水号",))

    def set_aside(self) -> Iterator[ReturnedRow]:
        return iter([ReturnedRow(3, ["P2"], "item=code_unknown")])


def admitted(site: Site, sheet: Sheet) -> Receipt:
    try:
        return site.admission.admit(sheet)  # type: ignore[arg-type]
    finally:
        sheet.engine.close()


def test_a_sheet_is_met_numbered_decided_loaded_and_recorded(site: Site) -> None:
    file = site.file(text="x" * 11)
    site.admission.begin(file)
    sheet = Sheet(file, changes=True, brought=Brought(unkeyed=1))
    receipt = admitted(site, sheet)
    paths = site.lake.paths
    assert sheet.asked == ["meet", "identities", ("decide", [("subsidy_payment", 0)]), ("load", 1), ("expectations", 6)]
    assert (receipt.delivery, receipt.contract, receipt.received_at) == (1, "subsidy_payment", "2026-03-01T08:30:00+00:00")
    assert (receipt.sha256, receipt.bytes, receipt.refused) == (digest(file), 11, False)
    assert (receipt.file, receipt.member, receipt.sheet, receipt.encoding) == ("发放.csv", "1.xlsx", "一", "gb18030")
    assert (receipt.delivered, receipt.accepted, receipt.repaired, receipt.set_aside, receipt.duplicate) == (6, 4, 1, 1, 1)
    assert (receipt.notes, receipt.missing) == ([Note(zh="注意", en="note")], ["nature"])
    assert (receipt.unkeyed, receipt.mendings) == (1, [])
    assert receipt.remarks == sheet.remarks()
    assert receipt.returned is not None
    assert (paths.root / receipt.returned).read_text("utf-8-sig").count("P2") == 1
    assert paths.original(digest(file)).stat().st_size > 11
    assert paths.receipt(1, "rows.parquet").is_file()
    assert CONTRACT.title_zh in paths.receipt(1, "html").read_text("utf-8")
    assert site.lake.deliveries() == [
        DeliveryRecord(
            1, "发放.csv", "1.xlsx", "一", "subsidy_payment", "h1", digest(file), NOW, False, receipt.as_json(), True, state=1
        )
    ]


def test_a_sheet_that_changes_nothing_is_recorded_too(site: Site) -> None:
    receipt = admitted(site, Sheet(site.file(), faulty=False))
    assert (receipt.returned, receipt.unkeyed) == (None, None)
    [record] = site.lake.deliveries()
    assert (record.number, record.state) == (1, None)


def test_a_contract_s_history_is_its_last_year_newest_first(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither other contracts, nor what was refused, nor what was erased since."""
    seen: list[list[int]] = []

    def jumps(_tables: object, _profile: object, earlier: list[Receipt]) -> list[object]:
        seen.append([one.delivery for one in earlier])
        return []

    monkeypatch.setattr(admit, "jumps", jumps)
    file = site.file()
    usual = [site.record(file) for _ in range(HISTORY + 2)]
    site.record(file, contract="death_registry")
    site.record(file, refused=True)
    site.record(file, erased=True)
    usual.append(site.record(file))
    admitted(site, Sheet(file))
    assert seen == [usual[: -HISTORY - 1 : -1]]
    assert HISTORY == 12


@pytest.mark.parametrize(
    "brought",
    [Brought(rows=[Back(1, 3, True, True)]), Brought(anew={1: 2}), Brought(numbers=[Back(1, 3, True, False)])],
)
def test_what_comes_again_is_looked_for_among_all_receipts_of_the_contract(
    site: Site, brought: Brought, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []
    said = [Mending(delivery=1, mended="3")]

    def mended(brought: Brought, earlier: Any, aside: Mapping[int, frozenset[int]]) -> list[Mending]:
        asked.append((brought, [one.delivery for one in earlier], dict(aside)))
        return said

    first = admitted(site, Sheet(site.file()))
    assert first.delivery == 1
    site.record(site.file(), contract="death_registry")
    site.record(site.file(), refused=True)
    monkeypatch.setattr(admit, "mendings", mended)
    assert admitted(site, Sheet(site.file(), brought=brought)).mendings == said
    aside = {1: frozenset({3})} if brought.numbers else {}
    assert asked == [(brought, [1], aside)]


def test_rows_of_a_file_that_this_lake_never_sent_back_are_not_looked_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def mended(_brought: Brought, _earlier: object, aside: object) -> list[Mending]:
        asked.append(aside)
        return []

    monkeypatch.setattr(admit, "mendings", mended)
    admitted(site, Sheet(site.file(), brought=Brought(numbers=[Back(7, 3, True, False)])))
    assert asked == [{}]
    admitted(site, Sheet(site.file(), brought=Brought()))
    assert len(asked) == 1


def test_the_original_is_sealed_while_the_file_is_read(site: Site) -> None:
    file = site.file()
    admission = site.admitting()
    admission.begin(file)
    admission.close()
    assert (site.scratch / "original.sealed").stat().st_size > file.stat().st_size
    site.admission.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("seal")]


def test_scratch_space_has_the_memory_threads_and_folder_that_were_given(site: Site) -> None:
    with site.admitting(memory="128MiB", threads=1).engine() as engine:
        [found] = engine.rows(
            "SELECT current_setting('memory_limit') AS m, current_setting('threads') AS n, current_setting('temp_directory') AS d"
        )
    assert (found["m"], found["n"], found["d"]) == ("128.0 MiB", 1, str(site.scratch / "spill"))
    assert site.admission.key("x") == Vault().storage_key("x")
