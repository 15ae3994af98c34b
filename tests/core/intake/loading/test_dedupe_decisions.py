"""What of a delivered stage is new, held, contradicted or outdated, by the contract's load mode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.core.intake.receiving import contracts

from xiezhi.contracts.kinds import LoadMode
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.loading.dedupe import Loading, decide, repeated_inside
from xiezhi.intake.rows.filling import fill_from
from xiezhi.intake.rows.stage import Source, Stage
from xiezhi.kernel.tables import TableRef
from xiezhi.kernel.words import Words

FIELDS = ("payment_id", "agency", "pay_date", "amount")
LAKE = {"payment_id": "VARCHAR", "agency": "VARCHAR", "pay_date": "DATE", "amount": "BIGINT"}
MARCH, APRIL, MAY = "2021-03-05", "2021-04-05", "2021-05-05"

Row = tuple[str, str, str, str]
Held = tuple[int, int, str, str | None, str, int]
"""Delivery, row, number, agency, day, fen."""

Fates = dict[int, tuple[str, int | None, int | None]]
"""Row of the file → its fate, and the delivery and row of the held one."""


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB", threads=1) as made:
        yield made


class Delivery:
    """Payments from row 2 on, delivered to a lake that holds others."""

    def __init__(
        self,
        engine: DuckDB,
        folder: Path,
        rows: Sequence[Row],
        held: Sequence[Held] = (),
        *,
        mode: LoadMode = LoadMode.APPEND,
        key: tuple[str, ...] = ("payment_id",),
        state_date: str | None = None,
        columns: Sequence[str] = FIELDS,
    ) -> None:
        self.engine = engine
        whole = contracts().get("subsidy_payment")
        unkeyed = {"primary_key": False, "primary_key_position": None}
        fields = tuple(whole.table().field(name).model_copy(update=unkeyed) for name in FIELDS)
        table = whole.table().model_copy(update={"fields": fields})
        contract = whole.model_copy(
            update={"tables": (table,), "load_key": key, "load_mode": mode, "state_date": state_date, "period": "pay_date"}
        )
        spelled = ", ".join(f"({at}, {', '.join(map(repr, row))})" for at, row in enumerate(rows, start=2))
        engine.run(f"CREATE TEMP VIEW given AS SELECT * FROM (VALUES {spelled}) AS t(_row, {', '.join(FIELDS)})")
        stage = Stage(engine, "s", table, Source(FIELDS, {name: name for name in FIELDS}))
        fill_from(stage, "given")
        columns_held = {name: LAKE[name] for name in columns} | {"_delivery": "INTEGER", "_row": "BIGINT"}
        files: tuple[Path, ...] = ()
        if held:
            values = ", ".join(f"({', '.join('NULL' if cell is None else repr(cell) for cell in row)})" for row in held)
            typed = ", ".join(f"{name}::{kind} AS {name}" for name, kind in columns_held.items())
            names = ", ".join(("_delivery", "_row", *FIELDS))
            engine.write_parquet(f"SELECT {typed} FROM (VALUES {values}) AS t({names})", folder / "held.parquet")
            files = (folder / "held.parquet",)
        self.loading = Loading(contract, stage, TableRef("subsidy_payment", files, columns_held, len(held)))
        decide(engine, self.loading)

    @property
    def fates(self) -> Fates:
        found = self.engine.rows("SELECT * FROM outcome ORDER BY _row")
        assert len({row["_row"] for row in found}) == len(found)
        return {row["_row"]: (row["fate"], row["l_delivery"], row["l_row"]) for row in found}

    @property
    def dropped(self) -> list[tuple[int, int]]:
        """Delivery and row of the held rows that go with their period."""
        return [(row["_delivery"], row["_row"]) for row in self.engine.rows("SELECT * FROM dropped ORDER BY ALL")]


APPENDED: list[Row] = [
    ("P1", "民政局", MARCH, "10"),  # held
    ("P2", "民政局", MARCH, "10"),  # held with another amount
    ("P3", "民政局", MARCH, "10"),  # new
    ("P4", "民政局", MARCH, "10"),
    ("P4", "民政局", MARCH, "10"),  # a repetition
    ("P5", "民政局", MARCH, "10"),
    ("P5", "民政局", MARCH, "11"),  # contradicts the row above
    ("P6", "民政局", MARCH, "-10"),  # takes back what is held
    ("P7", "民政局", MARCH, "10"),
    ("P7", "民政局", MARCH, "-10"),  # takes back the row above
    ("P8", "民政局", MARCH, "-10"),  # this reversal is held
    ("P9", "", MARCH, "10"),  # held, without an agency either
    ("P10", "民政局", MARCH, "0"),  # nothing is no reversal: contradicts what is held
    ("P11", "民政局", MARCH, "10"),
    ("P11", "民政局", MARCH, "12"),  # held: the row above contradicts it
]
HELD: list[Held] = [
    (1, 7, "P1", "民政局", MARCH, 1000),
    (1, 8, "P2", "民政局", MARCH, 1100),
    (1, 9, "P6", "民政局", MARCH, 1000),
    (2, 4, "P8", "民政局", MARCH, -1000),
    (2, 5, "P9", None, MARCH, 1000),
    (2, 6, "P10", "民政局", MARCH, 1000),
    (2, 7, "P11", "民政局", MARCH, 1200),
]


def test_where_rows_are_appended_one_number_is_one_payment_and_what_takes_it_back(engine: DuckDB, tmp_path: Path) -> None:
    assert Delivery(engine, tmp_path, APPENDED, HELD).fates == {
        2: ("duplicate", 1, 7),
        3: ("conflict", 1, 8),
        6: ("duplicate", None, None),
        8: ("conflict", None, None),
        12: ("duplicate", 2, 4),
        13: ("duplicate", 2, 5),
        14: ("conflict", 2, 6),
        15: ("conflict", 2, 7),
        16: ("duplicate", 2, 7),
    }


def test_in_an_empty_lake_a_file_can_only_contradict_itself(engine: DuckDB, tmp_path: Path) -> None:
    """The first row of a number stands."""
    inside = {6: ("duplicate", None, None), 8: ("conflict", None, None), 16: ("conflict", None, None)}
    assert Delivery(engine, tmp_path, APPENDED).fates == inside


STATES: list[Row] = [
    ("P1", "民政局", APRIL, "10"),  # held
    ("P2", "民政局", MAY, "10"),  # a newer state
    ("P3", "民政局", MARCH, "10"),  # an older one
    ("P4", "民政局", MARCH, "10"),
    ("P4", "民政局", APRIL, "11"),  # newer than the row above
    ("P5", "民政局", APRIL, "10"),
    ("P5", "民政局", APRIL, "11"),  # of the same day as the row above
    ("P6", "民政局", APRIL, "10"),
    ("P6", "民政局", APRIL, "11"),  # held: so the row above is what contradicts
    ("P7", "民政局", MAY, "10"),
    ("P7", "民政局", MAY, "10"),  # a repetition of what replaces
    ("P8", "民政局", APRIL, "-10"),  # other content of the day that is held
]
STATES_HELD: list[Held] = [
    (1, row, number, "民政局", APRIL, fen)
    for row, (number, fen) in enumerate((("P1", 1000), ("P2", 1000), ("P3", 1100), ("P6", 1100), ("P7", 900), ("P8", 1000)))
]


def test_where_states_follow_each_other_the_newest_stands(engine: DuckDB, tmp_path: Path) -> None:
    found = Delivery(engine, tmp_path, STATES, STATES_HELD, mode=LoadMode.UPSERT, state_date="pay_date").fates
    assert found == {
        2: ("duplicate", 1, 0),
        3: ("replaces", 1, 1),
        4: ("outdated", 1, 2),
        5: ("outdated", None, None),
        8: ("conflict", None, None),
        9: ("conflict", 1, 3),
        10: ("duplicate", 1, 3),
        11: ("replaces", 1, 4),
        12: ("duplicate", 1, 4),
        13: ("replaces", 1, 5),
    }


def test_where_no_day_is_told_what_was_delivered_last_stands(engine: DuckDB, tmp_path: Path) -> None:
    found = Delivery(engine, tmp_path, STATES[:5], STATES_HELD, mode=LoadMode.UPSERT).fates
    assert found == {
        2: ("duplicate", 1, 0),
        3: ("replaces", 1, 1),
        4: ("replaces", 1, 2),
        6: ("conflict", None, None),
    }


def test_a_period_goes_as_a_whole_but_for_what_was_delivered_again(engine: DuckDB, tmp_path: Path) -> None:
    """No row of it contradicts what it replaces; other periods stay."""
    rows: list[Row] = [("P1", "民政局", MARCH, "10"), ("P2", "民政局", MARCH, "12"), ("P5", "民政局", MAY, "10")]
    held: list[Held] = [
        (1, 7, "P1", "民政局", MARCH, 1000),
        (1, 8, "P2", "民政局", MARCH, 1100),
        (1, 9, "P3", "民政局", MARCH, 1000),
        (2, 7, "P4", "民政局", APRIL, 1000),
    ]
    made = Delivery(engine, tmp_path, rows, held, mode=LoadMode.REPLACE_PERIOD)
    assert made.fates == {2: ("duplicate", 1, 7)}
    assert made.dropped == [(1, 8), (1, 9)]


def test_of_an_empty_lake_no_period_goes(engine: DuckDB, tmp_path: Path) -> None:
    made = Delivery(engine, tmp_path, [("P1", "民政局", MARCH, "10")], mode=LoadMode.REPLACE_PERIOD)
    assert (made.fates, made.dropped) == ({}, [])


def test_what_the_lake_has_no_column_for_is_new_content_where_it_is_filled(engine: DuckDB, tmp_path: Path) -> None:
    """The contract got the column after the first delivery."""
    rows: list[Row] = [("P1", "", MARCH, "10"), ("P2", "民政局", MARCH, "10")]
    held: list[Held] = [(1, 7, "P1", None, MARCH, 1000), (1, 8, "P2", None, MARCH, 1000)]
    made = Delivery(engine, tmp_path, rows, held, columns=("payment_id", "pay_date", "amount"))
    assert made.fates == {2: ("duplicate", 1, 7), 3: ("conflict", 1, 8)}


TWICE: list[Row] = [("P1", "民政局", MARCH, "10"), ("P2", "民政局", MARCH, "10")] * 2


def test_rows_repeated_inside_a_file_are_told_by_their_number(engine: DuckDB, tmp_path: Path) -> None:
    made = Delivery(engine, tmp_path, [*TWICE, ("P3", "民政局", MARCH, "10")], [(1, 7, "P3", "民政局", MARCH, 1000)])
    assert made.fates == {4: ("duplicate", None, None), 5: ("duplicate", None, None), 6: ("duplicate", 1, 7)}
    assert repeated_inside(engine, made.loading) == Words(
        zh="文件内有 2 行重复(编号和内容都相同,如第 4 行),只入库一次",
        en="2 row(s) are repeated inside the file, number and content (row 4): they are kept once",
    )


def test_where_no_number_tells_rows_apart_two_that_are_equal_are_one(engine: DuckDB, tmp_path: Path) -> None:
    made = Delivery(engine, tmp_path, [*TWICE[:3], ("P1", "民政局", MARCH, "11")], key=())
    assert made.fates == {4: ("duplicate", None, None)}
    assert repeated_inside(engine, made.loading) == Words(
        zh="文件内有 1 行与前面的行各列完全相同(如第 4 行),只入库一次;若确是两笔,请补上能区分的列(如凭证号)后重报",
        en="1 row(s) equal an earlier one in every column (row 4) and are kept once; if they are two, deliver them"
        " again with a column that tells them apart, such as a voucher's number",
    )


def test_of_rows_that_are_held_already_nothing_is_told_as_repeated(engine: DuckDB, tmp_path: Path) -> None:
    made = Delivery(engine, tmp_path, TWICE[:2], [(1, 7, "P1", "民政局", MARCH, 1000)])
    assert made.fates == {2: ("duplicate", 1, 7)}
    assert repeated_inside(engine, made.loading) is None


def test_grades_and_provenance_make_no_difference() -> None:
    """The same number delivered untidily is the same number."""
    contract = contracts().get("subsidy_payment")
    with DuckDB(memory="256MB", threads=1) as engine:
        loading = Loading(contract, Stage(engine, "s", contract.table(), Source([], {})), TableRef("t", ()))
    compared = (
        "payment_id", "person", "name", "item", "benefit_month", "pay_date", "amount", "bank_account", "payee_name",
        "payee_agrees", "village", "agency", "nature",
    )  # fmt: skip
    assert loading.compared == compared
    assert set(loading.content) == {*compared, "person_grade", "bank_account_grade"}
    assert (loading.key, loading.held_key, loading.amounts) == (("payment_id",), ("payment_id",), ("amount",))
    assert loading.reversal([]) == "false"
    assert loading.reversal(["a", "b"]) == "coalesce(a < 0, false) OR coalesce(b < 0, false)"
