"""The account of one sheet: what is counted, which rows are shown, and what is written down row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.receipts.account import Account, Judgements, account, rows_set_aside, set_aside_rows, write_rows
from xiezhi.intake.receipts.receipt import Example, Reason, Remark, Repair, Spelling

MARKS = """
    (2, 'item=code_unknown', NULL), (3, 'item=code_unknown', NULL), (4, 'item=code_unknown', NULL),
    (5, 'item=code_unknown|person=id_masked', 'amount=trimmed'),
    (6, NULL, 'amount=half_width;amount_format|name=trimmed'), (7, NULL, 'amount=amount_format'), (8, NULL, 'name=trimmed')
"""
"""Four rows at fault, one of which was also repaired, and three repaired ones, of which row 8 contradicts what is held."""

BROKEN = "(20, 'column_count'), (30, 'total_row')"
OUTCOME = "(8, 'conflict'), (9, 'conflict'), (10, 'duplicate'), (11, 'duplicate'), (12, 'replaces'), (13, 'outdated')"
NOTES = """
    (12, 'tender.value', 'wrong_type', 'x'), (11, 'tender.value', 'wrong_type', 'y'), (14, 'tender.value', 'wrong_type', 'z'),
    (13, 'tender.value', 'wrong_type', 'w'), (11, 'bids.date', 'undated', NULL), (11, 'bids.date', 'undated', NULL)
