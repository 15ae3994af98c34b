"""A sealed engine opens what it was given and nothing else: what the look at the SQL overlooks ends here."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.builders.attempts import SOURCES, STATEMENTS, VALUES
from xiezhi.engines.duckdb_engine import DuckDB, EngineError

SECRET = "the-master-key-of-the-vault"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A file with a secret, its folder with a sound neighbour, and a file that is not there."""
    monkeypatch.setenv("XIEZHI_CANARY", SECRET)
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "keyring.json").write_text(f'{{"key": "{SECRET}"}}')
    pq.write_table(pa.table({"a": [1, 2]}), tmp_path / "planned.parquet")
    return {
        "file": str(keys / "keyring.json"),
        "folder": str(keys),
        "new": str(tmp_path / "new"),
        "planned": str(tmp_path / "planned.parquet"),
    }


def marks(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*")}


def test_the_planned_file_and_the_results(tmp_path: Path, places: dict[str, str]) -> None:
    """What it was given works: else the tests below would say nothing."""
    results = tmp_path / "results"
    results.mkdir()
    with DuckDB(threads=1) as engine:
        engine.seal([Path(places["planned"])], [results])
        assert engine.value(f"SELECT sum(a) FROM read_parquet('{places['planned']}')") == 3
        engine.run(f"COPY (SELECT 1 AS a) TO '{results / 'out.parquet'}'")
    assert pq.read_table(results / "out.parquet").to_pydict() == {"a": [1]}


ATTEMPTS = [
    *(f"SELECT * FROM {source}" for source in SOURCES if "100000000" not in source),
    *(f"SELECT {value}" for value in VALUES if "sleep" not in value),
    *STATEMENTS,
]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_nothing_else(tmp_path: Path, places: dict[str, str], attempt: str) -> None:
    """No secret comes out, no file comes into being, no setting changes, whatever the engine answers."""
    before = marks(tmp_path)
    with DuckDB(threads=1) as engine:
        engine.run("CREATE TABLE visit (person INTEGER, place VARCHAR, cost BIGINT)")
        engine.run("CREATE TABLE closure (person INTEGER, closed DATE)")
        engine.seal([Path(places["planned"])], [])
        memory = engine.value("SELECT current_setting('memory_limit')")
        try:
            said = str(engine.query(attempt.format(**places)).to_pylist())
        except (EngineError, AttributeError, pa.ArrowException, OverflowError) as error:
            said = str(error)
        assert SECRET not in said
        assert engine.value("SELECT current_setting('memory_limit')") == memory
        assert engine.value("SELECT current_setting('threads')") == 1
        assert not engine.value("SELECT count(*) FROM duckdb_databases() WHERE database_name = 'other' OR database_name = 'new'")
    assert marks(tmp_path) == before
