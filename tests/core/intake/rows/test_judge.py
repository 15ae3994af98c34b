"""One cell's verdict: sound at once, empty, or to be judged; and what follows from it for the row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from tests.core.intake.receiving import citizen, contracts

from xiezhi.contracts.kinds import Unit, Unsound
from xiezhi.contracts.model import Field
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.rows import judge
from xiezhi.intake.rows.judge import at_once, empty_verdict, fault, settle, stored_type

TABLE = contracts().get("subsidy_payment").table()
WRONG = citizen(2)[:-1] + ("1" if citizen(2)[-1] != "1" else "2")
LEFT_EMPTY = TABLE.field("person").model_copy(update={"unsound_": Unsound.NULL})
"""A required id of which an unsound one does not set the row aside."""


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB", threads=1) as made:
        yield made


def field(name: str) -> Field:
    return TABLE.field(name)


@pytest.mark.parametrize(
    ("name", "unit", "text", "said"),
    [
        ("amount", None, "100.50", (10_050, None)),
        ("amount", Unit.TEN_THOUSAND, "100.50", (100_500_000, None)),
        ("amount", None, "", (None, "required_empty")),
        ("amount", None, "1,000", (None, "?")),
        ("village", None, "", (None, None)),
        ("bank_account", None, "6217000000000000001", ("6217000000000000001", "sound")),
        ("bank_account", None, "", (None, None)),
        ("name", None, "", (None, None)),
        ("name", None, "王 小明", (None, "?")),
    ],
)
def test_a_text_is_sound_at_once_or_empty_or_not_judged_yet(
    engine: DuckDB, name: str, unit: Unit | None, text: str, said: tuple[object, object]
) -> None:
    [found] = engine.rows(at_once(field(name), unit, f"(SELECT 7 AS k, '{text}' AS raw)"))
    assert found == {"k": 7, "raw": text, "v": said[0], "j": said[1]}


@pytest.mark.parametrize(("name", "said"), [("amount", "'required_empty'"), ("village", "NULL"), ("person", "NULL"),
                                            ("bank_account", "NULL")])  # fmt: skip
def test_only_a_required_cell_that_is_no_identity_is_at_fault_by_being_empty(name: str, said: str) -> None:
    """An empty identity has no grade; what follows is said of the row."""
    assert empty_verdict(field(name)) == said


@pytest.mark.parametrize(
    ("one", "verdicts"),
    [
        (field("amount"), {None: None, "required_empty": "required_empty", "out_of_range": "out_of_range"}),
        (field("person"), {None: "required_empty", "sound": None, "repaired": None, "id_masked": "id_masked"}),
        (field("bank_account"), {None: None, "sound": None, "repaired": None, "account_masked": None}),
        (LEFT_EMPTY, {None: "required_empty", "sound": None, "repaired": None, "id_masked": None}),
    ],
)
def test_a_verdict_sets_the_row_aside_only_where_the_field_says_so(
    engine: DuckDB, one: Field, verdicts: dict[str | None, str | None]
) -> None:
    for verdict, why in verdicts.items():
        spelled = f"'{verdict}'" if verdict else "CAST(NULL AS VARCHAR)"
        assert engine.value(f"SELECT {fault(one, 'j')} FROM (SELECT {spelled} AS j)") == why


@pytest.mark.parametrize(("name", "kind"), [("amount", "BIGINT"), ("pay_date", "DATE"), ("item", "VARCHAR"),
                                            ("person", "VARCHAR")])  # fmt: skip
def test_before_they_are_numbered_identities_are_texts(name: str, kind: str) -> None:
    assert stored_type(field(name)) == kind


def settled(engine: DuckDB, one: Field, *texts: str) -> list[tuple[Any, ...]]:
    """What `settle` makes of the texts, in their order."""
    given = ", ".join(f"({at}, '{text}')" for at, text in enumerate(texts))
    engine.run(f"CREATE OR REPLACE TEMP TABLE given AS SELECT * FROM (VALUES {given}) AS t(place, raw)")
    settle(engine, one, None, "SELECT raw FROM given", "made")
    return [tuple(row.values()) for row in engine.rows("SELECT made.* FROM made JOIN given USING (raw) ORDER BY place")]


@pytest.mark.parametrize("few", [2, 3, 4])
def test_identities_are_graded_the_same_one_by_one_and_as_a_column(
    engine: DuckDB, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(judge, "FEW", few)
    assert settled(engine, field("name"), "王 小明", "7", "赵大(先生)") == [
        ("王 小明", "王小明", "repaired", "name_spacing"),
        ("7", None, "name_malformed", None),
        ("赵大(先生)", "赵大", "repaired", "name_title"),
    ]
    assert engine.rows("SELECT view_name FROM duckdb_views() WHERE NOT internal") == []


def test_an_id_is_judged_by_the_rules_of_ids(engine: DuckDB) -> None:
    assert settled(engine, field("person"), f" {citizen(1)}", WRONG) == [
        (f" {citizen(1)}", citizen(1), "repaired", "trimmed"),
        (WRONG, None, "id_check_digit", None),
    ]


def test_other_values_are_judged_by_their_field(engine: DuckDB) -> None:
    assert settled(engine, field("pay_date"), "2021年3月5日", "2021-02-30") == [
        ("2021年3月5日", date(2021, 3, 5), None, "date_format"),
        ("2021-02-30", None, "date_impossible", None),
    ]
