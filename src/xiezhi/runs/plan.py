"""What a run will do, fixed before it starts: snapshot, rules, parameters, facts. Its digest decides whether to resume."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from xiezhi.kernel.errors import UserError
from xiezhi.kernel.hashing import digest
from xiezhi.lake.snapshot import Snapshot
from xiezhi.rules.fact import Fact
from xiezhi.rules.facts import facts_in_order
from xiezhi.rules.loader import Content
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.reach import refuse_what_reaches
from xiezhi.rules.rule import Rule

RUNNING = ("trial", "live")


@dataclass(frozen=True)
class RunPlan:
    """`unsound`: rule code → why it cannot be run, whatever the data. `missing`: rule code → facts of which this snapshot has no
    data; `facts`: those that can be built and are needed, each after what it reads, and without rows those that have no data and
    whose absence changes nothing, as some rule says."""

    snapshot: Snapshot
    rules: tuple[Rule, ...]
    parameters: dict[str, dict[str, Any]]
    facts: tuple[Fact, ...]
    missing: dict[str, list[str]]
    engine: str
    unsound: dict[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Equal for two plans that must give the same hits."""
        rules = {rule.code: (rule.version, rule.digest, self.parameters[rule.code]) for rule in self.rules}
        return digest([self.snapshot.id, rules, [(fact.name, fact.digest) for fact in self.facts], self.engine])

    @property
    def computable(self) -> list[Rule]:
        return [rule for rule in self.rules if rule.code not in self.missing and rule.code not in self.unsound]


def make_plan(
    content: Content,
    snapshot: Snapshot,
    *,
    codes: Sequence[str] = (),
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    engine: str = "duckdb",
) -> RunPlan:
    """The plan for `codes` (all trial and live rules where empty) on a snapshot.

    A rule that names what is not there is broken, and keeps no other from running. Raises UserError for an unknown code.
    """
    rules = list(_chosen(content, codes, overrides or ()))
    parameters = {rule.code: parameter_values(rule, (overrides or {}).get(rule.code, {}), content.norms) for rule in rules}
    plan = plan_of(rules, content.facts, parameters, snapshot, engine)
    return replace(plan, unsound={rule.code: problem for rule in rules if (problem := _unsound(rule, content.facts))})


def plan_of(
    rules: Sequence[Rule],
    facts: Mapping[str, Fact],
    parameters: dict[str, dict[str, Any]],
    snapshot: Snapshot,
    engine: str = "duckdb",
) -> RunPlan:
    """The plan for exactly these rules, facts and parameter values: what a replay needs.

    Raises ContentError where one of them reaches beyond the data it declares.
    """
    absent = {name: _absent(name, facts, snapshot) for name in facts}
    missing = {
        rule.code: sorted(name for name in facts_of(rule) if absent.get(name) and not spared(rule, name)) for rule in rules
    }
    empty = {name for rule in rules for name in facts_of(rule) if absent.get(name) and spared(rule, name)}
    buildable = {name for rule in rules for name in facts_of(rule) if name in facts and not _never_came(name, facts, snapshot)}
    known = {name: fact.emptied() if name in empty else fact for name, fact in facts.items()}
    wanted = tuple(facts_in_order(known, buildable | empty))
    refuse_what_reaches(rules, wanted, excusable=engine == "duckdb")
    return RunPlan(snapshot, tuple(rules), parameters, wanted, {code: names for code, names in missing.items() if names}, engine)


def facts_of(rule: Rule) -> set[str]:
    """Every fact the rule touches."""
    narrowed = {how.with_.fact for how in rule.narrow.values() if how.with_ is not None}
    return {*rule.reads, *rule.population.facts, *(item.fact for item in rule.evidence), *narrowed}


def _unsound(rule: Rule, facts: Mapping[str, Fact]) -> str:
    """What the rule names that is not there; empty where all is.

    A fact that nobody wrote is not one without data: the rule could never be computed. A column that its population has not
    would end the whole run in the coverage.
    """
    unknown = sorted(facts_of(rule) - facts.keys()) or sorted(_counted_by(rule) - facts[rule.population.fact].columns.keys())
    return f"facts or columns that are not there: {', '.join(unknown)}" if unknown else ""


def _counted_by(rule: Rule) -> set[str]:
    """The columns of its population by which coverage counts and looks up."""
    population = rule.population
    named = {population.unit, *population.needs}
    named |= {column for column in (population.month, population.place) if column}
    for by in (*(find.by for find in population.finds), *(horizon.by for horizon in population.horizon.values())):
        named |= set(by.values())
    for held in population.norms.values():
        named |= {column for column in (held.day, held.place) if column}
    if population.compared:
        named |= {*population.compared.by, population.compared.count}
    if rule.in_force:
        named |= {rule.in_force.day}
    return named | {column for one in population.candidates for column in one}


def spared(rule: Rule, fact: str) -> bool:
    """Whether the rule says that the fact's absence does not change what can be judged."""
    return fact in rule.population.unaffected and fact not in rule.population.facts


def _chosen(content: Content, codes: Sequence[str], set_for: Iterable[str]) -> Iterable[Rule]:
    for code in (*codes, *set_for):
        if code not in content.rules:
            raise UserError(
                "XZ-RUN-02",
                zh=f"没有代码为 {code} 的模型",
                en=f"there is no rule with code {code}",
                todo_zh="用 xiezhi rules list 查看全部代码",
                todo_en="see all codes with: xiezhi rules list",
            )
    wanted = set(codes)
    return (rule for code, rule in sorted(content.rules.items()) if (code in wanted if wanted else rule.status in RUNNING))


def _absent(name: str, facts: Mapping[str, Fact], snapshot: Snapshot) -> list[str]:
    """The tables without data that a fact needs: those that never came to it or a fact it reads, and its principal without a row.

    An empty table is no data: an OCDS file without a single award has a table of awards all the same. Of the other tables of a
    fact only columns are made, and a rule says by its `needs` what follows where these are empty.
    """
    principal = facts[name].principal
    return [*_never_came(name, facts, snapshot), *([principal] if _empty(principal, snapshot) else [])]


def _never_came(name: str, facts: Mapping[str, Fact], snapshot: Snapshot) -> list[str]:
    """The tables that a fact, or a fact it reads, cannot be built without."""
    return [table for fact in facts_in_order(facts, [name]) for table in fact.tables if table not in snapshot.tables]


def _empty(table: str, snapshot: Snapshot) -> bool:
    return table in snapshot.tables and not snapshot.tables[table].rows
