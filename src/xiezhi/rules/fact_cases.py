"""Facts built from the delivered rows of a case, and a fact's own cases: small deliveries and the rows it must give.

Types of delivered tables come from the contracts, which rules do not know: whoever asks hands them over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from xiezhi.engines.duckdb_engine import DuckDB, EngineError
from xiezhi.kernel.errors import ContentError, Place, XiezhiError
from xiezhi.kernel.words import Words
from xiezhi.kernel.yaml_document import Document, read_yaml
from xiezhi.rules.fact import Fact
from xiezhi.rules.facts import facts_in_order
from xiezhi.rules.lake_sql import LAKE, lake_sql
from xiezhi.rules.loader import Content
from xiezhi.rules.model import ContentModel
from xiezhi.rules.reach import refuse_what_reaches
from xiezhi.rules.render import name
from xiezhi.rules.source import build
from xiezhi.rules.typed_rows import Refuse, typed_rows

TableTypes = Mapping[str, Mapping[str, str]]
"""Delivered table → column → DuckDB type."""

Rows = Mapping[str, list[dict[str, Any]]]


class FactCaseText(ContentModel):
    """`tables`: delivered table → rows (columns left out are NULL). `expect`: the fact's rows, by any of their columns."""

    why: Words
    tables: dict[str, list[dict[str, Any]]]
    expect: list[dict[str, Any]]


@dataclass(frozen=True)
class FactCase:
    """One case file of a fact."""

    name: str
    text: FactCaseText
    document: Document

    def refuse(self, *location: str | int, zh: str, en: str) -> ContentError:
        """A complaint about a place in this file."""
        return ContentError("XZ-CASE-01", zh=zh, en=en, place=self.document.place(*location))


@dataclass
class FactCaseResult:
    """What came of one case. It passed where there are no `problems`."""

    case: FactCase
    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Words] = field(default_factory=list)
    place: Place | None = None

    @property
    def passed(self) -> bool:
        return not self.problems

    def fail(self, zh: str, en: str, line: int | None = None) -> None:
        self.problems.append(Words(zh=zh, en=en))
        self.place = self.place or Place(file=str(self.case.document.path), row=line or self.case.document.line("expect"))


def load_fact_cases(folder: Path) -> list[FactCase]:
    """The cases in a fact's `cases` folder, by name. Raises ContentError for a file that is no case."""
    found = []
    for path in sorted((folder / "cases").glob("*.yaml")):
        document = read_yaml(path)
        found.append(FactCase(path.stem, build(FactCaseText, document), document))
    return found


def run_fact_cases(
    fact: Fact, cases: Iterable[FactCase], content: Content, tables: TableTypes, engine_factory: Callable[[], DuckDB]
) -> list[FactCaseResult]:
    """Every case of one fact on one engine. Raises ContentError where the fact, or one it reads, reaches beyond its data."""
    refuse_what_reaches([], facts_in_order(content.facts, [fact.name]))
    with engine_factory() as engine:
        return [_run(fact, case, content, tables, engine) for case in cases]


def build_from_tables(
    engine: DuckDB, wanted: Iterable[str], content: Content, rows: Rows, tables: TableTypes, refuse: Callable[..., ContentError]
) -> None:
    """A table per fact of `wanted`, built by the facts' own SQL from delivered rows; tables without rows are empty.

    Raises what `refuse(table, row, column, zh=…, en=…)` makes for rows that do not fit, ContentError for an unknown table.
    """
    facts = facts_in_order(content.facts, wanted)
    read = {table for fact in facts for table in fact.tables}
    for table in rows:
        if table not in read:
            raise refuse(table, zh=f"没有用到表 {table}", en=f"the table {table} is not read")
    engine.run(f"CREATE SCHEMA IF NOT EXISTS {LAKE}")
    for table in sorted(read):
        _deliver(engine, table, rows.get(table, []), tables, refuse)
    for fact in facts:
        engine.run(f"CREATE OR REPLACE TABLE {name(fact.name)} AS {fact_select(fact)}")


