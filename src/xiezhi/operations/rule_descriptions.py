"""Every rule told whole for people: what it looks for and why, what it may be set to, what it stands on, how it is tested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import sqlglot

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.model import Table
from xiezhi.kernel.articles import article_words
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.hashing import plain
from xiezhi.kernel.level import Level
from xiezhi.kernel.words import Words
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import content_in_force, contracts_in_force
from xiezhi.rules.case_file import load_cases
from xiezhi.rules.loader import Content
from xiezhi.rules.norm import Norm
from xiezhi.rules.pages import Writer
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.render import hits_sql, population_sql
from xiezhi.rules.rule import Parameter, Rule, WordLists


@dataclass(frozen=True)
class ParameterDescription:
    """`shipped`: the value without a site's own, as JSON has it; `norm`: the id of the norm that states it, if one does."""

    name: str
    title: Words
    type: str
    shipped: Any
    low: Any
    high: Any
    choices: tuple[str, ...]
    origin: str
    norm: str


@dataclass(frozen=True)
class NormText:
    """The text on [since, until); `until` None: still in force."""

    since: date
    until: date | None
    text: Words


@dataclass(frozen=True)
class NormDescription:
    id: str
    title: Words
    article: Words
    authority: Words
    origin: str
    texts: tuple[NormText, ...]


@dataclass(frozen=True)
class VariantDescription:
    code: str
    level: Level
    title: Words
    otherwise: bool
    """It takes what the variants before it left."""


@dataclass(frozen=True)
class ExclusionDescription:
    code: str
    cause: Words
    handling: Words


@dataclass(frozen=True)
class FactRead:
    """A fact the rule reads: which of its columns, and the datasets it is made of."""

    name: str
    title: Words
    columns: tuple[Words, ...]


@dataclass(frozen=True)
class RuleDescription:
    """`query` is the author's SQL with its parameters by name. `cases`: how many there are.

    How delicate what it reads is: `classes`, the classifications of the delivered columns, identities apart; `identities`,
    the identity kinds among the columns it reads. `subject`: the kind of its hits' subject, and of which numbers it is one.
    """

    code: str
    id: str
    version: int
    digest: str
    title: Words
    summary: Words
    why_suspicious: Words
    verify: tuple[Words, ...]
    false_positives: tuple[Words, ...]
    quiet_when: tuple[Words, ...]
    exclusions: tuple[ExclusionDescription, ...]
    domain: str
    status: str
    level: Level
    owner: Words
    norms: tuple[NormDescription, ...]
    parameters: tuple[ParameterDescription, ...]
    population: Words
    by_month: bool
    variants: tuple[VariantDescription, ...]
    reads: tuple[FactRead, ...]
    datasets: frozenset[str]
    classes: frozenset[str]
    identities: frozenset[str]
    subject: tuple[str, str | None]
    states_amount: bool
    query: str
    cases: int

    def parameter(self, name: str) -> ParameterDescription | None:
        return next((one for one in self.parameters if one.name == name), None)


@dataclass(frozen=True)
class RuleWithValues:
    """What depends on the values: the conditions in words, and the SQL as it is sent to the engine."""

    conditions: tuple[Words, ...]
    hits: str
    population: str


@dataclass(frozen=True)
class CaseDescription:
    """A small world: the rule must find `expected` hits in it, or (`fires` False) nearly finds one and must not."""

    name: str
    fires: bool
    why: Words
    expected: int
    facts: tuple[tuple[str, int], ...]


def describe_rules(config: CoreConfig) -> dict[str, RuleDescription]:
    """By code, whatever their status."""
    content = content_in_force(config)
    contracts = contracts_in_force(config)
    return {code: _described(rule, content, contracts) for code, rule in sorted(content.rules.items())}


def describe_cases(config: CoreConfig, code: str) -> list[CaseDescription]:
    """The cases a rule is tested with, those that fire first. Raises UserError for an unknown code."""
    content = content_in_force(config)
    _rule(content, code)
    cases = [
        CaseDescription(
            case.name,
            case.fires,
            case.why,
            len(case.expect),
            tuple((fact, len(rows)) for fact, rows in sorted(case.given.items())),
        )
        for case in load_cases(content.folder(code))
    ]
    return sorted(cases, key=lambda case: not case.fires)


def describe_values(config: CoreConfig, code: str, overrides: Mapping[str, Any]) -> RuleWithValues:
    """Conditions and SQL with `overrides` over the shipped values. Raises UserError for a value out of bounds."""
    content = content_in_force(config)
    rule = _rule(content, code)
    values = parameter_values(rule, overrides, content.norms)
    zh, en = (Writer(rule, content, language, overrides) for language in ("zh", "en"))
    return RuleWithValues(
        conditions=tuple(Words(zh=zh.condition(item), en=en.condition(item)) for item in rule.conditions),
        hits=_pretty(hits_sql(rule, values)),
        population=_pretty(population_sql(rule, values)),
    )


