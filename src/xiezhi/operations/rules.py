"""The rules in force: listed, shown, checked, tested, started anew and written as pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.cross_check import DEPARTMENTS
from xiezhi.contracts.loader import check_contracts
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.errors import ContentError, Place, UserError
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import content_in_force, contracts_in_force
from xiezhi.rules.case_file import load_cases
from xiezhi.rules.cases import CaseResult, run_cases
from xiezhi.rules.fact import Fact
from xiezhi.rules.fact_cases import FactCaseResult, TableTypes, load_fact_cases, run_fact_cases
from xiezhi.rules.lint import Finding, lint_domain, lint_fact, lint_norm, lint_rule
from xiezhi.rules.loader import DOMAINS_FILE, Content, read_content
from xiezhi.rules.pages import page, write_pages
from xiezhi.rules.rule import Rule
from xiezhi.rules.scaffold import Order
from xiezhi.rules.scaffold import new_rule as scaffold


def list_rules(config: CoreConfig, domain: str | None = None) -> list[tuple[Rule, int]]:
    """Every rule in force with the number of its cases, by code. `domain`: only its own."""
    content = content_in_force(config)
    chosen = (rule for _, rule in sorted(content.rules.items()) if domain in (None, rule.domain))
    return [(rule, len(load_cases(content.folder(rule.code)))) for rule in chosen]


def read_rule(config: CoreConfig, code: str) -> tuple[Rule, str]:
    """A rule and its page in the configured language. Raises UserError for an unknown code."""
    content = content_in_force(config)
    (rule,) = _chosen(content, [code])
    return rule, page(rule, content, config.language)


def lint_rules(config: CoreConfig, codes: Sequence[str] = ()) -> list[Finding]:
    """Everything wrong with the rules of `codes`; where none is given with all content. Unreadable files first."""
    content, problems = read_content(config.content_roots)
    found = [_unread(problem) for problem in problems]
    for rule in _chosen(content, codes, tolerant=bool(problems)):
        found += lint_rule(rule, content)
    if not codes:
        contracts, _ = check_contracts(config.content_roots)
        found += [finding for name in sorted(content.facts) for finding in lint_fact(name, content, table_types(contracts))]
        found += [finding for name in sorted(content.norms) for finding in lint_norm(name, content)]
        if listed := contracts.codelists.get(DEPARTMENTS):  # without it `contracts check` complains of every contract
            known = {one.code for one in listed.codes}
            found += [finding for name in sorted(content.domains) for finding in lint_domain(name, content, known)]
    return found


def run_cases_of_rules(config: CoreConfig, codes: Sequence[str] = ()) -> Iterator[tuple[Rule, list[CaseResult]]]:
    """Run the cases of each rule, rule by rule. Raises ContentError for content that cannot be read."""
    content, tables = content_in_force(config), table_types(contracts_in_force(config))
    for rule in _chosen(content, codes):
        yield rule, run_cases(rule, load_cases(content.folder(rule.code)), content, partial(_engine, config), tables)


def run_cases_of_facts(config: CoreConfig) -> Iterator[tuple[Fact, list[FactCaseResult]]]:
    """Run the cases of each fact, fact by fact. Raises ContentError for content that cannot be read."""
    content, tables = content_in_force(config), table_types(contracts_in_force(config))
    for name, fact in sorted(content.facts.items()):
        cases = load_fact_cases(content.fact_folder(name))
        yield fact, run_fact_cases(fact, cases, content, tables, partial(_engine, config))


def table_types(contracts: ContractCatalogue) -> TableTypes:
    """The columns of every delivered table, as the lake has them."""
    return {table.name: table.lake_columns() for contract in contracts for table in contract.tables}


def _engine(config: CoreConfig) -> DuckDB:
    """For cases: what they say is all there is, so no file is opened."""
    engine = DuckDB(memory=config.memory, threads=1)
    engine.seal()
    return engine


@dataclass(frozen=True)
class NewRule:
    """The folder of a draft rule. `undescribed`: the file in which its domain is still to be described; None where it is."""

    folder: Path
    undescribed: Path | None


def new_rule(config: CoreConfig, order: Order) -> NewRule:
    """Start a draft rule in the last content root. Raises UserError where what is asked for cannot be."""
    content, root = content_in_force(config), config.content_roots[-1]
    folder = scaffold(content, root, order)
    return NewRule(folder, None if order.domain in content.domains else root / DOMAINS_FILE)


def _chosen(content: Content, codes: Sequence[str], *, tolerant: bool = False) -> list[Rule]:
    """The rules of `codes`, all where none is given. `tolerant`: a code that is missing may be one that was not readable."""
    for code in codes:
        if code not in content.rules and not tolerant:
            raise UserError(
                "XZ-RUN-02",
                zh=f"没有代码为 {code} 的模型",
                en=f"there is no rule with code {code}",
                todo_zh="用 xiezhi rules list 查看全部代码",
                todo_en="see all codes with: xiezhi rules list",
            )
    return [rule for code, rule in sorted(content.rules.items()) if not codes or code in codes]


def _unread(problem: ContentError) -> Finding:
    return Finding(problem.code, "", problem.zh, problem.en, problem.place or Place())


def write_rule_pages(config: CoreConfig, folder: Path, language: str = "zh") -> list[Path]:
    """One Markdown page per rule and an index in `folder`; returns the files written."""
    return write_pages(content_in_force(config), folder, language)
