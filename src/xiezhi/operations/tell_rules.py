"""What the rules are called and how delicate the data is that each reads."""

from __future__ import annotations

from dataclasses import dataclass

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.loader import load_contracts
from xiezhi.kernel.level import Level
from xiezhi.kernel.words import Words
from xiezhi.operations.config import CoreConfig
from xiezhi.rules.loader import Content, load_content
from xiezhi.rules.rule import Rule


@dataclass(frozen=True)
class RuleTold:
    """A rule in a few words. `classes`: the classifications of the delivered columns, identities apart; `identities`: the
    identity kinds among the columns it reads."""

    code: str
    version: int
    title: Words
    domain: str
    level: Level
    variants: dict[str, Words]
    classes: frozenset[str]
    identities: frozenset[str]


def tell_rules(config: CoreConfig) -> dict[str, RuleTold]:
    """By code, retired ones too: old hits keep their name."""
    content, contracts = load_content(config.content_roots), load_contracts(config.content_roots)
    return {code: _told(rule, content, contracts) for code, rule in sorted(content.rules.items())}


def _told(rule: Rule, content: Content, contracts: ContractCatalogue) -> RuleTold:
    tables = {table for name in rule.reads for table in content.facts[name].tables}
    fields = [field for contract in contracts for table in contract.tables if table.name in tables for field in table.fields]
    read = [content.facts[name].columns[column] for name, columns in rule.reads.items() for column in columns]
    return RuleTold(
        code=rule.code,
        version=rule.version,
        title=rule.title,
        domain=rule.domain,
        level=rule.level,
        variants={variant.code: variant.title for variant in rule.variants},
        classes=frozenset(str(field.classification) for field in fields if field.identity is None),
        identities=frozenset(column.identity for column in read if column.identity),
    )
