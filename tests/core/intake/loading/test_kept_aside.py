"""Rows set aside beside their table, delivery by delivery: which are kept, which leave, and what is noted. Without a lake.

Here `outcome` says which rows contradict the lake; `dedupe` finds them otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from tests.core.intake.receiving import contracts

from xiezhi.contracts.kinds import LoadMode
from xiezhi.contracts.model import Contract
from xiezhi.engines.duckdb_engine import DuckDB, scan_sql
from xiezhi.intake.loading.dedupe import Loading
from xiezhi.intake.loading.set_aside import keep_set_aside
from xiezhi.intake.receipts.delivered_again import Back, Brought
from xiezhi.intake.rows.filling import fill_from
from xiezhi.intake.rows.stage import Source, Stage
from xiezhi.kernel.tables import TableRef
from xiezhi.lake.catalogue import Catalogue
from xiezhi.lake.layout import LakeLayout
from xiezhi.lake.ledger import Ledger
from xiezhi.lake.snapshot import FileRecord
from xiezhi.lake.writer import Change

ASIDE = "subsidy_payment__set_aside"
NAMES = ("payment_id", "benefit_month", "amount", "agency")
PAYMENT = contracts().get("subsidy_payment")
TABLE = PAYMENT.table().model_copy(update={"fields": tuple(PAYMENT.table().field(name) for name in NAMES)})
BY_MONTH = PAYMENT.model_copy(update={"load_mode": LoadMode.REPLACE_PERIOD})
BY_TWO = PAYMENT.model_copy(update={"load_key": ("payment_id", "benefit_month")})
KEYLESS = TABLE.model_copy(update={"fields": tuple(one.model_copy(update={"primary_key": False}) for one in TABLE.fields)})

Row = tuple[Any, ...]
MARCH, APRIL = "2021-03", "2021-04"


class Ledgered:
    """What a change asks of the ledger: the files that stand after the deliveries so far."""

    def __init__(self) -> None:
        self.standing: list[FileRecord] = []

    def last_state(self) -> int:
        return 0

    def files(self, _where: str, _table: str) -> tuple[FileRecord, ...]:
        return tuple(self.standing)

    def columns(self, _table: str) -> None:
        return None


class Deliveries:
    """Deliveries of one table, one after the other, numbered from 1; their rows from 2."""

    def __init__(self, engine: DuckDB, folder: Path) -> None:
        self._engine, self._layout, self._ledger = engine, LakeLayout(folder), Ledgered()
        self._number = 0
        self.contract: Contract = PAYMENT
        self.table = TABLE

    def bring(
        self, *rows: Row, conflicts: Sequence[int] = (), broken: Sequence[int] = (), brought: Brought | None = None
    ) -> tuple[bool, Brought]:
        """Whether the table of rows set aside changes, and what is noted."""
        self._number += 1
        engine, noted = self._engine, brought or Brought()
        cells = [*(f"c{place}" for place in range(len(NAMES))), "_row"]
        values = ", ".join(str((*row, at)) for at, row in enumerate(rows, start=2))
        stage = Stage(engine, "s", self.table, Source(cells[:-1], dict(zip(NAMES, cells, strict=False))))
        fill_from(stage, f"(VALUES {values}) AS v({', '.join(cells)})")
        engine.run("CREATE OR REPLACE TEMP TABLE outcome (_row BIGINT, fate VARCHAR)")
        engine.run("CREATE OR REPLACE TEMP TABLE broken (_row BIGINT)")
        for row in conflicts:
            engine.run(f"INSERT INTO outcome VALUES ({row}, 'conflict')")
        for row in broken:
            engine.run(f"INSERT INTO broken VALUES ({row})")
        change = Change(self._layout, cast("Ledger", self._ledger), cast("Catalogue", None))
        change.state = self._number
        loading = Loading(self.contract, stage, TableRef(self.table.name, ()))
        changed = keep_set_aside(engine, change, loading, "broken", self._number, noted)
        self._ledger.standing = [*change.live_files(ASIDE), *change.added_files()]
        return changed, noted

    def kept(self) -> list[Row]:
        """All that is kept aside: delivery and row, then the cells."""
        paths = tuple(self._layout.root / file.path for file in self._ledger.standing)
        if not paths:
            return []
        found = scan_sql(TableRef(ASIDE, paths, {"_delivery": "INTEGER", "_row": "BIGINT", **TABLE.lake_columns()}))
        cells = "payment_id, strftime(benefit_month, '%Y-%m') AS month, amount, agency"
        rows = self._engine.rows(f"SELECT _delivery, _row, {cells} FROM ({found}) ORDER BY _delivery, _row")
        return [tuple(row.values()) for row in rows]

    def places(self) -> list[tuple[int, int]]:
        return [row[:2] for row in self.kept()]


@pytest.fixture
def deliveries(tmp_path: Path) -> Iterator[Deliveries]:
    with DuckDB(memory="256MB", threads=1) as engine:
        yield Deliveries(engine, tmp_path)


def sound(number: int, month: str = MARCH) -> Row:
    return (f"P{number}", month, "100", "民政局")


def wrong(number: int | str, month: str = MARCH) -> Row:
    """A payment without its amount; of "" the number is missing, too."""
    return (f"P{number}" if number else "", month, "", "民政局")


def test_rows_are_kept_as_far_as_they_could_be_read_and_those_without_a_key_counted(deliveries: Deliveries) -> None:
    changed, noted = deliveries.bring(sound(1), wrong(2), wrong(""), sound(4), broken=[6, 7], conflicts=[5])
    assert changed is True
    assert noted == Brought(unkeyed=4)
    assert deliveries.kept() == [
        (1, 3, "P2", MARCH, None, "民政局"),
        (1, 4, None, MARCH, None, "民政局"),
        (1, 6, None, None, None, None),
        (1, 7, None, None, None, None),
    ]


def test_a_delivery_without_such_rows_changes_nothing_unless_it_brings_one_again(deliveries: Deliveries) -> None:
    assert deliveries.bring(sound(1)) == (False, Brought())
    deliveries.bring(wrong(2), wrong(3))
    assert deliveries.bring(sound(4)) == (False, Brought())
    assert deliveries.places() == [(2, 2), (2, 3)]
    changed, noted = deliveries.bring(sound(2), sound(5))
    assert (changed, noted) == (True, Brought(rows=[Back(2, 2, accepted=True, keyed=True)]))
    assert deliveries.places() == [(2, 3)]


def test_a_row_that_is_at_fault_again_or_contradicts_the_lake_is_not_mended(deliveries: Deliveries) -> None:
    deliveries.bring(wrong(1), wrong(2), wrong(3))
    changed, noted = deliveries.bring(sound(1), wrong(2), sound(3), conflicts=[4])
    assert (changed, noted.unkeyed, noted.anew) == (True, 1, {})
    assert sorted(noted.rows, key=lambda one: one.row) == [
        Back(1, 2, accepted=True, keyed=True),
        Back(1, 3, accepted=False, keyed=True),
        Back(1, 4, accepted=False, keyed=True),
    ]
    assert deliveries.places() == [(2, 3)]


def test_every_part_of_a_key_must_be_the_same(deliveries: Deliveries) -> None:
    deliveries.contract = BY_TWO
    deliveries.bring(wrong(1), wrong(2), ("P3", "", "100", "民政局"))
    changed, noted = deliveries.bring(sound(1, APRIL), sound(2), wrong(1, APRIL))
    assert (changed, noted) == (True, Brought(rows=[Back(1, 3, accepted=True, keyed=True)]))
    assert deliveries.places() == [(1, 2), (1, 4), (2, 4)]


def test_numbers_of_the_file_that_went_back_are_keyed_where_its_own_row_was(deliveries: Deliveries) -> None:
    deliveries.bring(wrong(1), wrong(""))
    deliveries.bring(sound(8), wrong(9))
    numbers = [Back(1, row, accepted=True, keyed=False) for row in (2, 3, 4)]
    changed, noted = deliveries.bring(sound(5), brought=Brought(numbers=numbers))
    assert (changed, noted.numbers) == (True, [Back(1, 2, True, True), Back(1, 3, True, False), Back(1, 4, True, False)])
    assert deliveries.places() == [(2, 3)], "what is named has left: it would be counted twice"
    assert deliveries.bring(sound(6), brought=Brought(numbers=numbers)) == (False, Brought(numbers=numbers))


def test_of_a_period_that_is_delivered_anew_all_rows_leave(deliveries: Deliveries) -> None:
    """A period of which no row was accepted is not delivered."""
    deliveries.contract = BY_MONTH
    deliveries.bring(wrong(1), wrong(2), wrong(""), wrong(3, APRIL), wrong(4, APRIL))
    deliveries.bring(wrong(5), wrong(6, "2021-05"))
    changed, noted = deliveries.bring(sound(2), sound(7), wrong(4, APRIL))
    assert (changed, noted.anew) == (True, {1: 2, 2: 1})
    assert sorted(noted.rows, key=lambda one: one.row) == [Back(1, 3, True, True), Back(1, 6, False, True)]
    assert deliveries.places() == [(1, 5), (2, 3), (3, 4)]


def test_where_the_table_has_no_key_rows_leave_with_their_period_or_by_their_numbers(deliveries: Deliveries) -> None:
    deliveries.table = KEYLESS
    assert deliveries.bring(wrong(1), wrong(2, APRIL), wrong(3)) == (True, Brought(unkeyed=3))
    numbers = [Back(1, 4, accepted=True, keyed=False)]
    assert deliveries.bring(sound(3), brought=Brought(numbers=numbers)) == (True, Brought(numbers=numbers))
    assert deliveries.places() == [(1, 2), (1, 3)]
    deliveries.contract = BY_MONTH
    assert deliveries.bring(sound(1)) == (True, Brought(anew={1: 1}))
    assert deliveries.places() == [(1, 3)]
