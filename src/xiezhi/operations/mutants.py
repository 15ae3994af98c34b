"""Plant small mistakes in rules and facts one by one and see whether their own cases notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.errors import UserError
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import content_in_force, contracts_in_force
from xiezhi.operations.rules import table_types
from xiezhi.rules.case_file import load_cases
from xiezhi.rules.fact import Fact
from xiezhi.rules.fact_cases import TableTypes, load_fact_cases
from xiezhi.rules.loader import Content
from xiezhi.rules.mutation.bench import FactBench, RuleBench
from xiezhi.rules.mutation.places import fact_drafts, rule_drafts
from xiezhi.rules.mutation.score import Score, score
from xiezhi.rules.mutation.swaps import fact_swap_drafts, swap_drafts
from xiezhi.rules.rule import Rule


def mutate_rules(config: CoreConfig, names: Sequence[str] = ()) -> Iterator[Score]:
    """The score of each rule (by code) and fact (by name) of `names`; of all rules, then all facts, where none is given.

    Raises UserError for an unknown name, ContentError where content cannot be read, something has no case or fails one
    without any mistake, or a declared equivalent does not hold.
    """
    content, tables = content_in_force(config), table_types(contracts_in_force(config))
    for name in names:
        if name not in content.rules and name not in content.facts:
            raise UserError(
                "XZ-MUTANT-04",
                zh=f"没有名为 {name} 的模型或事实表",
                en=f"there is no rule or fact called {name}",
                todo_zh="用 xiezhi rules list 查看模型;事实表见内容目录的 facts",
                todo_en="see the rules with: xiezhi rules list; the facts in the content folder's facts",
            )
    wanted = names or [*sorted(content.rules), *sorted(content.facts)]
    for name in wanted:
        with DuckDB(memory=config.memory, threads=1) as engine:
            engine.seal()
            if name in content.rules:
                yield _rule(content.rules[name], content, tables, engine)
            else:
                yield _fact(content.facts[name], content, tables, engine)


def _rule(rule: Rule, content: Content, tables: TableTypes, engine: DuckDB) -> Score:
    folder = content.folder(rule.code)
    bench = RuleBench(rule, load_cases(folder), content, tables, engine)
    drafts = chain(rule_drafts(rule, content.norms), swap_drafts(rule, bench.candidate_types(rule)))
    return score(rule.code, drafts, bench, folder)


def _fact(fact: Fact, content: Content, tables: TableTypes, engine: DuckDB) -> Score:
    folder = content.fact_folder(fact.name)
    bench = FactBench(fact, load_fact_cases(folder), content, tables, engine)
    return score(fact.name, chain(fact_drafts(fact), fact_swap_drafts(fact)), bench, folder)
