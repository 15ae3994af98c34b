"""What each column of a rule's candidates is, as facts, contracts and the rule itself declare it: how it is shown follows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.field import Field
from xiezhi.contracts.kinds import FieldKind, Unit
from xiezhi.kernel.errors import ContentError
from xiezhi.kernel.words import Words
from xiezhi.rules.binding import parse_select
from xiezhi.rules.fact import PROVENANCE, Fact
from xiezhi.rules.law_by_day import VALUE_TYPES, dated, table_types, versions_table
from xiezhi.rules.measures import CURRENCY, FEN, MINOR, MONTH, SHARE, Declared, Measure, output_measures
from xiezhi.rules.peers import peer_columns, peers_of
from xiezhi.rules.rule import Rule

Measures = Mapping[str, Measure]
"""Candidate column → what it is."""


FIELD = re.compile(r"\{(\w+)(?::(\w+))?\}")
"""A value in a sentence, and the style it is shown in."""


COUNTED: dict[Unit, str] = {Unit.PERCENT: "%", Unit.KILOGRAM: "kg"}
PER = {"公斤": "kg"}
"""Units of contracts in the words of facts."""


def candidate_measures(rule: Rule, facts: Mapping[str, Fact], contracts: ContractCatalogue | None = None) -> Measures:
    """Of every column of the rule's candidates. Without `contracts` units that only a contract declares are not known."""
    return _of_rule(rule, tuple(facts.values()), contracts)


@lru_cache(maxsize=256)
def _of_rule(rule: Rule, every: tuple[Fact, ...], contracts: ContractCatalogue | None) -> Measures:
    facts = {fact.name: fact for fact in every}
    declared = {name: _of_fact(facts[name], facts, contracts) for name in rule.reads if name in facts}
    schema = {name: facts[name].types for name in declared} | table_types(rule)
    for name in dated(rule):
        unit = FEN if rule.parameters[name].type == "money" else None
        declared[versions_table(name)] = {"value": Measure(VALUE_TYPES.get(rule.parameters[name].type, "VARCHAR"), unit)}
    try:
        found = output_measures(parse_select(rule.sql), schema, declared)
    except ContentError:  # a copy of content that today's reader cannot resolve: values are shown as they are
        return {}
    if rule.hit.amount in found:
        found[rule.hit.amount] = replace(found[rule.hit.amount], unit=FEN)
    found |= _as_compared(rule, found)  # before the styles: a price and the median beside it are both by the kilogram
    for name, style in styles(rule.hit.sentence).items():
        if name in found and found[name].unit is None:
            found[name] = _as_styled(found[name], style)
    return {**found, **_as_compared(rule, found)}


def _as_compared(rule: Rule, found: Measures) -> dict[str, Measure]:
    """A value and what it is compared with are counted in one unit: where one of them has it, all have."""
    peers = peers_of(rule)
    names = [name for name in peer_columns(peers) if peers and name != peers.count and name in found]
    unit = next((found[name].unit for name in names if found[name].unit), None)
    return {name: replace(found[name], unit=unit) for name in names if found[name].unit is None}


def _as_styled(measure: Measure, style: str) -> Measure:
    """What a style says of its column, where nothing else does."""
    if style == "month":
        return replace(measure, type=MONTH)
    return replace(measure, unit={"money": FEN, "percent": SHARE}.get(style))


def styles(sentence: Words) -> dict[str, str]:
    """Column → the style that the rule's sentence shows it in."""
    return {match[1]: match[2] for match in FIELD.finditer(sentence.zh + sentence.en) if match[2]}


def _of_fact(fact: Fact, facts: Mapping[str, Fact], contracts: ContractCatalogue | None) -> Measures:
    """As the fact declares its columns; where it names no unit, as the delivered column it was made of does."""
    return _declared_by(fact, tuple(facts.values()), contracts)


@lru_cache(maxsize=256)
def _declared_by(fact: Fact, every: tuple[Fact, ...], contracts: ContractCatalogue | None) -> Measures:
    """Once for all rules that read the fact: typing the columns of its SQL takes a tenth of a second."""
    facts = {one.name: one for one in every}
    own = {name: Measure(one.type, one.unit, Words(zh=one.zh, en=one.en), one.identity) for name, one in fact.columns.items()}
    if contracts is None or all(one.unit for one in own.values()):
        return own
    below = {other: _of_fact(facts[other], facts, contracts) for other in fact.facts if other in facts}
    tables = {table: fields for table in fact.tables if (fields := _fields(contracts, table))}
    declared: Declared = below | {table: _of_table(fields) for table, fields in tables.items()}
    schema = {other: facts[other].types for other in below} | {
        table: {column: kind for field in fields.values() for column, kind in field.lake_columns().items()} | PROVENANCE
        for table, fields in tables.items()
    }
    try:
        found = output_measures(parse_select(fact.sql), schema, declared)
    except ContentError:
        return own
    return {
        name: one if one.unit else replace(one, unit=found[name].unit if name in found else None) for name, one in own.items()
    }


def _of_table(fields: Mapping[str, Field]) -> dict[str, Measure]:
    currencies = {name for field in fields.values() if (name := currency_of(field, fields))}
    own = {name: measure_of(field) for name, field in fields.items()}
    return {name: replace(one, unit=CURRENCY) if name in currencies else one for name, one in own.items()}


def measure_of(field: Field) -> Measure:
    """What the lake column of a delivered field is."""
    kind = MONTH if field.kind is FieldKind.MONTH else field.lake_type
    return Measure(kind, _unit(field), field.title, field.identity)


def _unit(field: Field) -> str | None:
    """Money is kept in fen whatever unit was delivered; of a currency named beside it in hundredths of its main unit."""
    if field.kind is not FieldKind.MONEY:
        return COUNTED.get(field.unit) if field.unit else None
    below = f"/{PER.get(field.per, field.per)}" if field.per else ""
    return (MINOR if field.unit is Unit.MAJOR else FEN) + below


def currency_of(field: Field, fields: Mapping[str, Field]) -> str | None:
    """The column that names the currency of an amount in main units: `value.currency` beside `value.amount` in the delivery."""
    if field.kind is not FieldKind.MONEY or field.unit is not Unit.MAJOR:
        return None
    holder, dot, _amount = (field.physical_name or "").rpartition(".")
    wanted = f"{holder}{dot}currency"
    return next((name for name, other in fields.items() if other.physical_name == wanted), None)


def _fields(contracts: ContractCatalogue, table: str) -> dict[str, Field]:
    return {
        field.name: field for contract in contracts for held in contract.tables if held.name == table for field in held.fields
    }
