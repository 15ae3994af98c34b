"""SQL: one readable SELECT with declared parameters, in the portable subset, that the engine accepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlglot import exp

from xiezhi.engines.duckdb_engine import DuckDB, EngineError
from xiezhi.kernel.errors import ContentError, XiezhiError
from xiezhi.rules.binding import placeholders
from xiezhi.rules.cases import facts_touched
from xiezhi.rules.expressions import Expression
from xiezhi.rules.law_by_day import dated
from xiezhi.rules.lint import declared
from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.lint.moments import moment_faults
from xiezhi.rules.lint.portability import PortabilityFault, faults, typed_faults
from xiezhi.rules.lint.target import Target
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.portable import to_spark
from xiezhi.rules.reach import rule_reaches
from xiezhi.rules.render import candidates_sql, diagnosis_sql, hits_sql, name, population_sql


def check(target: Target) -> Iterator[Finding]:
    """All findings of the SQL, SEC and PORT families. The engine is asked last, and only about what is otherwise sound."""
    found = list(_readable(target))
    if target.query is not None and not any(finding.code == "SQL-01" for finding in found):
        found += [*_reaching(target), *declared.check(target), *_parameters(target)]
        portable = list(_portable(target))
        if target.typed is not None and not found:
            found += _engine(target)
        found += portable
    yield from found


def _readable(target: Target) -> Iterator[Finding]:
    """Every expression parses, and names only what it may."""
    for item in target.expressions():
        try:
            tree = item.tree()
        except ContentError as error:
            yield target.at("SQL-01", item.location, error.zh, error.en)
            continue
        if tree.find(exp.Query) is not None:
            yield target.at("SQL-13", item.location, "表达式里不许有子查询", "no subqueries in an expression")
        for column in tree.find_all(exp.Column):
            if not _known(target, item, column):
                told = column.sql()
                yield target.at("SQL-03", item.location, f"这里没有列 {told}", f"there is no column {told} here")


def _known(target: Target, item: Expression, column: exp.Column) -> bool:
    fact = target.content.facts.get(item.fact)
    if item.over == "candidate":
        return not target.candidates or column.name in target.candidates
    if item.over in ("population", "narrow") or column.table == "f":
        return fact is None or column.name in fact.types
    return column.table == "h" and (not target.candidates or column.name in target.candidates)


def _reaching(target: Target) -> Iterator[Finding]:
    """What no leave excuses: see `rules.reach`."""
    for reach in rule_reaches(target.rule):
        if reach.location:
            yield target.at(reach.code, reach.location, reach.zh, reach.en)
        else:
            yield target.in_sql(reach.code, reach.node, reach.zh, reach.en)


def _parameters(target: Target) -> Iterator[Finding]:
    rule = target.rule
    assert target.query is not None
    used = placeholders(target.query) | set(dated(rule))
    for item in target.expressions():
        names = placeholders(item.tree())
        used |= names
        for unknown in sorted(names - set(rule.parameters)):
            yield target.at("SQL-09", item.location, f"没有声明参数 ${unknown}", f"the parameter ${unknown} is not declared")
    for unknown in sorted(placeholders(target.query) - set(rule.parameters)):
        yield target.in_sql("SQL-09", None, f"没有声明参数 ${unknown}", f"the parameter ${unknown} is not declared")
    for idle in sorted(set(rule.parameters) - used):
        yield target.at(
            "SQL-10", ("parameters", idle), f"声明了参数 {idle},却没有用到", f"the parameter {idle} is declared and not used"
        )
    try:
        parameter_values(rule, {}, target.content.norms)
    except XiezhiError as error:
        yield target.at("SQL-11", ("parameters",), error.zh, error.en)


def _portable(target: Target) -> Iterator[Finding]:
    assert target.query is not None
    written: list[PortabilityFault] = list(faults(target.query))
    if target.typed is not None:
        written += typed_faults(target.typed)
        written += moment_faults(target.typed)
    for fault in written:
        yield target.in_sql(fault.code, fault.node, fault.zh, fault.en, hint=fault.hint)
    for item in target.expressions():
        for fault in faults(item.tree()):
            yield target.at(fault.code, item.location, fault.zh, fault.en, hint=fault.hint)


def _engine(target: Target) -> Iterator[Finding]:
    """The engine itself must accept every form of the rule over empty facts, and Spark's grammar the query."""
    rule = target.rule
    try:
        values = parameter_values(rule, {}, target.content.norms)
        to_spark(candidates_sql(rule, values))
        forms = [hits_sql(rule, values), diagnosis_sql(rule, values), population_sql(rule, values)]
    except XiezhiError as error:
        yield target.in_sql("SQL-12", None, error.zh, error.en)
        return
    with DuckDB(threads=1) as engine:
        engine.seal()
        try:
            for fact in facts_touched(rule):
                _empty(engine, fact, target.content.facts[fact].types)
            for form in forms:
                engine.columns(form)
        except (EngineError, KeyError) as error:
            told = str(error).partition("\n")[0]
            yield target.in_sql("SQL-12", None, f"DuckDB 不接受:{told}", f"DuckDB refuses it: {told}")


def _empty(engine: DuckDB, fact: str, types: Mapping[str, str]) -> None:
    columns = ", ".join(f"{name(column)} {kind}" for column, kind in types.items())
    engine.run(f"CREATE TABLE {name(fact)} ({columns})")
