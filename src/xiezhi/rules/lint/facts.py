"""FACT: a fact reads what it declares, gives what it declares, and is as portable as a rule."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from xiezhi.kernel.errors import ContentError, Place
from xiezhi.rules.binding import parse_select, placeholders
from xiezhi.rules.fact import PROVENANCE, Fact
from xiezhi.rules.facts import facts_in_order
from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.lint.languages import unwritten
from xiezhi.rules.lint.moments import moment_faults
from xiezhi.rules.lint.portability import PortabilityFault, faults
from xiezhi.rules.loader import QUERY_FILE, Content
from xiezhi.rules.reach import fact_reaches
from xiezhi.rules.reading import Schema, line_of, tables_read, typed_query


def check(fact: Fact, content: Content, tables: Schema) -> Iterator[Finding]:
    """All findings about one fact. `tables`: the columns of delivered tables; without them types cannot be told."""
    document = content.document("fact", fact.name)
    sql_file = str(document.path.parent / QUERY_FILE)

    def at(code: str, location: tuple[str | int, ...], zh: str, en: str) -> Finding:
        return Finding(code, fact.name, zh, en, document.place(*location))

    for location, zh, en in _words(fact):
        if wrong := unwritten(zh, en):
            yield at("META-01", location, *wrong)
    if fact.principal not in fact.tables:
        yield at(
            "FACT-03",
            ("principal",),
            f"主表 {fact.principal} 不在所读的表里",
            f"the principal table {fact.principal} is not among those read",
        )
    if fact.subject is not None and fact.subject not in fact.columns:
        yield at("FACT-04", ("subject",), f"没有列 {fact.subject}", f"there is no column {fact.subject}")
    try:
        query = parse_select(fact.sql)
        facts_in_order(content.facts, [fact.name])
    except ContentError as error:
        yield Finding("FACT-01", fact.name, error.zh, error.en, Place(file=sql_file, row=1))
        return
    yield from (at(code, location, zh, en) for code, location, zh, en in _interface(fact, query))
    for reach in fact_reaches(fact):
        yield Finding(reach.code, fact.name, reach.zh, reach.en, Place(file=sql_file, row=line_of(reach.node)))
    for fault in [*faults(query), *_moments(fact, query, content, tables)]:
        yield Finding(fault.code, fact.name, fault.zh, fault.en, Place(file=sql_file, row=line_of(fault.node)), fault.hint)


def _moments(fact: Fact, query: exp.Query, content: Content, tables: Schema) -> Iterator[PortabilityFault]:
    known = {name: tables[name] for name in fact.tables if name in tables}
    if len(known) == len(fact.tables):
        known |= {name: content.facts[name].types for name in fact.facts}
        try:
            yield from moment_faults(typed_query(query, known))
        except ContentError as error:
            yield PortabilityFault("FACT-02", query, error.zh, error.en)


def _words(fact: Fact) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    yield ("title",), fact.title.zh, fact.title.en
    yield ("summary",), fact.summary.zh, fact.summary.en
    for name, column in fact.columns.items():
        yield ("columns", name), column.zh, column.en


def _interface(fact: Fact, query: exp.Query) -> Iterator[tuple[str, tuple[str | int, ...], str, str]]:
    """What it reads and gives against what it says it reads and gives."""
    declared, read = {*fact.tables, *fact.facts}, tables_read(query)
    for table in sorted(declared - read):
        yield "FACT-05", ("tables",), f"声明了表 {table},却没有用到", f"{table} is declared and not read"
    for table in sorted(set(fact.tables) & set(fact.facts)):
        yield (
            "FACT-05",
            ("facts",),
            f"{table} 既是表又是事实表,分不清",
            f"{table} is both a table and a fact; which one is meant?",
        )
    promised, given = {*fact.columns, *PROVENANCE}, set(query.named_selects)
    for column in sorted(given - promised):
        yield "FACT-06", ("columns",), f"给出了没有声明的列 {column}", f"it gives {column}, which is not declared"
    for column in sorted(promised - given):
        yield "FACT-06", ("columns", column), f"没有给出列 {column}", f"it does not give the column {column}"
    if placeholders(query):
        yield "FACT-07", ("name",), "事实表没有参数", "facts have no parameters"
