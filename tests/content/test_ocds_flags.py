"""The eleven OCDS flags: their cases, and their SQL against a plain Python reading of the same definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.content.ocds_oracle import FLAGS, quantile
from tests.content.ocds_world import open_lake, random_lake
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.rules.case_file import load_cases
from xiezhi.rules.cases import run_cases
from xiezhi.rules.loader import load_content
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.render import candidates_sql, hits_sql

CONTENT = load_content([Path(__file__).parents[2] / "content"])

CARDINAL: dict[str, dict[str, Any]] = {
    "R003": {"methods": ["*"], "earliest_days": -100000},
    "R018": {"tenderers_from": "field"},
    "R024": {"smallest_price": 0, "smallest_group": 1, "no_spread": "flag"},
    "R025": {"smallest_group": 1, "no_spread": "flag"},
    "R028": {"smallest_price": 0},
    "R030": {"day_deadline": "instant", "earlier_bid": "ignored"},
    "R035": {"unnamed_allowed": 1000000},
    "R036": {"price_only": "ignored", "ties": "any", "smallest_price": 0},
    "R038": {"minimum_counts": "bids", "smallest_group": 1, "no_spread": "flag"},
    "R048": {"schemes": "together", "text_codes": "prefix", "smallest_group": 1, "no_spread": "flag"},
    "R058": {"smallest_price": 0, "smallest_group": 1, "no_spread": "flag"},
}
"""The values that reproduce Cardinal's definitions (docs/reference/ocds-flags.md), with skip_statuses: [cancelled]."""

LOOSE: dict[str, dict[str, Any]] = {
    "R003": {"days_by_method": "open=16|Quotation=4|selective=8", "skip_methods": ["Open Tender"]},
    "R018": {"tenderers_from": "bids", "methods": ["open", "direct"]},
    "R024": {"fixed_fence": 0.05, "currency": "CNY"},
    "R025": {"fixed_fence": 0.3, "percentile": 40},
    "R028": {"only_methods": ["Quotation"]},
    "R030": {"grace_minutes": 15},
    "R035": {"min_others": 2},
    "R036": {"price_only": "required", "ties": "all", "currency": "CNY"},
    "R038": {"fixed_fence": 0.4, "minimum_bids": 4, "minimum_processes": 4},
    "R048": {"minimum_processes": 2, "digits": 3, "smallest_group": 2},
    "R058": {"fixed_fence": 0.05, "only_methods": ["Open Tender"]},
}


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    with DuckDB(threads=1) as opened:
        yield opened


@pytest.mark.parametrize("code", FLAGS)
def test_cases(code: str) -> None:
    cases = load_cases(CONTENT.folder(code))
    failed = {done.case.name: done.problems for done in run_cases(CONTENT.rules[code], cases, CONTENT, DuckDB) if not done.passed}
    assert not failed
    assert sum(case.fires for case in cases) >= 2
    assert sum(not case.fires for case in cases) >= 3


def small_groups(code: str) -> dict[str, Any]:
    """The rule's own defaults, but with fences from few values and short records: random lakes are small."""
    known = {"smallest_group": 3, "minimum_processes": 2}
    return {name: value for name, value in known.items() if name in CONTENT.rules[code].parameters}


def asked() -> Iterator[tuple[str, dict[str, Any], str]]:
    """(code, parameter values, SQL of the hits) for every flag and each of the three sets of values."""
    for code in FLAGS:
        cardinal = small_groups(code) | CARDINAL[code] | {"skip_statuses": ["cancelled"]}
        for overrides in (small_groups(code), cardinal, LOOSE[code]):
            values: dict[str, Any] = dict(parameter_values(CONTENT.rules[code], overrides, CONTENT.norms))
            yield code, values, hits_sql(CONTENT.rules[code], values)


ASKED = list(asked())


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 80))
def test_sql_agrees_with_plain_python(engine: DuckDB, seed: int, size: int) -> None:
    lake = random_lake(Random(seed), size)
    open_lake(engine, lake, CONTENT)
    for code, values, sql in ASKED:
        key = CONTENT.rules[code].hit.key
        flagged = {tuple(hit[column] for column in key) for hit in engine.rows(sql)}
        assert (code, values, flagged) == (code, values, FLAGS[code](lake, values))


FENCED: dict[str, tuple[str, str | None, Callable[[dict[str, Any], dict[str, Any]], bool]]] = {
    "R024": ("difference", "currency", lambda row, _: (-1 if row["difference"] is None else row["difference"]) >= 0),
    "R025": ("ratio", None, lambda row, _: True),
    "R038": ("ratio", "role", lambda row, _: row["size"] >= row["least_size"]),
    "R048": ("variety", "scheme", lambda row, values: row["processes"] >= values["minimum_processes"]),
    "R058": ("difference", "currency", lambda row, _: (-1 if row["difference"] is None else row["difference"]) >= 0),
}
"""Per rule: the measured column, the column of its groups, and which candidates a group's quartiles are taken over."""


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 60))
def test_quartiles_of_the_sql_are_type_8(engine: DuckDB, seed: int, size: int) -> None:
    open_lake(engine, random_lake(Random(seed), size), CONTENT)
    for code, (measured, group, counts) in FENCED.items():
        values: dict[str, Any] = dict(parameter_values(CONTENT.rules[code], small_groups(code), CONTENT.norms))
        rows = engine.rows(candidates_sql(CONTENT.rules[code], values))
        for row in rows:
            peers = [other for other in rows if counts(other, values) and (group is None or other[group] == row[group])]
            enough = len(peers) >= values["smallest_group"]
            expected = [
                np.quantile([peer[measured] for peer in peers], q, method="median_unbiased") for q in (0.25, 0.75) if enough
            ]
            assert [row["q1"], row["q3"]] == (pytest.approx(expected) if enough else [None, None])
        if code == "R025" and rows:
            busy = np.quantile([row["processes"] for row in rows], values["percentile"] / 100, method="median_unbiased")
            assert rows[0]["busy_from"] == pytest.approx(busy)


def test_random_lakes_meet_every_flag() -> None:
    """Otherwise two empty sets would agree."""
    met: set[str] = set()
    for seed in range(30):
        lake = random_lake(Random(seed), 60)
        for code, judge in FLAGS.items():
            values: dict[str, Any] = dict(parameter_values(CONTENT.rules[code], small_groups(code), CONTENT.norms))
            met |= {code} if judge(lake, values) else set()
    assert met == set(FLAGS)


@given(values=st.lists(st.integers(0, 50), min_size=1, max_size=30), percent=st.integers(0, 100))
def test_quantiles_are_type_8(values: list[int], percent: int) -> None:
    assert quantile(values, percent, 100) == pytest.approx(np.quantile(values, percent / 100, method="median_unbiased"))


def test_documented_values_reproduce_cardinal() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "ocds-flags.md").read_text("utf-8")
    for code, values in CARDINAL.items():
        told = next(line for line in page.splitlines() if line.startswith(f"| {code} |") and "`skip_statuses" in line)
        for name in values:
            assert f"`{name}" in told, f"{code}: {name} is not in the table of Cardinal's values"
