"""What the checks of a rule look at: the rule, where it is written, its cases, and its query as read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sqlglot import exp

from xiezhi.kernel.errors import ContentError, Place
from xiezhi.kernel.yaml_document import Document
from xiezhi.rules.binding import parse_select
from xiezhi.rules.case_file import Case
from xiezhi.rules.expressions import Expression, expressions
from xiezhi.rules.law_by_day import table_types
from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.loader import QUERY_FILE, Content
from xiezhi.rules.reading import Schema, line_of, output_types, typed_query
from xiezhi.rules.rule import Rule


@dataclass
class Target:
    """One rule under lint. `query` is None where query.sql cannot be parsed, `typed` where its columns do not resolve."""

    rule: Rule
    content: Content
    cases: list[Case]
    problems: list[Finding] = field(default_factory=list)

    @cached_property
    def document(self) -> Document:
        return self.content.document("rule", self.rule.code)

    @cached_property
    def sql_path(self) -> Path:
        return self.document.path.parent / QUERY_FILE

    @cached_property
    def query(self) -> exp.Query | None:
        try:
            return parse_select(self.rule.sql)
        except ContentError as error:
            self.problems.append(self.in_sql("SQL-01", None, error.zh, error.en))
            return None

    @cached_property
    def schema(self) -> Schema:
        """Every table that the query may read → column → type."""
        return {name: fact.types for name, fact in self.content.facts.items()} | table_types(self.rule)

    @cached_property
    def typed(self) -> exp.Query | None:
        if self.query is None:
            return None
        try:
            return typed_query(self.query, self.schema)
        except ContentError as error:
            self.problems.append(self.in_sql("SQL-02", None, error.zh, error.en))
            return None

    @cached_property
    def candidates(self) -> dict[str, str]:
        """Candidate column → type; only names where types could not be told; empty where nothing could be read."""
        if self.typed is not None:
            return output_types(self.typed)
        return dict.fromkeys(self.query.named_selects, "UNKNOWN") if self.query is not None else {}

    def expressions(self) -> Iterator[Expression]:
        """Every SQL expression that rule.yaml holds."""
        return expressions(self.rule)

    def at(self, code: str, location: tuple[str | int, ...], zh: str, en: str, *, hint: bool = False) -> Finding:
        """A finding about a place in rule.yaml."""
        return Finding(code, self.rule.code, zh, en, self.document.place(*location), hint)

    def in_sql(self, code: str, node: exp.Expr | None, zh: str, en: str, *, hint: bool = False) -> Finding:
        """A finding about a place in query.sql."""
        return Finding(code, self.rule.code, zh, en, Place(file=str(self.sql_path), row=line_of(node)), hint)
