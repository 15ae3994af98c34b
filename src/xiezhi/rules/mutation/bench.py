"""Bench: the tables of all of a rule's cases, opened once, on which one mutant after another is asked for its verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from xiezhi.engines.duckdb_engine import DuckDB, EngineError
from xiezhi.kernel.errors import ContentError, XiezhiError
from xiezhi.rules.case_file import Case
from xiezhi.rules.cases import Forms, fill, forms_of, verdict
from xiezhi.rules.fact import Fact
from xiezhi.rules.loader import Content
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.render import candidates_sql
from xiezhi.rules.rule import Rule

Tried = TypeVar("Tried", Rule, Fact, contravariant=True)


@dataclass(frozen=True)
class Fate:
    """What became of a mutant. `computes`: the engine runs it at all. `killer`: a case whose verdict it changes."""

    computes: bool
    killer: str | None = None


class Bench(Protocol[Tried]):
    """What tries mutants of one rule or one fact."""

    def fate(self, mutant: Tried) -> Fate:
        """What its cases say. What the engine refuses outright no author could have left behind: it does not count."""


class RuleBench:
    """A schema per case. Raises ContentError where a case cannot be laid out or the rule itself fails one."""

    def __init__(self, rule: Rule, cases: Sequence[Case], content: Content, engine: DuckDB) -> None:
        self._content, self._engine = content, engine
        self._cases = list(cases)
        self._schemas = {case.name: f"case_{place}" for place, case in enumerate(cases)}
        for case in cases:
            engine.run(f"CREATE SCHEMA {self._schemas[case.name]}")
            engine.run(f"USE {self._schemas[case.name]}")
            fill(rule, case, content, engine)
        failing = self.fate(rule).killer
        if failing is not None:
            raise ContentError(
                "XZ-MUTANT-03",
                zh=f"{rule.code} 的案例 {failing} 本来就不符,先让案例通过",
                en=f"the case {failing} of {rule.code} fails as it is; make the cases pass first",
                todo_zh=f"xiezhi rules test {rule.code}",
                todo_en=f"xiezhi rules test {rule.code}",
            )

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
        """The candidates' columns with their types. Raises ContentError where the rule has no cases."""
        if not self._cases:
            raise ContentError("XZ-MUTANT-02", zh=f"{rule.code} 没有案例", en=f"{rule.code} has no cases")
        values = parameter_values(rule, {}, self._content.norms)
        return self._engine.columns(f"({candidates_sql(rule, values)})")

    def _computes(self, mutant: Rule, rendered: dict[bytes, Forms]) -> bool:
        try:
            for case in self._cases[:1]:
                self._engine.run(f"USE {self._schemas[case.name]}")
                forms = forms_of(mutant, case, self._content, rendered)
                found = f"(SELECT row_number() OVER () AS _hit, * FROM ({forms.hits}))"
                self._engine.columns(f"WITH _found AS {found} {forms.evidence}")
                self._engine.columns(forms.population)
        except (EngineError, XiezhiError):
            return False
        return True

    def _passes(self, mutant: Rule, case: Case, rendered: dict[bytes, Forms]) -> bool:
        try:
            forms = forms_of(mutant, case, self._content, rendered)
        except XiezhiError:
            return False
        self._engine.run(f"USE {self._schemas[case.name]}")
        with self._rolled_back():
            return verdict(case, forms, self._engine).passed

    @contextmanager
    def _rolled_back(self) -> Iterator[None]:
        """What a verdict leaves behind is undone."""
        self._engine.run("BEGIN TRANSACTION")
        try:
            yield
        finally:
            self._engine.run("ROLLBACK")
