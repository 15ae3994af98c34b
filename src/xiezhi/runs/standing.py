"""The rows a hit stands on: which delivered rows of which facts, found by the evidence queries a rule declares.

Computed in sets for all hits of a rule at once, while the facts are still at hand; kept as (fingerprint, fact, delivery,
row), so that evidence opens years later without asking the rule again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xiezhi.engines.duckdb_engine import quoted
from xiezhi.rules.law_by_day import evidence_in_force
from xiezhi.rules.render import bind_expression
from xiezhi.rules.rule import EvidenceQuery, Rule
from xiezhi.runs.hit import fingerprint_sql

NOTHING = (
    "SELECT CAST(NULL AS VARCHAR) AS fingerprint, CAST(NULL AS VARCHAR) AS fact, "
    "CAST(NULL AS INTEGER) AS delivery, CAST(NULL AS BIGINT) AS row WHERE false"
)


def standing_select(rule: Rule, found: str, targets: Mapping[str, str], values: Mapping[str, Any]) -> str:
    """SQL of the standing rows of all hits in the table `found`. `targets`: facts that were reduced for this rule."""
    if not rule.evidence:
        return NOTHING
    asked = " UNION ".join(_one(rule, item, found, _source(rule, item, targets), values) for item in rule.evidence)
    return f"SELECT * FROM ({asked}) WHERE delivery IS NOT NULL"


def _one(rule: Rule, item: EvidenceQuery, found: str, source: str, values: Mapping[str, Any]) -> str:
    joined = " AND ".join(f"f.{quoted(fact)} = h.{quoted(candidate)}" for fact, candidate in item.by.items())
    where = f" AND ({bind_expression(item.where, values)})" if item.where else ""
    where += evidence_in_force(rule, item.fact)
    return (
        f"SELECT h.fingerprint, '{item.fact}' AS fact, f._delivery AS delivery, f._row AS row "
        f"FROM (SELECT *, {fingerprint_sql(rule)} AS fingerprint FROM {found}) AS h "
        f"JOIN {quoted(source)} AS f ON {joined}{where}"
    )


def _source(rule: Rule, item: EvidenceQuery, targets: Mapping[str, str]) -> str:
    """The reduced fact where it still holds every row this query can ask for, else the whole one."""
    reduced = targets.get(item.fact)
    if reduced is None:
        return item.fact
    how = rule.narrow[item.fact]
    kept = {how.with_.on} if how.with_ is not None else set(how.repeats)
    return reduced if kept <= set(item.by) else item.fact
