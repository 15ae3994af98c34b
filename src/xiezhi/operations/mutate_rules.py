"""Plant small mistakes in rules one by one and see whether their own cases notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.operations.check_rules import chosen_rules
from xiezhi.operations.config import CoreConfig
from xiezhi.rules.case_file import load_cases
from xiezhi.rules.loader import load_content
from xiezhi.rules.mutation.bench import RuleBench
from xiezhi.rules.mutation.places import rule_drafts
from xiezhi.rules.mutation.score import Score, score
from xiezhi.rules.mutation.swaps import swap_drafts


def mutate_rules(config: CoreConfig, codes: Sequence[str] = ()) -> Iterator[Score]:
    """The score of each rule of `codes` (of all where none is given), rule by rule.

    Raises UserError for an unknown code, ContentError where content cannot be read, a case fails without any mistake, or a
    declared equivalent does not hold.
    """
    content = load_content(config.content_roots)
    for rule in chosen_rules(content, codes):
        folder = content.folder(rule.code)
        with DuckDB(memory=config.memory, threads=1) as engine:
            bench = RuleBench(rule, load_cases(folder), content, engine)
            drafts = chain(rule_drafts(rule, content.norms), swap_drafts(rule, bench.candidate_types(rule)))
            yield score(rule.code, drafts, bench, folder)
