"""Run a rule's cases: small worlds in which it must fire, or nearly fires and must not.

A case gives rows of facts and expects hits. Each case runs twice, with all rows and with the rule's `narrow` reductions
applied, and must give the same hits both times. Conditions must be judgeable for every candidate of a case that fires,
and every hit must stand on at least one row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from xiezhi.engines.duckdb_engine import DuckDB, EngineError
from xiezhi.kernel.errors import ContentError, Place, XiezhiError
from xiezhi.kernel.hashing import canonical
from xiezhi.kernel.words import Words
from xiezhi.rules.case_file import Case, given_table
from xiezhi.rules.fact_cases import TableTypes, build_from_tables
from xiezhi.rules.loader import Content
from xiezhi.rules.parameters import Values, parameter_values
from xiezhi.rules.render import bind_expression, diagnosis_sql, hits_sql, name, population_sql
from xiezhi.rules.rule import Narrow, Rule

EngineFactory = Callable[[], DuckDB]
Row = dict[str, Any]


@dataclass
class CaseResult:
    """What came of one case. It passed where there are no `problems`."""

    case: Case
    hits: list[Row] = field(default_factory=list)
    problems: list[Words] = field(default_factory=list)
    place: Place | None = None

    @property
    def passed(self) -> bool:
        return not self.problems

    def fail(self, zh: str, en: str, line: int | None = None) -> None:
        self.problems.append(Words(zh=zh, en=en))
        self.place = self.place or Place(file=str(self.case.document.path), row=line or self.case.document.line("expect"))


@dataclass(frozen=True)
class _Forms:
    """A rule's SQL under one set of parameters, rendered once for all cases that share it."""

    hits: str
    diagnosis: str
    population: str
    evidence: str

    @classmethod
    def of(cls, rule: Rule, values: Values) -> _Forms:
        return cls(hits_sql(rule, values), diagnosis_sql(rule, values), population_sql(rule, values), _evidence_sql(rule, values))


def run_cases(
    rule: Rule, cases: Iterable[Case], content: Content, engine_factory: EngineFactory, tables: TableTypes | None = None
) -> list[CaseResult]:
    """Every case of one rule on one engine. `tables`: types of delivered tables, for cases that give those."""
    rendered: dict[bytes, _Forms] = {}
    with engine_factory() as engine:
        return [_run(rule, case, content, tables or {}, engine, rendered) for case in cases]


def facts_touched(rule: Rule) -> list[str]:
    """Every fact that the rule reads, counts, shows or reduces by."""
    reduced_by = {how.with_.fact for how in rule.narrow.values() if how.with_ is not None}
    touched = {*rule.reads, *rule.population.facts, *(item.fact for item in rule.evidence)}
    return sorted(touched | reduced_by)


def _run(
    rule: Rule, case: Case, content: Content, tables: TableTypes, engine: DuckDB, rendered: dict[bytes, _Forms]
) -> CaseResult:
    result = CaseResult(case)
    try:
        forms = _forms(rule, case, content, rendered)
        _fill(rule, case, content, tables, engine)
        result.hits = engine.rows(forms.hits)
        _compare(result)
        _judgeable(result, rule, forms, engine)
        _grounded(result, rule, forms, engine)
        engine.rows(forms.population)
        _narrowed(result, rule, forms, engine)
    except XiezhiError as error:
        place = error.place
        result.fail(error.message("zh"), error.message("en"), place.row if place else None)
    except EngineError as error:
        told = str(error).partition("\n")[0]
        result.fail(f"引擎拒绝执行:{told}", f"the engine refuses: {told}")
    return result


def _forms(rule: Rule, case: Case, content: Content, rendered: dict[bytes, _Forms]) -> _Forms:
    key = canonical(dict(case.parameters))
    if key not in rendered:
        rendered[key] = _Forms.of(rule, parameter_values(rule, case.parameters, content.norms))
    return rendered[key]


def _fill(rule: Rule, case: Case, content: Content, tables: TableTypes, engine: DuckDB) -> None:
    """A table per fact the rule touches: built from the case's delivered rows, or holding the rows it gives."""
    touched = facts_touched(rule)
    for fact in case.given:
        if fact not in touched:
            raise case.refuse("given", fact, zh=f"模型不读事实表 {fact}", en=f"the rule does not touch the fact {fact}")
    unknown = [fact for fact in touched if fact not in content.facts]
    if unknown:
        raise ContentError("XZ-FACT-02", zh=f"没有事实表 {unknown[0]}", en=f"there is no fact {unknown[0]}")
    if case.tables:
        build_from_tables(engine, touched, content, case.tables, tables, partial(case.refuse, "tables"))
    for fact in case.given if case.tables else touched:
        engine.register("_given", given_table(case, content.facts[fact]))
        engine.run(f"CREATE OR REPLACE TABLE {name(fact)} AS SELECT * FROM _given")
        engine.unregister("_given")