def settle_values(config: CoreConfig, code: str, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Every parameter's value with `overrides` over the shipped ones, typed, as JSON has them. Raises UserError as above."""
    content = content_in_force(config)
    values = parameter_values(_rule(content, code), overrides, content.norms)
    return {name: _json(value) for name, value in values.items()}


def _described(rule: Rule, content: Content, contracts: ContractCatalogue) -> RuleDescription:
    read = {table for name in rule.reads for table in _tables(name, content)}
    delivered = [(contract, table) for contract in contracts for table in contract.tables if table.name in read]
    values = parameter_values(rule, {}, content.norms)
    zh, en = Writer(rule, content, "zh"), Writer(rule, content, "en")
    return RuleDescription(
        code=rule.code,
        id=str(rule.id),
        version=rule.version,
        digest=rule.digest,
        title=rule.title,
        summary=rule.summary,
        why_suspicious=rule.why_suspicious,
        verify=_points(rule.verify),
        false_positives=_points(rule.false_positives),
        quiet_when=tuple(rule.quiet_when),
        exclusions=tuple(
            ExclusionDescription(code, content.exclusions[code].cause, content.exclusions[code].handling)
            for code in rule.exclusions
            if code in content.exclusions
        ),
        domain=rule.domain,
        status=rule.status,
        level=rule.level,
        owner=rule.owner,
        norms=tuple(_norm(content.norms[name]) for name in rule.basis if name in content.norms),
        parameters=tuple(_parameter(name, item, values[name]) for name, item in rule.parameters.items()),
        population=Words(zh=zh.population(), en=en.population()),
        by_month=rule.population.month is not None,
        variants=tuple(
            VariantDescription(item.code, item.level, item.title, item.when.strip().lower() == "true") for item in rule.variants
        ),
        reads=tuple(_read(name, columns, content) for name, columns in rule.reads.items()),
        datasets=frozenset(contract.name for contract, _table in delivered),
        classes=frozenset(_classes(table for _contract, table in delivered)),
        identities=frozenset(chain.from_iterable(_identities(name, columns, content) for name, columns in rule.reads.items())),
        subject=(rule.hit.subject.kind, rule.hit.subject.number_kind),
        states_amount=rule.hit.amount is not None,
        query=rule.sql,
        cases=len(list((content.folder(rule.code) / "cases").glob("*.yaml"))),
    )


def _points(lists: WordLists) -> tuple[Words, ...]:
    return tuple(Words(zh=zh, en=en) for zh, en in zip(lists.zh, lists.en, strict=True))


def _norm(norm: Norm) -> NormDescription:
    texts = tuple(NormText(one.from_, one.to, one.text) for one in reversed(norm.versions))
    return NormDescription(norm.id, norm.title, article_words(norm.article), norm.authority, norm.tag, texts)


def _parameter(name: str, item: Parameter, value: Any) -> ParameterDescription:
    return ParameterDescription(
        name=name,
        title=Words(zh=item.zh, en=item.en),
        type=item.type,
        shipped=_json(value),
        low=_json(item.min),
        high=_json(item.max),
        choices=tuple(item.choices or ()),
        origin=item.basis,
        norm=item.norm_value.norm if item.norm_value else "",
    )


def _read(name: str, columns: list[str], content: Content) -> FactRead:
    fact = content.facts[name]
    titled = (fact.columns[column] for column in columns if column in fact.columns)
    return FactRead(name, fact.title, tuple(Words(zh=one.zh, en=one.en) for one in titled))


def _classes(tables: Iterable[Table]) -> set[str]:
    """The classifications of their columns, identities apart."""
    return {str(field.classification) for table in tables for field in table.fields if field.identity is None}


def _identities(name: str, columns: list[str], content: Content) -> set[str]:
    """The identity kinds among the columns read of a fact."""
    read = (content.facts[name].columns[column] for column in columns)
    return {column.identity for column in read if column.identity}


def _tables(name: str, content: Content) -> set[str]:
    """The lake tables a fact is made of, through the facts it reads."""
    fact = content.facts[name]
    return set(fact.tables).union(*(_tables(other, content) for other in fact.facts))


def _rule(content: Content, code: str) -> Rule:
    if code not in content.rules:
        raise UserError("XZ-RUN-02", zh=f"没有代码为 {code} 的模型", en=f"there is no rule with code {code}")
    return content.rules[code]


def _pretty(sql: str) -> str:
    return sqlglot.parse_one(sql, dialect="duckdb").sql(dialect="duckdb", pretty=True)


def _json(value: Any) -> Any:
    return (
        value
        if value is None or isinstance(value, int | str | list)
        else plain(value)
        if not isinstance(value, float)
        else str(value)
    )
