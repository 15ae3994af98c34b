"""Bench: the tables of all of a rule's cases, opened once, on which one mutant after another is asked for its verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

from xiezhi.engines.duckdb_engine import DuckDB, EngineError
from xiezhi.kernel.errors import ContentError, XiezhiError
from xiezhi.rules.case_file import Case
from xiezhi.rules.cases import Forms, fill, forms_of, verdict
from xiezhi.rules.fact import Fact
from xiezhi.rules.loader import Content
from xiezhi.rules.rule import Rule

Tried = TypeVar("Tried", Rule, Fact, contravariant=True)


class Bench(Protocol[Tried]):
    """What tries mutants of one rule or one fact."""

    def computes(self, mutant: Tried) -> bool:
        """Whether the engine can run it at all: what it refuses outright no author could have left behind."""

    def killer(self, mutant: Tried) -> str | None:
        """The name of a case whose verdict is another than with the original; None where there is none."""


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
        failing = self.killer(rule)
        if failing is not None:
            raise ContentError(
                "XZ-MUTANT-03",
                zh=f"{rule.code} 的案例 {failing} 本来就不符,先让案例通过",
                en=f"the case {failing} of {rule.code} fails as it is; make the cases pass first",
                todo_zh=f"xiezhi rules test {rule.code}",
                todo_en=f"xiezhi rules test {rule.code}",
            )

    def computes(self, mutant: Rule) -> bool:
        rendered: dict[bytes, Forms] = {}
        try:
            for case in self._cases[:1]:
                self._engine.run(f"USE {self._schemas[case.name]}")
                forms = forms_of(mutant, case, self._content, rendered)
                for sql in (forms.hits, forms.population, *self._evidence(mutant, forms)):
                    self._engine.columns(sql)
        except (EngineError, XiezhiError):
            return False
        return True

    def killer(self, mutant: Rule) -> str | None:
        """The last case that killed one is asked first: it often kills the next one too."""
        rendered: dict[bytes, Forms] = {}
        for place, case in enumerate(self._cases):
            if not self._passes(mutant, case, rendered):
                self._cases.insert(0, self._cases.pop(place))
                return case.name
        return None

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

    def _evidence(self, mutant: Rule, forms: Forms) -> list[str]:
        """The evidence query as it can be described before any hit was found."""
        found = f"(SELECT row_number() OVER () AS _hit, * FROM ({forms.hits}))"
        return [f"WITH _found AS {found} {forms.evidence}"] if mutant.evidence else []
