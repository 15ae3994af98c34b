"""What each delivered dataset feeds: the facts made of it, and the rules that read those facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xiezhi.kernel.words import Words
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import content_in_force, contracts_in_force
from xiezhi.rules.fact import Fact


@dataclass(frozen=True)
class FactNode:
    """A fact. `datasets`: those whose tables it, or a fact beneath it, is made of; it lacks data if any of them is missing."""

    name: str
    title: Words
    datasets: frozenset[str]


@dataclass(frozen=True)
class RuleNode:
    """A rule in force. `reads`: the facts its query names; `datasets`: all that must be there for it to be computable."""

    code: str
    title: Words
    domain: str
    level: str
    reads: tuple[str, ...]
    datasets: frozenset[str]


@dataclass(frozen=True)
class Lineage:
    """`facts` by name, `rules` by code; retired rules and drafts are left out."""

    facts: dict[str, FactNode]
    rules: dict[str, RuleNode]

    def facts_of(self, dataset: str) -> list[FactNode]:
        return [fact for fact in self.facts.values() if dataset in fact.datasets]

    def dark_without(self, dataset: str) -> list[RuleNode]:
        """The rules that cannot be computed where the dataset was never delivered."""
        return [rule for rule in self.rules.values() if dataset in rule.datasets]


def read_lineage(config: CoreConfig) -> Lineage:
    """The lineage of all content in force."""
    content = content_in_force(config)
    owners = {table.name: contract.name for contract in contracts_in_force(config) for table in contract.tables}
    facts = {
        name: FactNode(name, fact.title, frozenset(_datasets(fact, content.facts, owners)))
        for name, fact in sorted(content.facts.items())
    }
    rules = {
        code: RuleNode(
            code=code,
            title=rule.title,
            domain=rule.domain,
            level=rule.level.value,
            reads=tuple(sorted(rule.reads)),
            datasets=frozenset(dataset for name in rule.reads for dataset in facts[name].datasets),
        )
        for code, rule in sorted(content.rules.items())
        if rule.status in ("trial", "live")
    }
    return Lineage(facts, rules)


def _datasets(fact: Fact, facts: Mapping[str, Fact], owners: Mapping[str, str]) -> set[str]:
    """Those of its own tables, and of the facts it is made of. A table that no contract fills has no dataset."""
    own = {owners[table] for table in fact.tables if table in owners}
    return own.union(*(_datasets(facts[name], facts, owners) for name in fact.facts))
