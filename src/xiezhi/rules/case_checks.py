"""What a case is asked: the hits it expects, conditions that can be judged, rows the hits stand on, the rows it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.errors import Place
from xiezhi.kernel.words import Words
from xiezhi.rules.case_file import STANDS_ON, Case
from xiezhi.rules.law_by_day import evidence_in_force
from xiezhi.rules.parameters import Values
from xiezhi.rules.render import bind_expression, diagnosis_sql, hits_over, name, population_sql
from xiezhi.rules.rule import Narrow, Rule

Row = dict[str, Any]


@dataclass
class CaseResult:
    """What came of one case. It passed where there are no `problems`. `pairs`: each expected hit with the one that met it."""

    case: Case
    hits: list[Row] = field(default_factory=list)
    pairs: list[tuple[Mapping[str, Any], Row]] = field(default_factory=list)
    problems: list[Words] = field(default_factory=list)
    place: Place | None = None

    @property
    def passed(self) -> bool:
        return not self.problems

    def fail(self, zh: str, en: str, line: int | None = None) -> None:
        self.problems.append(Words(zh=zh, en=en))
        self.place = self.place or Place(file=str(self.case.document.path), row=line or self.case.document.line("expect"))


@dataclass(frozen=True)
class Forms:
    """A rule's SQL under one set of parameters: each form rendered when it is first asked, once for all cases that share it."""

    rule: Rule
    values: Values

    @cached_property
    def hits(self) -> str:
        return hits_over(self.diagnosis, self.rule, self.values)

    @cached_property
    def hits_diagnosed(self) -> str:
        """The hits among the candidates that `diagnose` laid down."""
        return hits_over(f"SELECT * FROM {DIAGNOSED}", self.rule, self.values)

    @cached_property
    def diagnosis(self) -> str:
        return diagnosis_sql(self.rule, self.values)

    @cached_property
    def population(self) -> str:
        return population_sql(self.rule, self.values)

    @cached_property
    def evidence(self) -> str:
        return _evidence_sql(self.rule, self.values)


DIAGNOSED = "temp.main._diagnosed"
"""The candidates of a case with their conditions, which most checks ask: planning a rule's query takes longer than a case."""


def _diagnose(result: CaseResult, forms: Forms, engine: DuckDB) -> None:
    engine.run(f"CREATE OR REPLACE TEMP TABLE _diagnosed AS {forms.diagnosis}")


def _compare(result: CaseResult, forms: Forms, engine: DuckDB) -> None:
    """Each expected hit must match one hit in all columns it names, and no hit may be left over."""
    result.hits = engine.rows(forms.hits_diagnosed)
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
            result.pairs.append((expected, found))
    for hit in left:
        result.fail(f"多出一条命中:{hit}", f"a hit that was not expected: {hit}")


def _matches(expected: Mapping[str, Any], hit: Row) -> bool:
    return all(_seen(hit, column) == value for column, value in expected.items() if column != STANDS_ON)


def _seen(hit: Row, column: str) -> Any:
    """A hit's value as a case writes it: `variant` and `level` without underscore, dates as text or dates alike."""
    return hit.get(f"_{column}") if column in ("variant", "level") else hit.get(column)


def _nearest(expected: Mapping[str, Any], hits: list[Row]) -> Row | None:
    """Of the hits, the columns in which the closest one differs."""
    if not hits:
        return None
    columns = {column: value for column, value in expected.items() if column != STANDS_ON}
    closest = min(hits, key=lambda hit: sum(_seen(hit, column) != value for column, value in columns.items()))
    return {column: _seen(closest, column) for column, value in columns.items() if _seen(closest, column) != value}


def _judgeable(result: CaseResult, forms: Forms, engine: DuckDB) -> None:
    """As many candidates must be open as the case says, none where it says nothing.

    A case that fires and says nothing must know every condition, also of candidates that are no hits for another one.
    """
    rule, wanted = forms.rule, result.case.text.undetermined
    if wanted is not None or not result.case.expect:
        wanted = wanted or 0
        met = [[row[f"c_{item.name}"] for item in rule.conditions] for row in engine.rows(f"SELECT * FROM {DIAGNOSED}")]
        open_ones = sum(None in conditions and False not in conditions for conditions in met)
        if open_ones != wanted:
            line = result.case.document.line("undetermined")
            result.fail(
                f"应有 {wanted} 个候选无法判断,却是 {open_ones} 个", f"{wanted} candidates must be open, not {open_ones}", line
            )
        return
    for row in engine.rows(f"SELECT * FROM {DIAGNOSED}"):
        unknown = [item.name for item in rule.conditions if row[f"c_{item.name}"] is None]
        if unknown:
            key = {column: row[column] for column in rule.hit.key}
            result.fail(f"条件无法判断:{unknown},候选 {key}", f"conditions that cannot be judged: {unknown}, candidate {key}")


