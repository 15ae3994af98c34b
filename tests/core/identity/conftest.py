"""What the tests of identity share: an engine to run the SQL in, and a vault under a key of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.graded import Graded
from xiezhi.identity.grading import grading_sql
from xiezhi.identity.keyring import Keyring
from xiezhi.identity.vault import Vault
from xiezhi.kernel.identity_kind import IdentityKind

GradeColumn = Callable[[IdentityKind, Sequence[str | None]], list[Graded]]


@pytest.fixture(scope="session")
def engine() -> Iterator[DuckDB]:
    with DuckDB(threads=1) as opened:
        yield opened


@pytest.fixture(scope="session")
def grade_column(engine: DuckDB) -> GradeColumn:
    """Grade a column in SQL; the answers in the order of the values."""

    def grade(kind: IdentityKind, values: Sequence[str | None]) -> list[Graded]:
        engine.register("delivered", pa.table({"place": range(len(values)), "raw": pa.array(values, pa.string())}))
        sql = grading_sql(kind, "raw")
        rows = engine.rows(f"SELECT {sql.value} AS v, {sql.grade} AS g, {sql.repairs} AS r FROM delivered ORDER BY place")
        return [Graded(row["v"], row["g"], row["r"]) for row in rows]

    return grade


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.fresh()


@pytest.fixture
def vault(tmp_path: Path, keyring: Keyring) -> Iterator[Vault]:
    with Vault.open(tmp_path / "vault", keyring) as opened:
        yield opened
