"""Leave out, before a rule runs, the rows of a big fact that cannot matter to it.

A rule may declare two reductions of a fact (`narrow` in rule.yaml); both keep a superset of what the rule needs, so its
result is the same with and without (the rule's cases prove it, both ways):

- `with: {fact: death, on: person}`: only rows whose `person` also occurs in the fact `death`. All rules that reduce the
  same fact share ONE scan and one reduced table: the union of what any of them needs.
- `repeats: [person, item]`: only rows whose key occurs at least twice. Grouping ten million rows by hash table costs
  a second; sorting ten million 64-bit hashes of the key costs a tenth of one. A collision only keeps a row too many.

Beside either, `keep: amount < 0` names rows that are kept in any case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa

from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.rules.render import bind_expression
from xiezhi.rules.rule import Narrow, Rule

HASHES_AT_ONCE = 25_000_000
"""200 MB of hashes are sorted at a time; a larger fact is done in residue classes, one pass each."""

SMALL_FACT = 20_000
"""Below this many rows a reduction costs more than it saves."""


def narrow_facts(engine: DuckDB, rules: Iterable[Rule], rows: Mapping[str, int]) -> dict[str, dict[str, str]]:
    """Build the reduced tables; returns rule code → {fact: reduced table} for the facts that were worth reducing."""
    users: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        for fact in rule.narrow:
            if rows.get(fact, 0) >= SMALL_FACT:
                users[fact].append(rule)
    targets: dict[str, dict[str, str]] = defaultdict(dict)
    for fact, narrowing in users.items():
        table = f"{fact}__narrowed"
        _reduce(engine, fact, table, [rule.narrow[fact] for rule in narrowing], rows[fact])
        for rule in narrowing:
            targets[rule.code][fact] = table
    return dict(targets)


def _reduce(engine: DuckDB, fact: str, table: str, ways: list[Narrow], rows: int) -> None:
    """One scan of `fact` that keeps a row if any of the rules could need it."""
    interest: dict[str, set[str]] = defaultdict(set)
    keys: set[tuple[str, ...]] = set()
    always = sorted({f"({bind_expression(how.keep, {})})" for how in ways if how.keep})
    for how in ways:
        if how.with_ is not None:
            interest[how.with_.on].add(how.with_.fact)
        else:
            keys.add(tuple(how.repeats))
    kept = [*always, *(_named_elsewhere(on, others) for on, others in sorted(interest.items()))]
    for place, key in enumerate(sorted(keys)):
        hashed = f"hash({', '.join(quoted(column) for column in key)})"
        engine.register(f"_repeated_{place}", pa.table({"h": repeated_hashes(engine, fact, hashed, rows)}))
        kept.append(f"{hashed} IN (SELECT h FROM _repeated_{place})")
    engine.run(f"CREATE OR REPLACE TABLE {quoted(table)} AS SELECT * FROM {quoted(fact)} WHERE {' OR '.join(kept)}")
    for place in range(len(keys)):
        engine.unregister(f"_repeated_{place}")


def _named_elsewhere(on: str, others: set[str]) -> str:
    """The row's `on` occurs in one of the facts `others`."""
    column = quoted(on)
    union = " UNION ".join(f"SELECT {column} FROM {quoted(other)} WHERE {column} IS NOT NULL" for other in sorted(others))
    return f"{column} IN ({union})"


def repeated_hashes(engine: DuckDB, fact: str, hashed: str, rows: int) -> np.ndarray:
    """The 64-bit hashes that occur at least twice in `fact`, in bounded memory. Shape (n,), uint64."""
    passes = rows // HASHES_AT_ONCE + 1
    found = []
    for residue in range(passes):
        where = f" WHERE {hashed} % {passes} = {residue}" if passes > 1 else ""
        hashes = engine.query(f"SELECT {hashed} AS h FROM {quoted(fact)}{where}").column("h").to_numpy()
        hashes = np.sort(hashes)
        found.append(np.unique(hashes[1:][hashes[1:] == hashes[:-1]]))
    return np.concatenate(found)
