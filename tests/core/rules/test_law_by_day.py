"""Law by the day: the version of a norm in force on an event's day and place, and days on which a rule is in force itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.content import plant
from tests.builders.lake import build_lake
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.errors import ContentError
from xiezhi.kernel.progress import Silent
from xiezhi.rules.law_by_day import rows_select, versions_of
from xiezhi.rules.lint import lint_norm, lint_rule
from xiezhi.rules.loader import load_content
from xiezhi.rules.norm import Norm
from xiezhi.rules.rule import Parameter
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import COVERAGE, RunFolders

LIMIT = Parameter.model_validate(
    {"type": "money", "norm_value": {"norm": "limit", "name": "fen"}, "zh": "限额", "en": "Limit", "basis": "REC"}
)


def norm(name: str, place: Any, *versions: tuple[str, str | None, int]) -> Norm:
    return Norm.model_validate(
        {
            "id": name,
            "in_place_of": None if name == "limit" else "limit",
            "title": {"zh": "目录", "en": "List"},
            "article": "一",
            "authority": {"zh": "厅", "en": "Office"},
            "place": place,
            "tag": "INF",
            "versions": [
                {"from": first, "to": last, "text": {"zh": "文", "en": "Text"}, "values": {"fen": value}}
                for first, last, value in versions
            ],
        }
    )


NORMS = {
    one.id: one
    for one in (
        norm("limit", "national", ("2015-01-01", "2017-01-01", 120), ("2017-01-01", None, 200)),
        norm("province", 330000, ("2018-01-01", None, 300)),
        norm("city", 330100, ("2019-01-01", "2020-01-01", 400), ("2021-01-01", None, 410)),
        norm("county", 990101000000, ("2016-01-01", None, 500)),
        norm("town", 990201100000, ("2016-01-01", None, 600)),
        norm("neighbour", 990301001006, ("2016-01-01", None, 690)),
        norm("village", 990301001007, ("2016-01-01", None, 700)),
    )
}


def found(day: str, place: int, norms: Mapping[str, Norm] = NORMS) -> list[int]:
    rows = rows_select(versions_of(LIMIT, norms), "money").sql(dialect="duckdb")
    with DuckDB(threads=1) as engine:
        return [
            row["value"]
            for row in engine.rows(
                f"SELECT v.value FROM (SELECT DATE '{day}' AS day, CAST({place} AS BIGINT) AS place) AS e JOIN ({rows}) AS v"
                " ON e.day >= v.valid_from AND e.day < v.valid_to AND e.place >= v.place_from AND e.place <= v.place_to"
            )
        ]


@pytest.mark.parametrize(
    ("day", "place", "value"),
    [
        ("2014-12-31", 0, None),
        ("2015-01-01", 0, 120),
        ("2016-12-31", 510101001001, 120),
        ("2017-01-01", 510101001001, 200),
        ("2018-06-01", 330201001001, 300),
        ("2017-06-01", 330201001001, None),  # the province's own norm does not state it yet: the country's does not stand in
        ("2019-06-01", 330101001001, 400),
        ("2020-06-01", 330101001001, None),  # a gap of the city's is not filled by the province
        ("2021-01-01", 330199999999, 410),
        ("2021-01-01", 330200000000, 300),
        ("2021-01-01", 329999999999, 200),
        ("2021-01-01", 990101999999, 500),
        ("2021-01-01", 990102000000, 200),
        ("2021-01-01", 990201099999, 200),
        ("2021-01-01", 990201100000, 600),
        ("2021-01-01", 990201100999, 600),
        ("2021-01-01", 990201101000, 200),
        ("2021-01-01", 990301001005, 200),
        ("2021-01-01", 990301001006, 690),
        ("2021-01-01", 990301001007, 700),
        ("2021-01-01", 990301001008, 200),
    ],
)
def test_the_version_of_the_day_and_the_nearest_place(day: str, place: int, value: int | None) -> None:
    assert found(day, place) == ([] if value is None else [value])


def test_what_no_norm_states_has_no_versions() -> None:
    assert versions_of(LIMIT, {}) == []
    assert versions_of(LIMIT.model_copy(update={"norm_value": None}), NORMS) == []


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 4000), st.sampled_from([0, 330000000000, 330100000001, 330299999999, 990101001001, 999999999999]))
def test_never_two_versions(days: int, place: int) -> None:
    assert len(found((date(2014, 6, 1) + timedelta(days)).isoformat(), place)) <= 1


@pytest.mark.parametrize(("first", "last"), [("2020-01-01", "2020-01-01"), ("2021-01-01", "2020-01-01")])
def test_a_version_begins_before_it_ends(first: str, last: str) -> None:
    with pytest.raises(ValueError, match="begin before it ends"):
        norm("limit", "national", (first, last, 1))


def visits(*days: date, person: int = 1, cost: int = 400) -> list[dict[str, Any]]:
    return [{"person": person, "place": "甲", "day": day, "hours": 1.0, "cost": cost} for day in days]


def judged(root: Path, lake: Path, rows: list[dict[str, Any]], **overrides: Any) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Hits, and outcomes of coverage with their rows."""
    tables = {"visits": rows, "closures": [{"person": 99, "closed": row["day"]} for row in rows if row["day"]]}
    opened = build_lake(lake, tables)
    folders = RunFolders(opened.paths.runs)
    plan = make_plan(load_content([root]), opened.snapshot(), codes=["VIS-001"], overrides={"VIS-001": overrides})
    run = execute(plan, folders, Settings(threads=1), Silent()).run
    counted: dict[str, int] = {}
    for row in pq.read_table(folders.folder(run) / COVERAGE).to_pylist():
        counted[row["outcome"]] = counted.get(row["outcome"], 0) + row["rows"]
    return list(hit_rows(folders, run, "VIS-001")), {key: rows for key, rows in counted.items() if rows}


