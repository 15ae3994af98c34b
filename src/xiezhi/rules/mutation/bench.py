"""Bench: the tables of all cases of a rule or a fact, opened once, on which one mutant after another is tried.

Each case has a database of its own within one engine: schemas would not do, since delivered tables have one already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from xiezhi.engines.duckdb_engine import DuckDB, EngineError
from xiezhi.kernel.errors import ContentError, XiezhiError
from xiezhi.rules.case_checks import Forms, reduce_facts
from xiezhi.rules.case_file import Case
from xiezhi.rules.cases import fill, forms_of, verdict
from xiezhi.rules.fact import Fact
from xiezhi.rules.fact_cases import FactCase, TableTypes, deliver, fact_select, fact_verdict
from xiezhi.rules.loader import Content
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.render import candidates_sql, name
from xiezhi.rules.rule import Rule

Tried = TypeVar("Tried", Rule, Fact, contravariant=True)


@dataclass(frozen=True)
class Fate:
    """What became of a mutant. `computes`: the engine runs it at all. `killer`: a case whose verdict it changes."""

    computes: bool
    killer: str | None = None


class Bench(Protocol[Tried]):
    """What tries mutants of one rule or one fact."""

    @property
    def cases(self) -> int:
        """How many cases try each mutant."""

    def fate(self, mutant: Tried) -> Fate:
        """What its cases say. What the engine refuses outright no author could have left behind: it does not count."""


class RuleBench:
    """Without a case every mutant lives. Raises ContentError where a case cannot be laid out, or the rule itself fails one."""

    def __init__(self, rule: Rule, cases: Sequence[Case], content: Content, tables: TableTypes, engine: DuckDB) -> None:
        self._content, self._engine = content, engine
        self._cases = list(cases)
        for case in cases:
            for database in (case.name, _reduced(case)):
                _open(engine, database)
                fill(rule, case, content, tables, engine)
            reduce_facts(rule, engine)
        _passes_unchanged(rule.code, self.fate(rule))

    @property
    def cases(self) -> int:
        return len(self._cases)

    def fate(self, mutant: Rule) -> Fate:
        """The last case that killed one is asked first: it often kills the next one too."""
        rendered: dict[bytes, Forms] = {}
        if not self._computes(mutant, rendered):
            return Fate(computes=False)
        for place, case in enumerate(self._cases):
            if not self._passes(mutant, case, rendered):
                self._cases.insert(0, self._cases.pop(place))
                return Fate(computes=True, killer=case.name)
        return Fate(computes=True)

    def candidate_types(self, rule: Rule) -> dict[str, str]:
        """The candidates' columns with their types; none where no case opened their facts."""
        if not self._cases:
            return {}
        values = parameter_values(rule, {}, self._content.norms)
        return self._engine.columns(f"({candidates_sql(rule, values)})")

    def _computes(self, mutant: Rule, rendered: dict[bytes, Forms]) -> bool:
        try:
            for case in self._cases[:1]:
                _use(self._engine, case.name)
                forms = forms_of(mutant, case, self._content, rendered)
                found = f"(SELECT row_number() OVER () AS _hit, * FROM ({forms.hits}))"
                self._engine.columns(f"(WITH _found AS {found} {forms.evidence})")
                self._engine.columns(forms.population)
        except (EngineError, XiezhiError):
            return False
        return True

    def _passes(self, mutant: Rule, case: Case, rendered: dict[bytes, Forms]) -> bool:
        try:
            forms = forms_of(mutant, case, self._content, rendered)
        except XiezhiError:
            return False
        _use(self._engine, case.name)
        return verdict(case, forms, self._engine, lambda: _use(self._engine, _reduced(case))).passed


class FactBench:
    """Without a case every mutant lives. Raises ContentError where a case cannot be delivered, or the fact itself fails one."""

    def __init__(self, fact: Fact, cases: Sequence[FactCase], content: Content, tables: TableTypes, engine: DuckDB) -> None:
        self._engine = engine
        self._cases = list(cases)
        for case in cases:
            _open(engine, case.name)
            deliver(fact, case, content, tables, engine)
        _passes_unchanged(fact.name, self.fate(fact))

    @property
    def cases(self) -> int:
        return len(self._cases)

    def fate(self, mutant: Fact) -> Fate:
        for place, case in enumerate(self._cases):
            _use(self._engine, case.name)
            try:
                self._engine.columns(fact_select(mutant))
            except (EngineError, XiezhiError):
                return Fate(computes=False)
            if not fact_verdict(mutant, case, self._engine).passed:
                self._cases.insert(0, self._cases.pop(place))
                return Fate(computes=True, killer=case.name)
        return Fate(computes=True)


def _open(engine: DuckDB, database: str) -> None:
    engine.run(f"ATTACH ':memory:' AS {name(database)}")
    _use(engine, database)


def _reduced(case: Case) -> str:
    """The database of a case with its facts reduced."""
    return f"{case.name} reduced"


def _use(engine: DuckDB, database: str) -> None:
    engine.run(f"USE {name(database)}")


def _passes_unchanged(subject: str, fate: Fate) -> None:
    if fate.killer is not None or not fate.computes:
        raise ContentError(
            "XZ-MUTANT-03",
            zh=f"{subject} 的案例 {fate.killer} 本来就不符,先让案例通过",
            en=f"the case {fate.killer} of {subject} fails as it is; make the cases pass first",
            todo_zh="用 xiezhi rules test 看原因",
            todo_en="see why with: xiezhi rules test",
        )