def _grounded(result: CaseResult, forms: Forms, engine: DuckDB) -> None:
    """Every hit must find rows through the rule's evidence queries, and as many of each fact as its case says."""
    if not result.hits:
        return
    key = forms.rule.hit.key
    columns = ", ".join(f"h.{name(column)}" for column in key)
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    for row in engine.rows(
        f"WITH _found AS MATERIALIZED (SELECT row_number() OVER () AS _hit, * FROM ({forms.hits_diagnosed})),"
        f" _rows AS ({forms.evidence}) "
        f"SELECT {columns}, r._fact, COUNT(r._fact) AS _rows FROM _found AS h LEFT JOIN _rows AS r USING (_hit) "
        f"GROUP BY _hit, {columns}, r._fact"
    ):
        hit = found.setdefault(tuple(row[column] for column in key), {})
        if row["_fact"] is not None:
            hit[row["_fact"]] = row["_rows"]
    for values, rows in found.items():
        if not rows:
            hit = dict(zip(key, values, strict=True))
            result.fail(f"命中 {hit} 找不到任何所依据的行", f"the hit {hit} stands on no row at all")
    for place, (expected, hit) in enumerate(result.pairs):
        rows = found[tuple(hit[column] for column in key)]
        for fact, wanted in expected.get(STANDS_ON, {}).items():
            if rows.get(fact, 0) != wanted:
                result.fail(
                    f"命中应依据 {fact} 的 {wanted} 行,却是 {rows.get(fact, 0)} 行",
                    f"the hit must stand on {wanted} rows of {fact}, not on {rows.get(fact, 0)}",
                    result.case.document.line("expect", place, STANDS_ON, fact),
                )


def _evidence_sql(rule: Rule, values: Values) -> str:
    """The numbers of those rows of `_found` (`_hit`) with each row (`_fact`, `_delivery`, `_row`) an evidence query finds."""
    asked = []
    for item in rule.evidence:
        joined = " AND ".join(f"f.{name(fact)} = h.{name(candidate)}" for fact, candidate in item.by.items())
        where = f" AND ({bind_expression(item.where, values)})" if item.where else ""
        where += evidence_in_force(rule, item.fact)
        shown = f"h._hit, '{item.fact}' AS _fact, f._delivery, f._row"
        asked.append(f"SELECT {shown} FROM _found AS h JOIN {name(item.fact)} AS f ON {joined}{where}")
    return " UNION ".join(asked)


def _counted(result: CaseResult, forms: Forms, engine: DuckDB) -> None:
    """The population must be countable, and of as many rows as the case says."""
    rows, wanted = sum(int(row["rows"]) for row in engine.rows(forms.population)), result.case.text.population
    if wanted is not None and rows != wanted:
        line = result.case.document.line("population")
        result.fail(f"应涉及 {wanted} 行,却是 {rows} 行", f"the rule must concern {wanted} rows, not {rows}", line)


CHECKS = (_diagnose, _compare, _judgeable, _grounded, _counted)
"""What a case is asked over whole facts, in order: each adds what it finds to the result's problems."""


def reduce_facts(rule: Rule, engine: DuckDB) -> None:
    """Leave out the rows that the rule's `narrow` says can be left out."""
    for fact, how in rule.narrow.items():
        engine.run(f"CREATE OR REPLACE TEMP TABLE {name('narrow_' + fact)} AS {narrow_sql(fact, how)}")
    for fact in rule.narrow:
        engine.run(f"CREATE OR REPLACE TABLE {name(fact)} AS SELECT * FROM {name('narrow_' + fact)}")


def check_reduced(result: CaseResult, forms: Forms, engine: DuckDB) -> None:
    """Asked in one statement, as a run asks it, and over reduced facts, the same hits must come out as over whole ones."""
    reduced = engine.rows(forms.hits)
    if sorted(map(repr, reduced)) != sorted(map(repr, result.hits)):
        zh, en = ("缩减后", "over the reduced facts") if forms.rule.narrow else ("整句计算", "in one statement")
        result.fail(f"{zh}的结果不同:{reduced}", f"the result differs {en}: {reduced}")


def narrow_sql(fact: str, how: Narrow) -> str:
    """The rows of `fact` that a reduction keeps: no more than a run keeps, so equality here proves it there."""
    always = f"({how.keep}) OR " if how.keep else ""
    if how.with_ is not None:
        on = name(how.with_.on)
        named = f"{on} IN (SELECT {on} FROM {name(how.with_.fact)} WHERE {on} IS NOT NULL)"
        return f"SELECT * FROM {name(fact)} WHERE {always}{named}"
    key = ", ".join(name(column) for column in how.repeats)
    return f"SELECT * FROM {name(fact)} QUALIFY {always}COUNT(*) OVER (PARTITION BY {key}) >= 2"
