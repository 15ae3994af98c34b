"""What facts would have had of the rows that were set aside at intake: the same SQL over those rows.

A row that came and could not be accepted is part of whom a rule could have concerned; left out, a file of which half went
back would give a coverage of 100 %. Where the rule holds its population against such rows (payments against deaths), those of
whom they speak cannot be judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xiezhi.engines.duckdb_engine import DuckDB, quoted, scan_sql
from xiezhi.kernel.tables import SET_ASIDE, TableRef
from xiezhi.rules.fact import Fact
from xiezhi.rules.facts import facts_in_order
from xiezhi.rules.lake_sql import LAKE, retarget
from xiezhi.rules.rule import Rule
from xiezhi.runs.facts import columns_named

TELLING = frozenset({"citizen_id", "credit_code", "party_id"})
"""Identities that say whom a row speaks of; names and accounts do not."""


@dataclass(frozen=True)
class HeldAgainst:
    """Rows set aside of what a rule holds its population against: whose column `theirs` equals `ours` is not judged."""

    rows: str
    ours: str
    theirs: str


def held_against(rule: Rule, facts: Mapping[str, Fact], tables: Mapping[str, TableRef]) -> list[HeldAgainst]:
    """The tables behind the facts beside its population of which rows were set aside, by the identities both have.

    Of a rule that can be computed. The rows as they came are asked, not the fact over them: one without a readable date of death
    is in no fact. A fact that the rule says its population is unaffected by is left out, and so is a column of the population
    that the rule itself does not name: it is linked to nothing by it.
    """
    population, found = facts[rule.population.fact], []
    named = columns_named(rule, population)
    for name in rule.reads:
        if name not in facts or name == population.name or name in rule.population.unaffected:
            continue
        aside = tables.get(facts[name].principal + SET_ASIDE)
        if aside is not None and aside.rows:
            found += [
                HeldAgainst(scan_sql(aside), ours, theirs)
                for ours, theirs in _shared(population, facts[name])
                if ours in named and theirs in aside.columns
            ]
    return found


def _shared(population: Fact, other: Fact) -> Iterable[tuple[str, str]]:
    """Columns of both facts that name the same kind of body: of the other its subject, or one of the same name."""
    for ours, column in population.columns.items():
        for theirs, held in other.columns.items():
            if column.identity in TELLING and held.identity == column.identity and theirs in (ours, other.subject):
                yield ours, theirs


def build_set_aside(
    engine: DuckDB, rules: Iterable[Rule], facts: Mapping[str, Fact], tables: Mapping[str, TableRef]
) -> dict[str, str]:
    """Views of the facts that rules count, over rows set aside: fact → view. Only of facts whose principal table has any."""
    views: dict[str, str] = {}
    for name in sorted({rule.population.fact for rule in rules} & set(facts)):
        aside = tables.get(facts[name].principal + SET_ASIDE)
        if aside is not None and aside.rows:
            views[name] = _shadow(engine, facts, name, aside)
    return views


def _shadow(engine: DuckDB, facts: Mapping[str, Fact], name: str, aside: TableRef) -> str:
    """The fact and those it reads, each with the principal table's rows set aside in place of those accepted."""
    principal = facts[name].principal
    made: dict[str, str] = {}
    for fact in facts_in_order(facts, [name]):
        if principal not in fact.tables and not set(fact.facts) & set(made):
            continue
        view = f"{fact.name}{SET_ASIDE}_of_{name}"
        places = {table: (LAKE, aside.name if table == principal else table) for table in fact.tables}
        places |= {other: ("", made[other]) for other in fact.facts if other in made}
        engine.run(f"CREATE OR REPLACE VIEW {quoted(view)} AS {retarget(fact.sql, places)}")
        made[fact.name] = view
    return made[name]
