"""Run a rule's cases: small worlds in which it must fire, or nearly fires and must not.

A case gives rows of facts and expects hits. Each case runs twice, with all rows and with the rule's `narrow` reductions
applied, and must give the same hits both times. Conditions must be judgeable for every candidate of a case that fires,
and every hit must stand on at least one row. `case_checks` has the checks, `case_file` the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from xiezhi.engines.duckdb_engine import DuckDB, EngineError
from xiezhi.kernel.errors import ContentError, XiezhiError
from xiezhi.kernel.hashing import canonical
from xiezhi.rules.case_checks import CHECKS, CaseResult, Forms, check_reduced, reduce_facts
from xiezhi.rules.case_file import Case, given_table
from xiezhi.rules.fact_cases import TableTypes, build_from_tables
from xiezhi.rules.loader import Content
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.reach import refuse_what_reaches
from xiezhi.rules.render import name
from xiezhi.rules.rule import Rule

__all__ = ["CaseResult", "facts_touched", "run_cases"]

EngineFactory = Callable[[], DuckDB]


def run_cases(
    rule: Rule, cases: Iterable[Case], content: Content, engine_factory: EngineFactory, tables: TableTypes | None = None
) -> list[CaseResult]:
    """Every case of one rule on one engine. `tables`: types of delivered tables, for cases that give those.

    Raises ContentError where the rule or a fact it touches reaches beyond the data it declares.
    """
    refuse_what_reaches([rule], [content.facts[fact] for fact in facts_touched(rule) if fact in content.facts])
    rendered: dict[bytes, Forms] = {}
    with engine_factory() as engine:
        return [_run(rule, case, content, tables or {}, engine, rendered) for case in cases]


def facts_touched(rule: Rule) -> list[str]:
    """Every fact that the rule reads, counts, shows or reduces by."""
    reduced_by = {how.with_.fact for how in rule.narrow.values() if how.with_ is not None}
    touched = {*rule.reads, *rule.population.facts, *(item.fact for item in rule.evidence)}
    return sorted(touched | reduced_by)


def _run(
    rule: Rule, case: Case, content: Content, tables: TableTypes, engine: DuckDB, rendered: dict[bytes, Forms]
) -> CaseResult:
    result = CaseResult(case)
    with _telling(result):
        forms = forms_of(rule, case, content, rendered)
        fill(rule, case, content, tables, engine)
        for check in CHECKS:
            check(result, forms, engine)
        reduce_facts(rule, engine)
        check_reduced(result, forms, engine)
    return result


def verdict(case: Case, forms: Forms, engine: DuckDB, reduce: Callable[[], object]) -> CaseResult:
    """Whether a case whose tables stand in `engine` comes out as expected; only the first check that fails is told.

    `reduce` puts reduced facts in the place of the whole ones; it is called last.
    """
    result = CaseResult(case)
    with _telling(result):
        for check in CHECKS:
            check(result, forms, engine)
            if not result.passed:
                return result
        reduce()
        check_reduced(result, forms, engine)
    return result


@contextmanager
def _telling(result: CaseResult) -> Iterator[None]:
    """What content or engine refuse is a problem of this case."""
    try:
        yield
    except XiezhiError as error:
        place = error.place
        result.fail(error.message("zh"), error.message("en"), place.row if place else None)
    except EngineError as error:
        told = str(error).partition("\n")[0]
        result.fail(f"引擎拒绝执行:{told}", f"the engine refuses: {told}")


def forms_of(rule: Rule, case: Case, content: Content, rendered: dict[bytes, Forms]) -> Forms:
    """The forms under the case's parameters, from `rendered` where they are there. Raises UserError for a wrong parameter."""
    key = canonical(dict(case.parameters))
    if key not in rendered:
        rendered[key] = Forms(rule, parameter_values(rule, case.parameters, content.norms))
    return rendered[key]


def fill(rule: Rule, case: Case, content: Content, tables: TableTypes, engine: DuckDB) -> None:
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
