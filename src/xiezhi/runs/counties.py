"""Counties of whose people a fact speaks of nobody, though it speaks of people everywhere else: what it holds never came.

A register of deaths that one county did not deliver looks like a county in which nobody died. Whether that can be chance is a
matter of numbers: as many of its people are expected in the fact as its share of all people, if they were spoken of as often as
those of the counties of which somebody is.
"""

from __future__ import annotations

from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.rules.rule import Everywhere
from xiezhi.runs.horizon import CERTAIN

COUNTY = 10**6
"""A region code of twelve digits without those below the county."""


def silent_counties(engine: DuckDB, asked: Everywhere, among: str) -> list[int]:
    """County codes of six digits, in order. `among`: the fact that says who lives where, unless `asked` names another."""
    residents, county = quoted(asked.among or among), f"w.{quoted(asked.place)} // {COUNTY}"
    spoken_of = f"SELECT DISTINCT {', '.join(map(quoted, asked.by))}, true AS _there FROM {quoted(asked.fact)}"
    whom = ", ".join(f"w.{quoted(column)}" for column in asked.by.values())
    on = " AND ".join(f"f.{quoted(theirs)} = w.{quoted(ours)}" for theirs, ours in asked.by.items())
    each = f"SELECT DISTINCT {county} AS county, {whom}, f._there FROM {residents} AS w LEFT JOIN ({spoken_of}) AS f ON {on}"
    people = engine.rows(
        f"SELECT county, count(*) AS people, count(_there) AS spoken_of FROM ({each})"
        " WHERE county IS NOT NULL GROUP BY county ORDER BY county"
    )
    told = [row for row in people if row["spoken_of"]]
    if not told:
        return []
    share = sum(row["spoken_of"] for row in told) / sum(row["people"] for row in told)
    return [int(row["county"]) for row in people if not row["spoken_of"] and row["people"] * share >= CERTAIN]