def _compare(result: CaseResult) -> None:
    """Each expected hit must match one hit in all columns it names, and no hit may be left over."""
    left = list(result.hits)
    for place, expected in enumerate(result.case.expect):
        found = next((hit for hit in left if _matches(expected, hit)), None)
        if found is None:
            near = _nearest(expected, left)
            told = f"; nearest: {near}" if near else ""
            result.fail(
                f"期望的命中没有出现:{expected}{told}",
                f"expected, but not found: {expected}{told}",
                result.case.document.line("expect", place),
            )
        else:
            left.remove(found)
    for hit in left:
        result.fail(f"多出一条命中:{hit}", f"a hit that was not expected: {hit}")


def _matches(expected: Mapping[str, Any], hit: Row) -> bool:
    return all(_seen(hit, column) == value for column, value in expected.items())


def _seen(hit: Row, column: str) -> Any:
    """A hit's value as a case writes it: `variant` and `level` without underscore, dates as text or dates alike."""
    return hit.get(f"_{column}") if column in ("variant", "level") else hit.get(column)


def _nearest(expected: Mapping[str, Any], hits: list[Row]) -> Row | None:
    """Of the hits, the columns in which the closest one differs."""
    if not hits:
        return None
    closest = min(hits, key=lambda hit: sum(_seen(hit, column) != value for column, value in expected.items()))
    return {column: _seen(closest, column) for column, value in expected.items() if _seen(closest, column) != value}


def _judgeable(result: CaseResult, rule: Rule, forms: _Forms, engine: DuckDB) -> None:
    if not result.case.expect:
        return
    for row in engine.rows(forms.diagnosis):
        unknown = [item.name for item in rule.conditions if row[f"c_{item.name}"] is None]
        if unknown:
            key = {column: row[column] for column in rule.hit.key}
            result.fail(f"条件无法判断:{unknown},候选 {key}", f"conditions that cannot be judged: {unknown}, candidate {key}")


def _grounded(result: CaseResult, rule: Rule, forms: _Forms, engine: DuckDB) -> None:
    """Every hit must find rows through the rule's evidence queries."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE _found AS SELECT row_number() OVER () AS _hit, * FROM ({forms.hits})")
    keys = ", ".join(name(column) for column in rule.hit.key)
    for hit in engine.rows(f"SELECT {keys} FROM _found WHERE _hit NOT IN ({forms.evidence})"):
        result.fail(f"命中 {hit} 找不到任何所依据的行", f"the hit {hit} stands on no row at all")


def _evidence_sql(rule: Rule, values: Values) -> str:
    """The numbers of those rows of `_found` for which some evidence query finds a row."""
    asked = []
    for item in rule.evidence:
        joined = " AND ".join(f"f.{name(fact)} = h.{name(candidate)}" for fact, candidate in item.by.items())
        where = f" AND ({bind_expression(item.where, values)})" if item.where else ""
        asked.append(f"SELECT h._hit FROM _found AS h JOIN {name(item.fact)} AS f ON {joined}{where}")
    return " UNION ".join(asked)


def _narrowed(result: CaseResult, rule: Rule, forms: _Forms, engine: DuckDB) -> None:
    """The same hits must come out of the reduced facts."""
    if not rule.narrow:
        return
    for fact, how in rule.narrow.items():
        engine.run(f"CREATE OR REPLACE TEMP TABLE {name('narrow_' + fact)} AS {narrow_sql(fact, how)}")
    for fact in rule.narrow:
        engine.run(f"CREATE OR REPLACE TABLE {name(fact)} AS SELECT * FROM {name('narrow_' + fact)}")
    reduced = engine.rows(forms.hits)
    if sorted(map(repr, reduced)) != sorted(map(repr, result.hits)):
        result.fail(f"缩减后的结果不同:{reduced}", f"the result differs over the reduced facts: {reduced}")


def narrow_sql(fact: str, how: Narrow) -> str:
    """The rows of `fact` that a reduction keeps: no more than a run keeps, so equality here proves it there."""
    always = f"({how.keep}) OR " if how.keep else ""
    if how.with_ is not None:
        on = name(how.with_.on)
        named = f"{on} IN (SELECT {on} FROM {name(how.with_.fact)} WHERE {on} IS NOT NULL)"
        return f"SELECT * FROM {name(fact)} WHERE {always}{named}"
    key = ", ".join(name(column) for column in how.repeats)
    return f"SELECT * FROM {name(fact)} QUALIFY {always}COUNT(*) OVER (PARTITION BY {key}) >= 2"
