"""What a delivery leaves beside its rows lies under its number, on the disk, under a name that any file system takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake import papers
from xiezhi.intake.papers import RECEIPT_DONE, RECEIPT_NEXT, RETURNED, RETURNING, write_account, write_back, write_receipt
from xiezhi.intake.prepared import Origin
from xiezhi.intake.receipts.account import Judgements
from xiezhi.intake.receipts.receipt import Receipt
from xiezhi.intake.receipts.returned import ReturnedRow, Shape
from xiezhi.lake.layout import LakeLayout

Done = list[tuple[str, tuple[str, ...]]]
LONG = "补贴发放明细" * 20


class Sent:
    """As much of a delivery as is sent back."""

    def __init__(self, file: str, member: str | None, sheet: str | None) -> None:
        self.origin = Origin(file, member, sheet, "utf-8")

    def shape(self) -> Shape:
        return Shape("csv", ["姓名", "金额"])

    def set_aside(self) -> Iterator[ReturnedRow]:
        yield ReturnedRow(3, ["张三", "一百"], "金额=required_empty")


@pytest.fixture
def done(layout: LakeLayout, monkeypatch: pytest.MonkeyPatch) -> Done:
    """What is reached and flushed to the disk, in order, and what the lake then holds."""
    told: Done = []

    def tell(what: str | Path) -> None:
        there = sorted(path.name for folder in (layout.set_aside, layout.receipts) for path in folder.iterdir())
        told.append((what if isinstance(what, str) else what.name, tuple(there)))

    monkeypatch.setattr(papers, "reach", tell)
    monkeypatch.setattr(papers, "sync", tell)
    return told


@pytest.mark.parametrize(("file", "member", "sheet", "name"), [
    ("发放表.csv", None, None, "发放表"),
    ("2021.发放表.csv.gz", None, None, "2021.发放表"),
    ("发放表.xlsx", None, "一季度", "发放表-一季度"),
    ("全年.zip", "城关镇/1月.xlsx", "发放", "1月-发放"),
    ("全年.zip", "城关镇.zip/1月.csv", None, "1月"),
    ("发放表.xlsx", None, '1/2月: "补发"?', "发放表-1_2月_ _补发_"),
    ("发\\放*表|.csv", None, None, "发_放_表_"),
    (f"{LONG[:53]}.csv", None, None, LONG[:53]),
    (f"{LONG[:54]}.csv", None, None, LONG[:53]),
    (f"a{LONG[:53]}.csv", None, None, f"a{LONG[:53]}"),
])  # fmt: skip
def test_rows_go_back_under_the_name_they_came_with(
    file: str, member: str | None, sheet: str | None, name: str, layout: LakeLayout
) -> None:
    sent: Any = Sent(file, member, sheet)
    told = write_back(sent, layout, 7)
    assert told == f"set_aside/00000007-{name}.csv"
    written = (layout.root / told).read_text("utf-8").splitlines()
    assert [line.split(",")[:4] for line in written] == [["姓名", "金额", "原交付号", "原行号"], ["张三", "一百", "7", "3"]]


def test_rows_that_go_back_are_on_the_disk_before_they_are_told(layout: LakeLayout, done: Done) -> None:
    sent: Any = Sent("a.csv", None, None)
    write_back(sent, layout, 7)
    name = "00000007-a.csv"
    assert done == [(RETURNING, ()), (name, (name,)), (RETURNED, (name,))]


def test_a_receipt_is_written_for_programs_and_for_people(layout: LakeLayout, done: Done) -> None:
    receipt = Receipt(delivery=7, file="发放表.csv", contract=None, received_at="2021-04-01T08:00:00", sha256="0" * 64, bytes=9)
    write_receipt(receipt, layout, None)
    assert done == [(RECEIPT_NEXT, ()), (RECEIPT_DONE, ("00000007.html", "00000007.json"))]
    text = layout.receipt(7, "json").read_text("utf-8")
    assert text.startswith('{\n  "delivery": 7,\n  "file": "发放表.csv",\n')
    assert Receipt.model_validate(json.loads(text)) == receipt
    assert "发放表.csv" in layout.receipt(7, "html").read_text("utf-8")


def test_the_account_row_by_row_is_on_the_disk(layout: LakeLayout, done: Done) -> None:
    with DuckDB(memory="256MB", threads=1) as engine:
        engine.run("CREATE TABLE marks AS SELECT 3 AS _row, '金额=required_empty' AS _faults, NULL AS _repairs")
        engine.run("CREATE TABLE broken AS SELECT 2 AS _row, 'column_count' AS reason")
        engine.run("CREATE TABLE outcome AS SELECT 4 AS _row, 'duplicate' AS fate")
        prepared: Any = SimpleNamespace(engine=engine, judgements=Judgements(1, "marks", "broken", lambda _column, _rows: {}))
        write_account(prepared, layout, 7)
    name = "00000007.rows.parquet"
    assert done == [(name, (name,))]
    assert [tuple(row.values()) for row in pq.read_table(layout.receipts / name).to_pylist()] == [
        (2, "set_aside", None, "column_count"), (3, "set_aside", "金额", "required_empty"),
    ]  # fmt: skip
