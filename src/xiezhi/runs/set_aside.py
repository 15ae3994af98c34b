"""What facts would have had of the rows that were set aside at intake: the same SQL over those rows.

A row that came and could not be accepted is part of whom a rule could have concerned; left out, a file of which half went
back would give a coverage of 100 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.kernel.tables import SET_ASIDE, TableRef
from xiezhi.rules.fact import Fact
from xiezhi.rules.facts import facts_in_order
from xiezhi.rules.lake_sql import LAKE, retarget
from xiezhi.rules.rule import Rule
from xiezhi.runs.facts import completed_scan, optional_columns


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
    scan = completed_scan(aside, optional_columns(facts.values()))
    engine.run(f"CREATE OR REPLACE VIEW {LAKE}.{quoted(aside.name)} AS {scan}")
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
