"""Why is this subject flagged by a rule, or why not: which condition failed and by how much, or what could not be judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.evidence.conditions import ConditionShown, conditions_of
from xiezhi.evidence.figures import title_of
from xiezhi.evidence.measured import Measures, candidate_measures
from xiezhi.evidence.parties import candidate_parties
from xiezhi.evidence.sentence import sentence
from xiezhi.evidence.shown import as_decimal, shown
from xiezhi.evidence.unjudged import unjudged
from xiezhi.kernel.words import Words
from xiezhi.lake.snapshot import Snapshot
from xiezhi.rules.fact import Fact
from xiezhi.rules.lake_sql import lake_sql
from xiezhi.rules.measures import Measure
from xiezhi.rules.render import diagnosis_sql
from xiezhi.rules.rule import Rule
from xiezhi.runs.facts import open_lake
from xiezhi.runs.plan import plan_of

Answer = Literal["flagged", "not_flagged", "nothing_to_judge", "not_computable"]


@dataclass(frozen=True)
class Candidate:
    """One candidate of the rule about the subject, with every condition. `nearest`: the failing one closest to turning.

    `parties`: everybody among its values ("citizen_id:139"), sorted. `managing_level`: as the rule tells it, else 0.
    """

    key: dict[str, Any]
    key_shown: list[tuple[Words, Words]]
    conditions: list[ConditionShown]
    sentence: Words | None
    nearest: ConditionShown | None
    parties: tuple[str, ...] = ()
    managing_level: int = 0


@dataclass
class Why:
    """The answer for one subject and rule. `recorded`: rows about the subject per fact that could name it. `unjudged`: reason →
    rows of the rule's population about it that could not be judged; asked unless it is flagged. None where nobody can tell."""

    answer: Answer
    candidates: list[Candidate] = field(default_factory=list)
    recorded: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    unjudged: dict[str, int] | None = field(default_factory=dict)


def why(
    rule: Rule,
    values: Mapping[str, Any],
    facts: Mapping[str, Fact],
    snapshot: Snapshot,
    subject: int | str,
    memory: str,
    contracts: ContractCatalogue | None = None,
) -> Why:
    """Ask the newest snapshot about one subject (a vault number, or a plain text such as a lot number).

    Without `contracts` amounts in other currencies than yuan are shown as mere numbers.
    """
    plan = plan_of([rule], facts, {rule.code: dict(values)}, snapshot)
    if missing := plan.missing.get(rule.code):
        return Why("not_computable", missing=missing)
    with DuckDB(memory=memory) as engine:
        open_lake(engine, snapshot.tables, facts.values())
        for fact in plan.facts:
            engine.run(f"CREATE VIEW {quoted(fact.name)} AS {lake_sql(fact)}")
        column = rule.hit.subject.column
        found = engine.rows(
            f"SELECT * FROM ({diagnosis_sql(rule, values)}) WHERE {quoted(column)} = $subject", {"subject": subject}
        )
        recorded = _recorded(engine, rule, facts, subject)
        measures = candidate_measures(rule, facts, contracts)
        candidates = [_candidate(rule, row, values, measures) for row in found]
        left = {} if _answer(candidates, {}) == "flagged" else unjudged(engine, rule, values, facts, subject)
    return Why(_answer(candidates, left), candidates, recorded, unjudged=left)


def _answer(candidates: list[Candidate], left: Mapping[str, int] | None) -> Answer:
    """Nothing to judge is said only where nothing is known to have been left unjudged."""
    if not candidates:
        return "not_computable" if left else "nothing_to_judge"
    if any(all(condition.holds for condition in candidate.conditions) for candidate in candidates):
        return "flagged"
    undecided = any(all(condition.holds is not False for condition in candidate.conditions) for candidate in candidates)
    return "not_computable" if undecided else "not_flagged"


def _candidate(rule: Rule, row: dict[str, Any], values: Mapping[str, Any], measures: Measures) -> Candidate:
    conditions = conditions_of(rule, row, values, measures)
    failing = [condition for condition in conditions if condition.holds is False]
    measured = sorted(failing, key=_share_apart)
    return Candidate(
        key={name: row[name] for name in rule.hit.key},
        key_shown=[
            (title_of(rule, name, _measure(measures, name)), _key(row[name], _measure(measures, name))) for name in rule.hit.key
        ],
        conditions=conditions,
        sentence=None if failing else sentence(rule, row, measures),
        nearest=measured[0] if measured else None,
        parties=tuple(sorted(candidate_parties(row, measures))),
        managing_level=int(row.get("managing_level") or 0),
    )


def _measure(measures: Measures, name: str) -> Measure:
    return measures.get(name, Measure())


def _key(value: Any, measure: Measure) -> Words:
    return Words(zh=f"#{value}", en=f"#{value}") if measure.identity else shown(value, measure)


def _share_apart(condition: ConditionShown) -> float:
    """How far from turning, by the bound: fen and months cannot be compared as they stand."""
    if condition.distance is None:
        return float("inf")
    bound = as_decimal(condition.bound)
    return abs(condition.distance) / float(abs(bound)) if bound else abs(condition.distance)


def _recorded(engine: DuckDB, rule: Rule, facts: Mapping[str, Fact], subject: int | str) -> dict[str, int]:
    """Rows about the subject in each fact that has a column of the subject's name."""
    column = rule.hit.subject.column
    return {
        name: int(engine.value(f"SELECT count(*) FROM {quoted(name)} WHERE {quoted(column)} = $subject", {"subject": subject}))
        for name in rule.reads
        if column in facts[name].columns
    }
