"""How many of how many new rows are held under another number: the sample, its size and share, and where it is not asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from tests.core.intake.receiving import contracts

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.loading.dedupe import Loading
from xiezhi.intake.loading.renumbered import renumbered
from xiezhi.intake.rows.filling import fill_from
from xiezhi.intake.rows.stage import Source, Stage
from xiezhi.kernel.tables import TableRef
from xiezhi.kernel.words import Words

PLAIN = ("payment_id", "item", "agency", "pay_date")
"""Fields of a payment that are judged in no time."""


def warned(
    engine: DuckDB,
    new: int,
    held: Sequence[str],
    *,
    fields: Sequence[str] = PLAIN,
    key: Sequence[str] = ("payment_id",),
    held_columns: Sequence[str] = PLAIN,
    decided: Sequence[int] = (),
) -> Words | None:
    """What is told of `new` payments Q0, Q1 … of items ELD0, ELD1 …, where the lake holds payments P of the items `held`.

    `decided`: rows that are not new.
    """
    contract = contracts().get("subsidy_payment")
    whole = contract.table()
    unkeyed = {"primary_key": False, "primary_key_position": None}
    table = whole.model_copy(update={"fields": tuple(whole.field(name).model_copy(update=unkeyed) for name in fields)})
    contract = contract.model_copy(update={"tables": (table,), "load_key": tuple(key)})
    cells = {"payment_id": "'Q' || i", "item": "'ELD' || i", "agency": "'民政局'", "pay_date": "'2021-03-15'"}
    texts = ", ".join(f"CAST({cells[name]} AS VARCHAR) AS {name}" for name in fields)
    engine.run(f"CREATE TEMP VIEW given AS SELECT {texts}, i + 2 AS _row FROM range({new}) AS r(i)")
    stage = Stage(engine, "s", table, Source(fields, {name: name for name in fields}))
    fill_from(stage, "given")
    held_cells = {"payment_id": "'P' || item", "item": "item", "agency": "'民政局'", "pay_date": "DATE '2021-03-15'"}
    columns = {name: table.field(name).lake_type for name in fields if name in held_columns}
    spelled = ", ".join(f"{held_cells[name]} AS {name}" for name in columns)
    items = ", ".join(f"('{item}')" for item in [*held, "none"])
    engine.run(f"CREATE TEMP VIEW lake_rows AS SELECT {spelled} FROM (VALUES {items}) AS t(item)")
    engine.run("CREATE TEMP TABLE outcome (_row BIGINT)")
    for row in decided:
        engine.run(f"INSERT INTO outcome VALUES ({row})")
    return renumbered(engine, Loading(contract, stage, TableRef("subsidy_payment", (), columns, len(held))))


def items(count: int) -> list[str]:
    return [f"ELD{at}" for at in range(count)]


def said(looked: int, held: int) -> Words:
    return Words(
        zh=f"抽查的 {looked} 个新行中有 {held} 行除“发放流水号”外与已有的行完全相同:是否换了新编号重新导出?若是,同一笔会重复计算",
        en=f"{held} of {looked} sampled rows equal held rows in everything but Payment number:"
        " were they exported again under new numbers? Then each counts twice",
    )


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB", threads=1) as made:
        yield made


@pytest.mark.parametrize(
    ("new", "held", "expected"),
    [
        (19, 19, None),
        (20, 20, said(20, 20)),
        (20, 10, said(20, 10)),
        (20, 9, None),
        (21, 11, said(21, 11)),
        (21, 10, None),
        (1001, 1001, said(1000, 1000)),
    ],
)
def test_how_many_of_how_many_are_held_under_another_number(engine: DuckDB, new: int, held: int, expected: Words | None) -> None:
    """From twenty new rows on, by a thousand of them at most."""
    assert warned(engine, new, items(held)) == expected


def test_an_item_held_twice_is_one_row_held(engine: DuckDB) -> None:
    assert warned(engine, 21, items(10) * 2) is None


def test_rows_that_are_not_new_are_not_looked_at(engine: DuckDB) -> None:
    assert warned(engine, 30, items(30), decided=range(2, 12)) == said(20, 20)


def test_where_the_lake_holds_nothing_nothing_is_held_again(engine: DuckDB) -> None:
    assert warned(engine, 20, []) is None


def test_a_column_that_the_lake_has_not_yet_is_not_compared(engine: DuckDB) -> None:
    """The contract got it after the first delivery."""
    assert warned(engine, 20, items(20), held_columns=("payment_id", "item")) == said(20, 20)


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        (PLAIN, ("payment_id", "item")),  # somebody chose both
        (PLAIN, ("pay_date",)),  # no program numbers things by days
        (PLAIN, ()),  # nothing but all of it tells two rows apart
        (("payment_id",), ("payment_id",)),  # nothing beside the number could be alike
        (("payment_id",), ()),
    ],
)
def test_only_a_number_beside_which_something_stands_can_be_a_new_number(
    engine: DuckDB, fields: Sequence[str], key: Sequence[str]
) -> None:
    assert warned(engine, 20, items(20), fields=fields, key=key) is None
