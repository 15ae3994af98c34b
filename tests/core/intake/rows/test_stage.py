"""What a stage answers about its rows: values, numbers, grades and delivered cells, wherever a column's texts lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from tests.core.intake.receiving import HEADER, VILLAGE, citizen, contracts, payment

from xiezhi.contracts.header_matching import map_header
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Table
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.loading.numbering import number_identities
from xiezhi.intake.rows import coding
from xiezhi.intake.rows.filling import fill, fill_from
from xiezhi.intake.rows.stage import Source, Stage
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.kernel.identity_kind import IdentityKind

TABLE = contracts().get("subsidy_payment").table()
WRONG = citizen(2)[:-1] + ("1" if citizen(2)[-1] != "1" else "2")
"""A citizen id whose check digit is wrong."""

ROWS = [
    payment(1),
    payment(2, 身份证号=WRONG),
    payment(3, 身份证号=f"{citizen(3)} ", 补贴金额="1000", 银行账号="", 收款人姓名="王 小明"),
    payment(4, 收款人姓名="李四"),
]
"""Rows 2 to 5: sound; set aside by its id; repaired, and without an account; paid to somebody else."""

NUMBERS = {citizen(1): 11, citizen(3): 13, citizen(4): 14, "王小明": 7, "李四": 8} | {
    payment(at)[7]: 60 + at for at in (1, 2, 4)
}  # fmt: skip


class Numbered:
    """A vault that knows these identities by these numbers."""

    def number(self, kind: IdentityKind, values: pa.Array) -> pa.Array:
        return pa.array([NUMBERS[text] for text in values.to_pylist()], pa.int32())


def batch(rows: Sequence[Sequence[str]]) -> pa.RecordBatch:
    """Delivered rows as a reader gives them, the first as row 2."""
    cells = {f"c{place}": pa.array([row[place] for row in rows], pa.string()) for place in range(len(rows[0]))}
    return pa.RecordBatch.from_pydict(cells | {"_row": pa.array(range(2, 2 + len(rows)), pa.int64())})


def source(header: Sequence[str] = HEADER, fields: Sequence[str] = (), **other: Any) -> Source:
    """Where the columns of a header stand; `fields`: only these of them are taken for what they are."""
    cells = [f"c{place}" for place in range(len(header))]
    mapped = {name: cells[place] for name, place in map_header(TABLE, header).columns.items()}
    return Source(cells, {name: cell for name, cell in mapped.items() if name in fields or not fields}, **other)


def filled(engine: DuckDB, how: str, of: Source, rows: Sequence[Sequence[str]] = ROWS, table: Table = TABLE) -> Stage:
    """`coded`: what repeats itself is, as when a file is read; `text`: nothing is, as of a relation."""
    stage = Stage(engine, "s", table, of)
    if how == "coded":
        fill(stage, iter([batch(rows)]))
    else:
        engine.register("given", pa.Table.from_batches([batch(rows)]))
        fill_from(stage, "given")
    assert bool(stage.coded) is (how == "coded")
    return stage


@pytest.fixture(scope="module", params=["coded", "text"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """All fields of ROWS, numbered; nothing below changes it."""
    with DuckDB(memory="256MB", threads=1) as engine:
        whole = filled(engine, request.param, source())
        number_identities(engine, Numbered(), [whole])
        yield whole


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB", threads=1) as made:
        yield made


def column(stage: Stage, expression: str, where: str = "true", *, sound: bool = False) -> dict[int, Any]:
    """Row → what the expression says of it."""
    found = stage.engine.rows(stage.select({"it": expression}, where, sound=sound))
    assert len({row["_row"] for row in found}) == len(found)
    return {row["_row"]: row["it"] for row in found}


both = pytest.mark.parametrize("how", ["coded", "text"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("payment_id", ["P00001", "P00002", "P00003", "P00004"]),
        ("person", [11, None, 13, 14]),
        ("person_grade", ["sound", "id_check_digit", "repaired", "sound"]),
        ("name", [7, 7, 7, 7]),
        ("item", ["ELD80"] * 4),
        ("benefit_month", [date(2021, 3, 1)] * 4),
        ("pay_date", [date(2021, 3, 15)] * 4),
        ("amount", [10_150, 10_250, 100_000, 10_450]),
        ("bank_account", [61, 62, None, 64]),
        ("bank_account_grade", ["sound", "sound", None, "sound"]),
        ("payee_name", [7, 7, 7, 8]),
        ("payee_agrees", ["same", "same", "same", "different"]),
        ("village", [int(VILLAGE)] * 4),
        ("agency", ["民政局"] * 4),
        ("nature", [None] * 4),
    ],
)
def test_a_lake_column_is_the_same_wherever_its_texts_lie(stage: Stage, name: str, expected: list[object]) -> None:
    assert column(stage, stage.lake(name)) == dict(enumerate(expected, start=2))


def test_as_text_identities_are_normalised_and_not_numbers(stage: Stage) -> None:
    assert column(stage, stage.text("person")) == {2: citizen(1), 3: None, 4: citizen(3), 5: citizen(4)}
    assert column(stage, stage.text("payee_name")) == {2: "王小明", 3: "王小明", 4: "王小明", 5: "李四"}
    assert column(stage, stage.text("person_grade"))[3] == "id_check_digit"
    with pytest.raises(KeyError, match="payee"):
        stage.text("payee")


def test_only_sound_rows_are_read_unless_all_are_asked_for(stage: Stage) -> None:
    assert stage.total == 4
    number = stage.text("payment_id")
    assert column(stage, number, sound=True) == {2: "P00001", 4: "P00003", 5: "P00004"}
    assert sorted(row["_row"] for row in stage.engine.rows(stage.select({}))) == [2, 4, 5]
    assert column(stage, number, "s._row = 3 OR s._row > 4", sound=True) == {5: "P00004"}
    assert column(stage, number, "s._row = 3 OR s._row > 4") == {3: "P00002", 5: "P00004"}


def test_marks_say_what_is_at_fault_and_what_was_repaired(stage: Stage) -> None:
    assert stage.engine.rows(f"SELECT _row, _faults, _repairs FROM {stage.marks} ORDER BY 1") == [
        {"_row": 3, "_faults": "person=id_check_digit", "_repairs": None},
        {"_row": 4, "_faults": None, "_repairs": "person=trimmed|payee_name=name_spacing"},
    ]


def test_a_receipt_sees_delivered_cells_and_of_personal_ones_only_the_shape(stage: Stage) -> None:
    """Of rows set aside above all: it is those that it tells of."""
    assert stage.show("person", [3, 5]) == {3: f"99…{WRONG[-1]} (18)", 5: f"99…{citizen(4)[-1]} (18)"}
    assert stage.show("payment_id", [3, 4]) == {3: "P00002", 4: "P00003"}
    assert stage.show("item", [2]) == {2: "ELD80"}
    assert stage.show("bank_account", [4]) == {4: None}


def test_identities_to_be_numbered_are_those_of_rows_set_aside_too(stage: Stage) -> None:
    found = [(kind, sorted({row["v"] for row in stage.engine.rows(select)}), table) for kind, select, table in stage.identities()]
    assert found == [
        (IdentityKind.CITIZEN_ID, sorted([citizen(1), citizen(3), citizen(4)]), None),
        (IdentityKind.NAME, ["王小明"], "s_c2" if stage.coded else None),
        (IdentityKind.BANK_ACCOUNT, sorted(payment(at)[7] for at in (1, 2, 4)), None),
        (IdentityKind.NAME, ["李四", "王小明"], None),
    ]


def test_a_repeated_identity_that_is_unsound_has_nothing_to_be_numbered(engine: DuckDB) -> None:
    stage = filled(engine, "coded", source(fields=["name"]), [payment(1, 姓名="7")] * 4)
    [[kind, select, table]] = stage.identities()
    assert (kind, table, engine.rows(select)) == (IdentityKind.NAME, "s_c2", [])


def test_texts_of_one_hash_are_told_apart_by_themselves(engine: DuckDB) -> None:
    stage = filled(engine, "text", source(fields=["payee_name"]))
    engine.run("CREATE TEMP TABLE numbers AS SELECT * FROM (VALUES ('王小明', 5, 7), ('李四', 5, 8)) AS t(v, h, n)")
    stage.use_numbers(IdentityKind.NAME, "numbers", by_hash=False)
    assert column(stage, stage.lake("payee_name")) == {2: 7, 3: 7, 4: 7, 5: 8}


def test_a_field_that_was_not_delivered_is_empty_and_of_its_type(engine: DuckDB) -> None:
    """So that rows with and without the column lie in one lake table."""
    stage = filled(engine, "text", source(fields=["payment_id", "payee_name"]))
    for name, in_lake, as_text in (
        ("amount", "BIGINT", "BIGINT"),
        ("pay_date", "DATE", "DATE"),
        ("name", "INTEGER", "VARCHAR"),
        ("bank_account_grade", "VARCHAR", "VARCHAR"),
        ("payee_agrees", "VARCHAR", "VARCHAR"),
    ):
        for expression, kind in ((stage.lake(name), in_lake), (stage.text(name), as_text)):
            said = column(stage, f"typeof({expression}) || coalesce({expression}::VARCHAR, ' none')")
            assert said == dict.fromkeys(range(2, 6), f"{kind} none")


def test_what_a_citizen_id_says_stands_in_columns_of_its_own(engine: DuckDB) -> None:
    person = TABLE.field("person").model_copy(update={"derive": ("birth_date", "sex", "region")})
    table = TABLE.model_copy(update={"fields": (person,)})
    stage = filled(engine, "text", source(fields=["person"]), table=table)
    born, sex, region = (column(stage, stage.lake(f"person_{what}")) for what in ("birth_date", "sex", "region"))
    assert born == {2: date(1951, 1, 1), 3: None, 4: date(1953, 1, 1), 5: date(1954, 1, 1)}
    assert sex == {2: "女", 3: None, 4: "女", 5: "女"}
    assert region == {2: 990101_000000, 3: None, 4: 990101_000000, 5: 990101_000000}


@both
def test_the_unit_of_the_header_counts(engine: DuckDB, how: str) -> None:
    """Whether the amounts repeat themselves or not, and also where they are untidy."""
    rows = [payment(at, 补贴金额=amount) for at, amount in enumerate(["2", "2", "2", "1,000"], start=1)]
    stage = filled(engine, how, source(fields=["payment_id", "amount"], units={"amount": Unit.TEN_THOUSAND}), rows)
    assert column(stage, stage.lake("amount")) == {2: 2_000_000, 3: 2_000_000, 4: 2_000_000, 5: 1_000_000_000}


@both
@pytest.mark.parametrize("width", [11, 32, 33, 64, 65, 97])
def test_a_row_comes_back_with_every_cell_however_wide_it_is(engine: DuckDB, how: str, width: int) -> None:
    """Rows set aside, too; columns of no field, too, whether they repeat themselves or not."""
    more = [f"备注{place}" for place in range(len(HEADER), width)]
    rows = [row + [f"{place} {at * (place % 2)}" for place in range(len(HEADER), width)] for at, row in enumerate(ROWS)]
    rows[1][2] = "7"
    stage = filled(engine, how, source([*HEADER, *more], ["payment_id", "name", "item"]), rows)
    found = engine.rows(stage.rows_as_delivered("s._row <> 4"))
    assert {row["_row"]: row["cells"] for row in found} == {2: rows[0], 3: rows[1], 5: rows[3]}
    assert len(found) == 3


VIEWS = "SELECT view_name FROM duckdb_views() WHERE NOT internal AND view_name <> 'given'"


def test_filling_leaves_nothing_but_the_stage(stage: Stage) -> None:
    """Or what was delivered would be held twice."""
    assert stage.engine.rows(VIEWS) == []


@pytest.mark.parametrize("most", [0, 2, 3])
def test_a_column_that_stops_repeating_itself_goes_on_as_text(engine: DuckDB, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Nothing of what was coded is lost or held on to: neither of a field nor of a column of none."""
    monkeypatch.setattr(coding, "MOST_CODES", most)
    payees, notes = ["王小明", "王小明", "李 四", "李 四", "赵六", "7"], list("甲甲乙丙丁戊")
    rows = [[*payment(1, 收款人姓名=payee), note] for payee, note in zip(payees, notes, strict=True)]
    stage, whole = Stage(engine, "s", TABLE, source([*HEADER, "经办备注"], ["payee_name", "item"])), batch(rows)
    fill(stage, (whole.slice(start, 2) for start in (0, 2, 4)))
    assert column(stage, stage.raw("c11")) == dict(enumerate(notes, start=2))
    assert column(stage, stage.raw("c8")) == dict(enumerate(payees, start=2))
    assert list(column(stage, stage.text("payee_name")).values()) == ["王小明", "王小明", "李四", "李四", "赵六", None]
    assert engine.rows(VIEWS) == []
    assert {"c8", "c11"}.isdisjoint(stage.coded)
    assert ("c3" in stage.coded) is (most > 0)


@pytest.mark.parametrize("good", [0, 1])
def test_a_stream_that_breaks_is_its_own_error_and_no_stage(engine: DuckDB, good: int) -> None:
    def broken() -> Iterator[pa.RecordBatch]:
        yield from [batch(ROWS)] * good
        raise RefusedDelivery("record_too_long", zh="太长", en="too long")

    with pytest.raises(RefusedDelivery, match="too long"):
        fill(Stage(engine, "s", TABLE, source(fields=["payment_id", "item"])), broken())
    assert engine.rows(VIEWS) == []


def test_no_rows_at_all_are_a_stage_of_none(engine: DuckDB) -> None:
    stage = Stage(engine, "s", TABLE, source(fields=["payment_id", "amount"]))
    fill(stage, iter([]))
    assert (stage.total, engine.rows(stage.select({})), engine.rows(f"SELECT * FROM {stage.marks}")) == (0, [], [])


def test_cells_end_at_commas_only_where_the_source_says_so() -> None:
    """Everywhere else two neighbouring amounts are two amounts, and no amount cut in two."""
    assert not source().comma_separated