def test_a_row_is_judged_by_the_norm_of_its_own_day(root: Path, tmp_path: Path) -> None:
    """500 until 2022, then 1000: 800 together is a hit in 2021 and none in 2022."""
    hits, _ = judged(root, tmp_path / "old", visits(date(2021, 12, 30), date(2021, 12, 31)))
    assert [hit["amount"] for hit in hits] == [800]
    assert judged(root, tmp_path / "new", visits(date(2022, 1, 1), date(2022, 1, 2)))[0] == []


def test_no_norm_in_force_is_no_other_norm(root: Path, tmp_path: Path) -> None:
    """Before 2020 none stood: nobody is accused, and every row is counted with its reason."""
    hits, counted = judged(root, tmp_path / "lake", visits(date(2019, 12, 30), date(2019, 12, 31), cost=90_000))
    assert (hits, counted) == ([], {"norm_missing": 2})


def test_what_a_site_sets_holds_on_every_day(root: Path, tmp_path: Path) -> None:
    hits, counted = judged(root, tmp_path / "lake", visits(date(2019, 12, 30), date(2019, 12, 31)), min_cost=700)
    assert [hit["amount"] for hit in hits] == [800]
    assert counted == {"evaluated": 2}


def test_a_row_without_a_day_has_no_norm(root: Path, tmp_path: Path) -> None:
    rows = [*visits(date(2021, 5, 1)), {**visits(date(2021, 5, 2))[0], "day": None}]
    hits, counted = judged(root, tmp_path / "lake", rows)
    assert (hits, counted["value_missing"]) == ([], 1)


IN_FORCE = "in_force: {first: 2021-05-01, last: 2021-05-31, day: day}\nhit:\n"


@pytest.mark.parametrize(
    ("days", "hits", "counted"),
    [
        ([(5, 1), (5, 31)], 1, {"evaluated": 2}),
        ([(4, 29), (4, 30)], 0, {"not_in_force": 2}),
        ([(6, 1), (6, 2)], 0, {"not_in_force": 2}),
        ([(4, 30), (5, 1)], 0, {"not_in_force": 1, "evaluated": 1}),
        ([(4, 30), (5, 1), (5, 2)], 1, {"not_in_force": 1, "evaluated": 2}),
    ],
)
def test_outside_its_own_days_a_rule_judges_nothing(
    root: Path, tmp_path: Path, days: list[tuple[int, int]], hits: int, counted: dict[str, int]
) -> None:
    plant(root, "rule.yaml", "hit:\n", IN_FORCE)
    found, told = judged(root, tmp_path / "lake", visits(*(date(2021, month, day) for month, day in days)))
    assert (len(found), told) == (hits, counted)
    assert [hit["amount"] for hit in found] == [800] * hits, "what happened outside counts for nothing"


def test_days_in_force_in_order(root: Path) -> None:
    plant(root, "rule.yaml", "hit:\n", IN_FORCE.replace("last: 2021-05-31", "last: 2021-04-30"))
    with pytest.raises(ContentError, match="must not lie after"):
        load_content([root])


MISTAKES = [
    ("NORM-05", "query.sql", "MAX(n.value) AS min_cost", "5 AS min_cost"),
    ("NORM-06", "rule.yaml", "  norms: {min_cost: day}\n", ""),
    ("NORM-06", "rule.yaml", "norms: {min_cost: day}", "norms: {min_cost: day, limit: day}"),
    ("SQL-06", "rule.yaml", "norms: {min_cost: day}", "norms: {min_cost: date}"),
    ("SQL-06", "rule.yaml", "hit:\n", IN_FORCE.replace("day: day", "day: date")),
]


@pytest.mark.parametrize(("code", "path", "right", "wrong"), MISTAKES)
def test_lint_holds_rules_to_it(root: Path, code: str, path: str, right: str, wrong: str) -> None:
    plant(root, path, right, wrong)
    if code == "NORM-05":
        plant(root, path, "INNER JOIN min_cost_versions AS n ON v.day >= n.valid_from AND v.day < n.valid_to\n", "")
    content = load_content([root])
    assert code in {finding.code for finding in lint_rule(content.rules["VIS-001"], content)}


@pytest.mark.parametrize(
    ("title", "issuer", "sound"),
    [
        ("社会救助暂行办法（国务院令第649号）", "国务院", True),
        ("社会救助暂行办法（国务院令第649号）", "全国人民代表大会常务委员会", False),
        ("农业保险条例", "全国人民代表大会常务委员会", False),
        ("农业保险条例", "财政部", False),
        ("价格法", "国务院", False),
        ("价格法", "全国人民代表大会常务委员会", True),
        ("某某规定", "教育部", True),
        ("某某规定", "全国人民代表大会常务委员会", False),
    ],
)
def test_lint_holds_titles_to_issuers(root: Path, title: str, issuer: str, sound: bool) -> None:
    plant(root, "norms/visit-law-1.yaml", "zh: 就诊规定", f"zh: {title}")
    plant(root, "norms/visit-law-1.yaml", "authority: {zh: 局", f"authority: {{zh: {issuer}")
    content = load_content([root])
    assert ("NORM-07" in {finding.code for finding in lint_norm("visit-law-1", content)}) is not sound
