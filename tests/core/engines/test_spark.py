"""DuckDB and Spark give the same rows: expression by expression, rule by rule, run by run."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlglot.errors import UnsupportedError

from tests.builders.lake import build_lake
from tests.core.runs.world import CODES, world
from xiezhi.engines.duckdb_engine import DuckDB, EngineError
from xiezhi.engines.factory import require_engine
from xiezhi.engines.spark_engine import Spark
from xiezhi.engines.spark_sql import spark_sql
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.progress import Silent
from xiezhi.kernel.tables import TableRef
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import shipped_content
from xiezhi.rules.case_file import given_table, load_cases
from xiezhi.rules.cases import facts_touched
from xiezhi.rules.lake_sql import retarget
from xiezhi.rules.loader import Content, load_content
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.render import hits_sql
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.elsewhere import fetch
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import RunFolders

CONTENT = load_content([shipped_content()])

ODD = pa.table(
    {
        "n": pa.array([-7, 0, 3, None, 10_000_000_019], pa.int64()),
        "small": pa.array([2, 3, -2, 5, None], pa.int32()),
        "x": pa.array([1.005, -0.001, 2.675, None, 0.0], pa.float64()),
        "word": pa.array(["\u3000甲 \u00a0", "a\n", "'\\d$", None, " 1.5"], pa.string()),
        "day": pa.array([date(2020, 1, 5), date(2024, 2, 29), date(1900, 1, 1), None, date(9999, 12, 31)], pa.date32()),
        "moment": pa.array(
            [
                datetime(2020, 1, 5, 23, 59, 59, 700_000),
                datetime(2024, 2, 29),
                datetime(1969, 12, 31, 23),
                None,
                datetime(2038, 2, 1),
            ],
            pa.timestamp("us"),
        ),
        "flag": pa.array([True, False, None, True, False], pa.bool_()),
    }
)
ODD_TYPES = {
    "n": "BIGINT",
    "small": "INTEGER",
    "x": "DOUBLE",
    "word": "VARCHAR",
    "day": "DATE",
    "moment": "TIMESTAMP",
    "flag": "BOOLEAN",
}

EXPRESSIONS = [
    "n / small", "n / 0", "0 / 0", "n * 1.0 / small", "1.10 * n", "n * 1.005 > 3.015", "n // small", "n % small", "-n // 2",
    "round(x, 2)", "round(x)", "round(n * 1.005, 2)", "round(n / 100, 2)", "round(n, 1)", "floor(x)", "ceil(x)", "abs(x)",
    "sign(n)",
    "trim(word)", "ltrim(word)", "rtrim(word)", "trim(word, '甲 ')", "length(word)", "substr(word, 1, 2)", "substr(word, 2)",
    "upper(word)", "word || '+' || n", "concat(word, n)", "concat_ws('|', word, small)", "replace(word, '\\', '/')",
    "regexp_matches(word, 'a$')", "regexp_matches(word, '^''\\\\d[$]')", "regexp_matches(word, 'a.')", "split_part(word, '.', 2)",
    "strpos(word, '甲')", "lpad(word, 6, '*')", "try_cast(word AS INTEGER)", "try_cast(small AS BIGINT)", "word LIKE '%a%'",
    "year(day) * 12 + month(day)", "isodow(day)", "date_trunc('month', day)", "CAST(date_trunc('month', moment) AS DATE)",
    "day + INTERVAL 1 MONTH", "moment + INTERVAL 1 DAY", "day + 3", "date_diff('day', day, DATE '2020-02-01')",
    "date_diff('day', moment, TIMESTAMP '2020-01-06 00:00:00')", "strftime(moment, '%Y-%m-%d %H:%M:%S')", "epoch(moment)",
    "floor(epoch(moment))", "quarter(day)", "CAST(moment AS DATE)", "CAST(moment AS VARCHAR)", "CAST(n AS VARCHAR)",
    "greatest(n, small)", "least(day, DATE '2020-02-01')", "coalesce(flag, TRUE)", "flag AND n > 0", "nullif(n, 0)",
    "n IN (3, NULL)",
    "CASE WHEN n > 0 THEN 1.5 ELSE x END", "CAST(flag AS INTEGER)", "CAST(flag AS VARCHAR)", "power(small, 2)",
    "DATE '9999-12-01'",
    "row_number() OVER (ORDER BY word, n)", "lag(n) OVER (ORDER BY day DESC)", "sum(n) OVER (PARTITION BY flag)",
    "rank() OVER (ORDER BY flag DESC, x)",
    "median(n) OVER ()", "n * 100.0 / sum(n) OVER ()", "sum(small) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
]  # fmt: skip

AGGREGATES = [
    "sum(n)", "avg(n)", "count(DISTINCT flag)", "count(*) FILTER (WHERE flag)", "min(word)", "max(word)", "bool_or(flag)",
    "median(x)",
    "string_agg(word, '+' ORDER BY word)", "max(moment)", "sum(n) * 1.10",
    "sum(x) FILTER (WHERE x > 100)",
]  # fmt: skip


@pytest.fixture
def duck() -> Iterator[DuckDB]:
    with DuckDB(threads=1) as engine:
        yield engine


def open_in_both(
    duck: DuckDB, spark: Spark, folder: Path, tables: Mapping[str, pa.Table], types: Mapping[str, dict[str, str]]
) -> None:
    refs = []
    for name, rows in tables.items():
        path = folder / f"事实 [{name}].parquet"
        pq.write_table(rows, path)
        refs.append(TableRef(name, (path,) if rows.num_rows else (), types[name], rows.num_rows))
    duck.open_tables(refs)
    spark.open_tables(refs)


def both(duck: DuckDB, spark: Spark, sql: str) -> tuple[list[str], list[str]]:
    """What the two engines answer, as rows in one order, floats to the last bit."""
    duck.run(f"CREATE OR REPLACE TEMP TABLE here AS {sql}")
    fetch(spark, duck, sql, "there")
    assert duck.columns("here") == duck.columns("there")
    return tuple(sorted(map(repr, duck.rows(f"SELECT * FROM {table}"))) for table in ("here", "there"))  # type: ignore[return-value]


def test_every_expression_of_the_portable_subset_has_one_value(duck: DuckDB, spark: Spark, tmp_path: Path) -> None:
    open_in_both(duck, spark, tmp_path, {"odd": ODD}, {"odd": ODD_TYPES})
    each = ", ".join(f"{sql} AS e{place}" for place, sql in enumerate(EXPRESSIONS))
    duck.run(f"CREATE OR REPLACE TEMP TABLE here AS SELECT n, {each} FROM odd")
    fetch(spark, duck, f"SELECT n, {each} FROM odd", "there")
    for place, sql in enumerate(EXPRESSIONS):
        here, there = (duck.rows(f"SELECT n, e{place} FROM {table} ORDER BY n") for table in ("here", "there"))
        assert repr(here) == repr(there), sql


def test_every_aggregate_has_one_value(duck: DuckDB, spark: Spark, tmp_path: Path) -> None:
    open_in_both(duck, spark, tmp_path, {"odd": ODD}, {"odd": ODD_TYPES})
    for sql in AGGREGATES:
        here, there = both(duck, spark, f"SELECT flag, {sql} AS value FROM odd GROUP BY flag")
        assert here == there, sql


def test_a_table_without_files_is_empty_and_typed(duck: DuckDB, spark: Spark, tmp_path: Path) -> None:
    open_in_both(duck, spark, tmp_path, {"odd": ODD.slice(0, 0)}, {"odd": ODD_TYPES})
    assert both(duck, spark, "SELECT * FROM odd") == ([], [])


@pytest.mark.parametrize("code", sorted(CONTENT.rules))
def test_every_case_of_every_rule_has_the_same_hits(code: str, duck: DuckDB, spark: Spark, tmp_path: Path) -> None:
    """All cases of a rule in one query: Spark takes a second to begin, whatever it is asked."""
    rule = CONTENT.rules[code]
    facts = {name: CONTENT.facts[name] for name in facts_touched(rule)}
    cases = load_cases(CONTENT.folder(code))
    asked, tables, types = [], {}, {}
    for case in cases:
        apart = {name: ("", f"{name}__{case.name}") for name in facts}
        tables |= {apart[name][1]: given_table(case, fact) for name, fact in facts.items()}
        types |= {apart[name][1]: fact.types for name, fact in facts.items()}
        sql = retarget(hits_sql(rule, parameter_values(rule, case.parameters, CONTENT.norms)), apart)
        asked.append(f"SELECT '{case.name}' AS case_name, h.* FROM ({sql}) AS h")
    open_in_both(duck, spark, tmp_path, tables, types)
    here, there = both(duck, spark, " UNION ALL ".join(asked))
    assert here == there
    assert len(there) == sum(len(case.expect) for case in cases)


def test_a_run_gives_the_same_hits_seals_and_standing_rows(spark: Spark, tmp_path: Path) -> None:
    lake = build_lake(tmp_path / "lake", world())
    told = {engine: run_on(lake, CONTENT, engine) for engine in ("duckdb", "spark")}
    assert told["duckdb"] == told["spark"]
    assert len(told["spark"][0]) == len(CODES)


def test_a_rule_that_spark_refuses_is_broken_and_the_others_go_on(spark: Spark) -> None:
    with pytest.raises(EngineError, match="no_such_column"):
        spark.query("SELECT no_such_column FROM (SELECT 1 AS a) AS t")


@pytest.mark.parametrize(
    "written",
    [
        "percentile_cont(0.5) WITHIN GROUP (ORDER BY n)",
        "quantile_disc(n, 0.5)",
        "substr(word, 0, 2)",
        "substr(word, -2)",
        "round(x, n)",
    ],
)
def test_what_would_answer_differently_is_refused(written: str) -> None:
    with pytest.raises(UnsupportedError):
        spark_sql(f"SELECT {written} AS value FROM odd")


def test_what_is_missing_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="duckdb, spark"):
        require_engine("hadoop")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"xiezhi\[spark\]"):
        require_engine("spark")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    with pytest.raises(UserError, match="Java 17"):
        require_engine("spark")


def run_on(lake: Lake, content: Content, engine: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Hits (all but run and state), standing rows and coverage of a fresh run."""
    folders = RunFolders(lake.paths.runs / engine)
    record = execute(make_plan(content, lake.snapshot(), codes=CODES, engine=engine), folders, Settings(), Silent())
    assert {rule.ending for rule in record.rules} == {"done"}
    folder = folders.folder(record.run)
    standing, coverage = (pq.read_table(folder / f"{name}.parquet").to_pylist() for name in ("standing", "coverage"))
    return list(hit_rows(folders, record.run)), standing, coverage