"""
LEFT_OUT = "(40, 'footer_total'), (41, 'footer_page')"
TOTAL = 12
"""Rows 2 to 13 could be read as rows."""


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB", threads=1) as made:
        yield made


def judged(engine: DuckDB, *, notes: bool = True, spellings: bool = True, **rows: str) -> Judgements:
    """The sheet above; `rows` replaces what one of its tables holds, by nothing where it is empty."""
    for table, columns, held in (
        ("marks", "_row BIGINT, _faults VARCHAR, _repairs VARCHAR", MARKS),
        ("broken", "_row BIGINT, reason VARCHAR", BROKEN),
        ("outcome", "_row BIGINT, fate VARCHAR", OUTCOME),
        ("notes", '_row BIGINT, "column" VARCHAR, word VARCHAR, shown VARCHAR', NOTES),
        ("left_out", "_row BIGINT, reason VARCHAR", LEFT_OUT),
    ):
        engine.run(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
        if values := rows.get(table, held):
            engine.run(f"INSERT INTO {table} VALUES {values}")

    def show(column: str, rows: Sequence[int]) -> Mapping[int, str | None]:
        return {row: f"{column}{row}" for row in rows if row != 3}

    more = {"notes": "notes", "left_out": "left_out"} if notes else {}
    known = {"spellings": lambda column: [Spelling(written=column, count=4)]} if spellings else {}
    return Judgements(TOTAL, "marks", "broken", show, **more, **known)  # type: ignore[arg-type]


def test_every_row_is_counted_once_and_the_first_three_of_each_reason_are_shown(engine: DuckDB) -> None:
    assert account(engine, judged(engine)) == Account(
        delivered=14,
        accepted=4,  # 9 contradicts what is held; 10 to 13 are among these
        repaired=2,
        set_aside=8,
        duplicate=2,
        replaced=1,
        outdated=1,
        reasons=[
            Reason(
                row=2,
                column="item",
                reason="code_unknown",
                count=4,
                examples=[Example(row=2, shown="item2"), Example(row=3), Example(row=4, shown="item4")],
                spellings=[Spelling(written="item", count=4)],
            ),
            Reason(row=8, column=None, reason="key_conflict", count=2, examples=[Example(row=8), Example(row=9)]),
            Reason(row=20, column=None, reason="column_count", count=1, examples=[Example(row=20)]),
            Reason(row=30, column=None, reason="total_row", count=1, examples=[Example(row=30)]),
            Reason(row=5, column="person", reason="id_masked", count=1, examples=[Example(row=5, shown="person5")]),
        ],
        repairs=[
            Repair(column="amount", repair="amount_format", count=2),
            Repair(column="amount", repair="half_width", count=1),
            Repair(column="name", repair="trimmed", count=1),
        ],
        remarks=[
            Remark(
                column="tender.value",
                remark="wrong_type",
                count=4,
                examples=[Example(row=11, shown="y"), Example(row=12, shown="x"), Example(row=13, shown="w")],
            ),
            Remark(column="bids.date", remark="undated", count=2, examples=[Example(row=11), Example(row=11)]),
        ],
    )


def test_a_sheet_of_which_nothing_is_to_be_said(engine: DuckDB) -> None:
    nothing = judged(engine, notes=False, marks="", broken="", outcome="")
    assert account(engine, nothing) == Account(TOTAL, TOTAL, 0, 0, 0, 0, 0, [], [], [])


def test_the_rows_of_a_reason_are_counted_however_many_there_are(engine: DuckDB) -> None:
    """Four broken rows and four that contradict what is held: three are shown, the first."""
    broken, outcome = (", ".join(f"({row}, '{word}')" for row in rows) for rows, word in (
        ((53, 50, 52, 51), "nul_byte"), ((9, 6, 7, 8), "conflict")
    ))  # fmt: skip
    made = account(engine, judged(engine, notes=False, marks="", broken=broken, outcome=outcome))
    assert (made.delivered, made.accepted, made.set_aside) == (16, 8, 8)
    assert made.reasons == [
        Reason(row=6, column=None, reason="key_conflict", count=4, examples=[Example(row=row) for row in (6, 7, 8)]),
        Reason(row=50, column=None, reason="nul_byte", count=4, examples=[Example(row=row) for row in (50, 51, 52)]),
    ]


def test_what_was_written_is_told_of_unknown_codes_only_and_where_it_is_known(engine: DuckDB) -> None:
    unknown = account(engine, judged(engine, spellings=False)).reasons[0]
    assert (unknown.reason, unknown.spellings) == ("code_unknown", [])
    marks = "(2, 'person=id_masked', NULL)"
    broken = "(20, 'code_unknown')"
    for told in account(engine, judged(engine, marks=marks, broken=broken, outcome="")).reasons:
        assert told.spellings == []


def test_reasons_as_frequent_stand_in_the_order_of_their_columns(engine: DuckDB) -> None:
    """Those of the whole row first."""
    marks = "(2, 'village=region_malformed|amount=out_of_range', NULL), (3, 'amount=amount_malformed', NULL)"
    found = account(engine, judged(engine, marks=marks, broken="(9, 'nul_byte')", outcome="")).reasons
    assert [(one.column, one.reason) for one in found] == [
        (None, "nul_byte"),
        ("amount", "amount_malformed"),
        ("amount", "out_of_range"),
        ("village", "region_malformed"),
    ]


ASIDE = [
    (2, "set_aside", "item", "code_unknown"),
    (3, "set_aside", "item", "code_unknown"),
    (4, "set_aside", "item", "code_unknown"),
    (5, "set_aside", "item", "code_unknown"),
    (5, "set_aside", "person", "id_masked"),
    (6, "repaired", "amount", "amount_format"),
    (6, "repaired", "amount", "half_width"),
    (6, "repaired", "name", "trimmed"),
    (7, "repaired", "amount", "amount_format"),
    (8, "set_aside", None, "key_conflict"),
    (9, "set_aside", None, "key_conflict"),
]


def written(path: Path) -> list[tuple[object, ...]]:
    table = pq.read_table(path)
    assert table.column_names == ["row", "outcome", "column", "word"]
    return [tuple(row.values()) for row in table.to_pylist()]


def test_the_written_account_has_every_row_of_which_something_is_to_be_said(engine: DuckDB, tmp_path: Path) -> None:
    """In the order of the file. What was said twice of a row, as of two bids of one release, stands there twice."""
    path = tmp_path / "rows.parquet"
    write_rows(engine, judged(engine), path)
    assert written(path) == [
        *ASIDE,
        (11, "remarked", "bids.date", "undated"),
        (11, "remarked", "bids.date", "undated"),
        (11, "remarked", "tender.value", "wrong_type"),
        (12, "remarked", "tender.value", "wrong_type"),
        (13, "remarked", "tender.value", "wrong_type"),
        (14, "remarked", "tender.value", "wrong_type"),
        (20, "set_aside", None, "column_count"),
        (30, "set_aside", None, "total_row"),
        (40, "left_out", None, "footer_total"),
        (41, "left_out", None, "footer_page"),
    ]
    assert rows_set_aside(path) == frozenset({2, 3, 4, 5, 8, 9, 20, 30})


def test_a_sheet_without_remarks_and_footers_has_an_account_too(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    write_rows(engine, judged(engine, notes=False), path)
    assert written(path) == [*ASIDE, (20, "set_aside", None, "column_count"), (30, "set_aside", None, "total_row")]


def test_an_account_that_is_gone_has_set_nothing_aside(tmp_path: Path) -> None:
    assert rows_set_aside(tmp_path / "gone.parquet") == frozenset()


def test_all_that_is_set_aside_has_its_reasons_as_one_text(engine: DuckDB) -> None:
    found = engine.rows(f"SELECT * FROM ({set_aside_rows(judged(engine))}) ORDER BY _row")
    assert {row["_row"]: row["reasons"] for row in found} == {
        2: "item=code_unknown",
        3: "item=code_unknown",
        4: "item=code_unknown",
        5: "item=code_unknown|person=id_masked",
        8: "key_conflict",
        9: "key_conflict",
        20: "column_count",
        30: "total_row",
    }
    assert len(found) == 8
