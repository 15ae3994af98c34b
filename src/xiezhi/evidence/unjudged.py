"""Rows about a subject that a rule could not judge, and why: without them an answer reassures about what nobody looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.rules.coverage_reasons import EVALUATED, OUTSIDE
from xiezhi.rules.fact import Fact
from xiezhi.rules.rule import Rule
from xiezhi.runs.judging import judging_of


def unjudged(
    engine: DuckDB, rule: Rule, values: Mapping[str, Any], facts: Mapping[str, Fact], subject: int | str
) -> dict[str, int] | None:
    """Reason (a word of `rules.coverage_reasons`) → rows of the rule's population about the subject, most first.

    `engine` has the rule's facts. Empty where every row was judged or none is there; None where nobody can tell, for the
    population does not name subjects (of VIL-110 it is projects, and the subject a firm that candidates find).
    """
    column = _subject_column(rule, facts)
    if column is None:
        return None
    judging = judging_of(engine, rule, values, table_missing=False, link=None, broken=False)
    counted = engine.rows(
        f"SELECT {judging.sql} AS outcome, count(*) AS rows FROM {quoted(rule.population.fact)} AS p {' '.join(judging.joins)}"
        f" WHERE p.{quoted(column)} = $subject GROUP BY 1 ORDER BY 2 DESC, 1",
        {"subject": subject},
    )
    words = {judging.words[int(row["outcome"])]: int(row["rows"]) for row in counted}
    return {word: rows for word, rows in words.items() if word not in (EVALUATED, OUTSIDE)}


def _subject_column(rule: Rule, facts: Mapping[str, Fact]) -> str | None:
    """The population's column of the subject: the one that candidates are linked by, else one of the same name."""
    column, population = rule.hit.subject.column, rule.population
    linked = (ours for by in population.candidates for ours, theirs in by.items() if theirs == column)
    return next(linked, column if column in facts[population.fact].columns else None)