def fact_select(fact: Fact) -> str:
    """The fact's rows over the delivered tables, in its declared types."""
    columns = ", ".join(f"CAST({name(column)} AS {kind}) AS {name(column)}" for column, kind in fact.types.items())
    return f"SELECT {columns} FROM ({lake_sql(fact)})"


def _deliver(
    engine: DuckDB, table: str, rows: list[dict[str, Any]], tables: TableTypes, refuse: Callable[..., ContentError]
) -> None:
    if table not in tables:
        raise ContentError("XZ-FACT-03", zh=f"没有交付表 {table}", en=f"no contract delivers the table {table}")

    def at(*location: str | int, zh: str, en: str) -> ContentError:
        return refuse(table, *location, zh=zh, en=en)

    complaint: Refuse = at
    engine.register("_given", typed_rows(table, rows, tables[table], complaint))
    engine.run(f"CREATE OR REPLACE TABLE {LAKE}.{name(table)} AS SELECT * FROM _given")
    engine.unregister("_given")


def _run(fact: Fact, case: FactCase, content: Content, tables: TableTypes, engine: DuckDB) -> FactCaseResult:
    result = FactCaseResult(case)
    with _telling(result):
        deliver(fact, case, content, tables, engine)
        _judge(result, fact, engine)
    return result


def deliver(fact: Fact, case: FactCase, content: Content, tables: TableTypes, engine: DuckDB) -> None:
    """The case's delivered tables, and over them the fact and what it reads. Raises ContentError for rows that do not fit."""

    def refuse(*location: str | int, zh: str, en: str) -> ContentError:
        return case.refuse("tables", *location, zh=zh, en=en)

    build_from_tables(engine, [fact.name], content, case.text.tables, tables, refuse)


def fact_verdict(fact: Fact, case: FactCase, engine: DuckDB) -> FactCaseResult:
    """Whether `fact` gives the expected rows of a case that was delivered to `engine`. It may be another than was built there."""
    result = FactCaseResult(case)
    with _telling(result):
        _judge(result, fact, engine)
    return result


def _judge(result: FactCaseResult, fact: Fact, engine: DuckDB) -> None:
    result.rows = engine.rows(f"SELECT * FROM ({fact_select(fact)}) ORDER BY ALL")
    _compare(result, fact)


@contextmanager
def _telling(result: FactCaseResult) -> Iterator[None]:
    """What content or engine refuse is a problem of this case."""
    try:
        yield
    except XiezhiError as error:
        result.fail(error.message("zh"), error.message("en"), error.place.row if error.place else None)
    except EngineError as error:
        told = str(error).partition("\n")[0]
        result.fail(f"引擎拒绝执行:{told}", f"the engine refuses: {told}")


def _compare(result: FactCaseResult, fact: Fact) -> None:
    """Each expected row must be one row of the fact in all columns it names, and no row may be left over."""
    left = list(result.rows)
    for place, expected in enumerate(result.case.text.expect):
        for column in expected:
            if column not in fact.types:
                raise result.case.refuse(
                    "expect", place, column, zh=f"{fact.name} 没有列 {column}", en=f"{fact.name} has no column {column}"
                )
        refuse = partial(_refuse_expected, result.case, place)
        wanted = typed_rows(fact.name, [expected], fact.types, refuse).to_pylist()[0]
        found = next((row for row in left if all(row[column] == wanted[column] for column in expected)), None)
        if found is None:
            line = result.case.document.line("expect", place)
            result.fail(f"没有期望的行:{expected},有:{left}", f"no such row: {expected}; there are: {left}", line)
        else:
            left.remove(found)
    for row in left:
        result.fail(f"多出一行:{row}", f"a row that was not expected: {row}")


def _refuse_expected(case: FactCase, place: int, _only_row: int, column: str, *, zh: str, en: str) -> ContentError:
    """The complaint about a column of the expected row at `place`, which is typed on its own."""
    return case.refuse("expect", place, column, zh=zh, en=en)
