"""What the conditions of a rule give today for what they once held for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.engines.duckdb_engine import DuckDB, EngineError, quoted
from xiezhi.evidence.conditions import ConditionShown, conditions_of
from xiezhi.evidence.measured import candidate_measures
from xiezhi.kernel.words import Words
from xiezhi.lake.snapshot import Snapshot
from xiezhi.rules.fact import Fact
from xiezhi.rules.lake_sql import lake_sql
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.render import diagnosis_sql
from xiezhi.rules.rule import Rule
from xiezhi.runs.facts import open_lake
from xiezhi.runs.hit import Hit
from xiezhi.runs.plan import plan_of

NO_CANDIDATE = Words(
    zh="按现在的数据和模型，已没有这一情形可供判断", en="with today's data and rule there is no such case to judge any more"
)


def open_facts(engine: DuckDB, snapshot: Snapshot, past: Snapshot, facts: Mapping[str, Fact], rule: Rule) -> None:
    """A view per fact that the rule touches and the snapshot can give; the tables of the `past` one can be read, too."""
    plan = plan_of([rule], facts, {rule.code: {}}, snapshot)
    before = [file for table in past.tables.values() for file in table.files]
    open_lake(engine, snapshot.tables, facts.values(), beside=before)
    for fact in plan.facts:
        engine.run(f"CREATE OR REPLACE VIEW {quoted(fact.name)} AS {lake_sql(fact)}")


def rejudged(
    engine: DuckDB,
    rule: Rule,
    parameters: Mapping[str, Any],
    facts: Mapping[str, Fact],
    contracts: ContractCatalogue,
    gone: Sequence[Hit],
) -> dict[str, Words]:
    """Fingerprint → the conditions that fail now, with the value before and now; NO_CANDIDATE where nothing is left to judge.

    Empty where the rule cannot be evaluated on these facts.
    """
    values = parameter_values(rule, parameters)
    keys = {hit.fingerprint: [_text(hit.candidate.get(name)) for name in rule.hit.key] for hit in gone}
    columns = {f"k{place}": pa.array([key[place] for key in keys.values()], pa.string()) for place in range(len(rule.hit.key))}
    engine.register("_gone_keys", pa.table(columns | {"fingerprint": pa.array(list(keys), pa.string())}))
    joined = " AND ".join(
        f"CAST(d.{quoted(name)} AS VARCHAR) IS NOT DISTINCT FROM g.k{place}" for place, name in enumerate(rule.hit.key)
    )
    try:
        found = engine.rows(
            f"SELECT g.fingerprint AS _of, d.* FROM ({diagnosis_sql(rule, values)}) AS d JOIN _gone_keys AS g ON {joined}"
        )
    except EngineError:
        return {}
    measures = candidate_measures(rule, facts, contracts)
    now = {row["_of"]: conditions_of(rule, row, values, measures) for row in found}
    told: dict[str, Words] = {}
    for hit in gone:
        if hit.fingerprint not in now:
            told[hit.fingerprint] = NO_CANDIDATE
            continue
        was = {one.name: one for one in conditions_of(rule, hit.candidate, values, measures)}
        failing = [_said(was[one.name], one) for one in now[hit.fingerprint] if one.holds is not True]
        if failing:
            told[hit.fingerprint] = Words(zh="；".join(one.zh for one in failing), en="; ".join(one.en for one in failing))
    return told


def _said(was: ConditionShown, now: ConditionShown) -> Words:
    """A condition that holds no longer, or of which nothing is known any more."""
    if now.holds is None:
        return Words(zh=f"“{now.words.zh}”现在无法判断", en=f'"{now.words.en}" cannot be judged now')
    if now.statement:
        return Words(zh=f"“{now.words.zh}”已不成立", en=f'"{now.words.en}" no longer holds')
    sign = {"≥": "<", ">": "≤", "≤": ">", "<": "≥", "=": "≠", "≠": "="}[now.sign]
    before = was.value_shown
    if before == now.value_shown:  # the bound is another by now
        return Words(
            zh=f"“{now.words.zh}”为 {before.zh}，{sign} {now.bound_shown.zh}，不再成立",
            en=f'"{now.words.en}" is {before.en}, {sign} {now.bound_shown.en}: it no longer holds',
        )
    return Words(
        zh=f"“{now.words.zh}”由 {before.zh} 变为 {now.value_shown.zh}，{sign} {now.bound_shown.zh}，不再成立",
        en=f'"{now.words.en}" went from {before.en} to {now.value_shown.en}, {sign} {now.bound_shown.en}: it no longer holds',
    )


def _text(value: Any) -> str | None:
    """As the engine would cast it: JSON made texts of days already."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
