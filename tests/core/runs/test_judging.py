"""Which rows are judged, and what the others are called: each reason by a row that has it and one that does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from tests.core.runs.visits import CODE, small_content, visit, with_rule
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.rules.loader import Content
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.rule import Compared, Find, Horizon, InForce, NormDay
from xiezhi.runs.coverage import measure_coverage

VISITS = {"person": "INTEGER", "place": "VARCHAR", "day": "DATE", "hours": "DOUBLE", "cost": "BIGINT"}
TABLES = {
    "visit": VISITS,
    "closure": {"person": "INTEGER", "place": "VARCHAR", "closed": "DATE"},
    "link": {"person": "INTEGER", "place": "VARCHAR", "_met": "BOOLEAN"},
    "aside": VISITS,
}
PLAIN: dict[str, Any] = {"norms": {}, "horizon": {}}
"""A population of which nothing is asked but its `where` and a sound person."""

FIVE = [f"2024-0{month}-05" for month in (1, 2, 3, 4, 5)]
"""A day in each of five months."""


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return small_content(tmp_path_factory.mktemp("content"))


def judged(content: Content, visits: Sequence[Mapping[str, Any]], *, by: str = "outcome", **others: Any) -> Counter[Any]:
    """Outcome → rows, of the only rule over these visits; `by` names another column besides. `others`: rows of other tables

    (`aside`: those set aside), rows `delivered` and `values` of parameters."""
    rule = content.rules[CODE]
    delivered, given = others.pop("delivered", {}), others.pop("values", {})
    with DuckDB(threads=1) as engine:
        for table, columns in TABLES.items():
            engine.run(f"CREATE TABLE {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
            for row in visits if table == "visit" else others.get(table, ()):
                engine.run(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in columns)})", [row.get(name) for name in columns])
        values = {CODE: parameter_values(rule, {}, content.norms) | given}
        aside = {"visit": "aside"}
        table = measure_coverage(engine, [rule], values, {}, {CODE: "link"}, aside, delivered=delivered)
    found: Counter[Any] = Counter()
    for row in table.to_pylist():
        found[row["outcome"] if by == "outcome" else (row[by], row["outcome"])] += row["rows"]
    return found


def months(place: str, *numbers: int) -> list[dict[str, Any]]:
    """Twenty closures in each of these months of 2024."""
    return [{"person": n, "place": place, "closed": date(2024, number, 9)} for number in numbers for n in range(20)]


def test_a_row_is_judged_from_the_day_its_norm_is_in_force(content: Content) -> None:
    """The first day of a version is in force, and belongs to that version alone."""
    asked = with_rule(content, population={"horizon": {}})
    days = ["2019-12-31", "2020-01-01", "2021-12-31", "2022-01-01"]
    found = judged(asked, [*(visit(1, day) for day in days), visit(1, None)], by="month")
    assert found == {
        (None, "value_missing"): 1,
        (date(2019, 12, 1), "norm_missing"): 1,
        (date(2020, 1, 1), "evaluated"): 1,
        (date(2021, 12, 1), "evaluated"): 1,
        (date(2022, 1, 1), "evaluated"): 1,
    }


def test_a_norm_that_no_version_states_is_missing_whatever_the_candidate_says(content: Content) -> None:
    """Without a version a row is in no candidate, though another row of the same person and place is."""
    asked = with_rule(content, population={"horizon": {}})
    hit = [{"person": 1, "place": "甲", "_met": True}]
    assert judged(asked, [visit(1, "2019-05-01"), visit(1, "2020-05-01")], link=hit) == {"norm_missing": 1, "evaluated": 1}


def test_days_outside_those_of_the_rule_itself_are_no_days_of_it(content: Content) -> None:
    """Both ends are in force; where the day is not known, that is what is missing."""
    force = InForce(first=date(2021, 3, 1), last=date(2021, 4, 30), day="day")
    days = ["2021-02-28", "2021-03-01", "2021-04-30", "2021-05-01"]
    asked = with_rule(content, population=PLAIN, in_force=force)
    found = judged(asked, [*(visit(1, day) for day in days), visit(1, None)])
    assert found == {"not_in_force": 2, "evaluated": 2, "value_missing": 1}


def test_where_a_rule_is_not_in_force_not_even_its_candidates_are_asked(content: Content) -> None:
    force = InForce(first=date(2021, 3, 1), day="day")
    asked = with_rule(content, population=PLAIN, in_force=force)
    assert judged(asked, [visit(1, "2021-02-28")], link=[{"person": 1, "place": "甲", "_met": False}]) == {"not_in_force": 1}


def test_too_few_peers_are_told_where_they_are_too_few(content: Content) -> None:
    """Persons are counted, not their visits, and only those that the comparison takes; where it takes nobody there are none."""
    compared = Compared(by=["place"], count="person", at_least="$min_visits", where="cost > 100")
    asked = with_rule(content, population={**PLAIN, "compared": compared})
    visits = [
        *(visit(person, "2024-05-01", "甲") for person in (1, 2)),
        *(visit(1, day, "乙") for day in ("2024-05-01", "2024-05-02", "2024-05-03")),
        *(visit(person, "2024-05-01", "丙", cost=100) for person in (1, 2, 3)),
    ]
    found = judged(asked, visits, by="unit")
    assert found == {("甲", "evaluated"): 2, ("乙", "peers_few"): 3, ("丙", "peers_few"): 3}


def test_what_belongs_to_a_hit_needs_no_peers(content: Content) -> None:
    compared = Compared(by=["place"], count="person", at_least="2")
    asked = with_rule(content, population={**PLAIN, "compared": compared})
    link = [{"person": 1, "place": "甲", "_met": True}, {"person": 1, "place": "乙", "_met": False}]
    found = judged(asked, [visit(1, "2024-05-01"), visit(1, "2024-05-01", "乙")], by="unit", link=link)
    assert found == {("甲", "evaluated"): 1, ("乙", "peers_few"): 1}


def test_a_condition_means_the_populations_own_columns(content: Content) -> None:
    """Though what it is joined with has columns of the same names."""
    asked = with_rule(content, population={**PLAIN, "where": "person > 1 AND place <> '丙'"})
    visits = [visit(1, "2024-05-01"), visit(2, "2024-05-01"), visit(3, "2024-05-01", "丙")]
    link = [{"person": 2, "place": "甲", "_met": False}]
    assert judged(asked, visits, link=link) == {"outside": 2, "undetermined": 1}


def test_a_gap_of_one_part_is_a_gap_of_that_part_alone(content: Content) -> None:
    """Nor are other months of that part in it; a part of which nothing came is never reached."""
    horizon = {"closure": Horizon(column="closed", by={"place": "place"})}
    asked = with_rule(content, population={**PLAIN, "horizon": horizon})
    closures = [*months("甲", 1, 2, 3, 4, 6, 7, 8), *months("乙", 1, 2, 3, 4, 5, 6, 7, 8)]
    visits = [visit(1, f"2024-0{month}-05", place) for place in ("甲", "乙", "丙") for month in (5, 6)]
    assert judged(asked, visits, by="unit", closure=closures) == {
        ("甲", "table_gap"): 1,
        ("甲", "evaluated"): 1,
        ("乙", "evaluated"): 2,
        ("丙", "table_missing"): 2,
    }


def test_each_part_begins_and_ends_by_itself(content: Content) -> None:
    horizon = {"closure": Horizon(column="closed", by={"place": "place"})}
    asked = with_rule(content, population={**PLAIN, "horizon": horizon})
    closures = [*months("甲", 3, 4), *months("乙", 4, 5)]
    visits = [visit(1, f"2024-0{month}-05", place) for place in ("甲", "乙") for month in (3, 4, 5)]
    assert judged(asked, visits, by="unit", closure=closures) == {
        ("甲", "evaluated"): 2,
        ("甲", "table_late"): 1,
        ("乙", "table_early"): 1,
        ("乙", "evaluated"): 2,
    }


def test_a_part_of_which_nothing_ever_came_is_reached_by_nothing(content: Content) -> None:
    """Of a register without a single row nobody can say how far it goes."""
    horizon = {"closure": Horizon(column="closed")}
    asked = with_rule(content, population={**PLAIN, "horizon": horizon})
    assert judged(asked, [visit(1, "2024-05-01")]) == {"table_missing": 1}
    assert judged(asked, [visit(1, "2024-05-01")], closure=months("甲", 5)) == {"evaluated": 1}


def test_whoever_has_no_sound_number_is_not_judged(content: Content) -> None:
    """The rule asks for one: a visit of nobody would otherwise count as a visit in which nothing was found."""
    asked = with_rule(content, population=PLAIN)
    assert judged(asked, [visit(None, "2024-05-01"), visit(1, "2024-05-01")]) == {"id_unsound": 1, "evaluated": 1}


def test_what_a_row_must_find_is_found_whole_or_is_told_as_missing(content: Content) -> None:
    """A closure without a day says nothing, and neither does one of half of what is asked for."""
    find = Find(fact="closure", by={"person": "person"}, columns=["closed", "place"], reason="not_found")
    asked = with_rule(content, population={**PLAIN, "finds": [find]})
    closures = [
        {"person": 1, "place": "甲", "closed": date(2024, 1, 1)},
        {"person": 2, "place": "甲", "closed": None},
        {"person": 3, "place": None, "closed": date(2024, 1, 1)},
    ]
    visits = [visit(person, "2024-05-01", place) for person, place in ((1, "甲"), (2, "乙"), (3, "丙"), (4, "丁"))]
    assert judged(asked, visits, by="unit", closure=closures) == {
        ("甲", "evaluated"): 1,
        ("乙", "not_found"): 1,
        ("丙", "not_found"): 1,
        ("丁", "not_found"): 1,
    }


def test_a_norm_of_one_place_is_that_of_its_last_village_too(content: Content) -> None:
    """Both ends of a place's region codes are in the place."""
    asked = with_rule(content, population={"horizon": {}, "norms": {"min_cost": NormDay(day="day", place="cost")}})
    days = {"min_cost_versions": [["2020-01-01", "2030-01-01", 100, 199, 5]]}
    visits = [visit(1, "2024-05-01", str(cost), cost=cost) for cost in (99, 100, 199, 200)]
    assert judged(asked, visits, by="unit", values=days) == {
        ("99", "norm_missing"): 1,
        ("100", "evaluated"): 1,
        ("199", "evaluated"): 1,
        ("200", "norm_missing"): 1,
    }


def test_a_unit_that_delivers_every_month_is_missed_in_the_one_it_did_not(content: Content) -> None:
    """Up to the newest month of all units, by what it usually delivers; a visit without a day is of no month."""
    asked = with_rule(content, population={**PLAIN, "monthly": True})
    visits = [visit(n, day, "甲") for day in FIVE for n in range(20)]
    visits += [visit(n, day, "乙") for day in FIVE[:4] for n in range(10)]
    found = judged(asked, [*visits, visit(1, None, "乙")], by="month")
    assert {key: rows for key, rows in found.items() if key[1] != "evaluated"} == {(date(2024, 5, 1), "not_delivered"): 10}
    assert judged(asked, visits, by="unit")["乙", "not_delivered"] == 10


def test_where_nobody_delivers_no_month_is_missed(content: Content) -> None:
    assert set(judged(with_rule(content, population={**PLAIN, "monthly": True}), [])) == {"evaluated"}


def test_months_are_missed_by_the_rows_that_the_rule_looks_at(content: Content) -> None:
    """Rows outside are no delivery of what it concerns; rows set aside are one, for they came. Without a `where` all are."""
    asked = with_rule(content, population={**PLAIN, "monthly": True, "where": "cost > 0"})
    full = [visit(n, day) for day in (*FIVE[:2], *FIVE[3:]) for n in range(20)]
    nothing = [visit(n, FIVE[2], cost=0) for n in range(20)]
    assert judged(asked, [*full, *nothing])["not_delivered"] == 20
    assert judged(asked, full, aside=[visit(n, FIVE[2]) for n in range(20)])["not_delivered"] == 0
    assert judged(asked, full, aside=nothing)["not_delivered"] == 20
    every = with_rule(content, population={**PLAIN, "monthly": True, "where": None})
    assert judged(every, [*full, *nothing])["not_delivered"] == 0


def test_rows_set_aside_are_counted_but_for_those_the_rule_does_not_look_at(content: Content) -> None:
    """One whose cost could not be read may have been one of them; without a `where` none is left out."""
    aside = [visit(1, "2024-05-01"), visit(2, "2024-05-01", cost=0), visit(3, "2024-05-01") | {"cost": None}]
    asked = with_rule(content, population={**PLAIN, "where": "cost > 0"})
    assert judged(asked, [visit(4, "2024-05-01")], aside=aside) == {"evaluated": 1, "set_aside": 2}
    every = with_rule(content, population={**PLAIN, "where": None})
    assert judged(every, [visit(4, "2024-05-01")], aside=aside) == {"evaluated": 1, "set_aside": 3}


def test_a_rule_whose_population_never_came_is_named_and_the_next_one_measured(content: Content) -> None:
    """Each by a zero where nobody was there to be counted: of the one its table is missing, the other found nobody."""
    rule = with_rule(content, population=PLAIN).rules[CODE]
    absent = rule.model_copy(update={"code": "VIS-000", "population": rule.population.model_copy(update={"fact": "nowhere"})})
    values = dict.fromkeys((CODE, "VIS-000"), parameter_values(rule, {}, content.norms))
    with DuckDB(threads=1) as engine:
        for table, columns in TABLES.items():
            engine.run(f"CREATE TABLE {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        found = measure_coverage(engine, [absent, rule], values, {"VIS-000": ["nowhere"]}, {CODE: "link"}).to_pylist()
    assert [(row["rule"], row["outcome"], row["rows"]) for row in found] == [
        ("VIS-000", "table_missing", 0),
        (CODE, "evaluated", 0),
    ]


def test_coverage_is_told_in_the_order_of_units_and_months(content: Content) -> None:
    """Whatever was counted first: two runs over the same data are compared line by line."""
    asked = with_rule(content, population=PLAIN)
    visits = [visit(1, "2024-05-01", "甲"), visit(1, "2024-04-01", "甲"), visit(None, "2024-05-01", "甲")]
    told = list(judged(asked, visits, by="unit", aside=[visit(1, "2024-05-01", "丁")]))
    assert told == [("丁", "set_aside"), ("甲", "evaluated"), ("甲", "id_unsound")]


def test_where_nobody_is_counted_nobody_is_outside_either(content: Content) -> None:
    assert judged(with_rule(content, population=PLAIN), []) == {"evaluated": 0}


def test_all_rows_of_a_table_of_which_the_fact_has_none_are_outside(content: Content) -> None:
    assert judged(with_rule(content, population=PLAIN), [], delivered={"visit": 3}) == {"outside": 3}


def test_a_fact_that_has_rows_is_asked_and_not_its_table(content: Content) -> None:
    asked = with_rule(content, population=PLAIN)
    assert judged(asked, [visit(1, "2024-05-01")], delivered={"visit": 3}) == {"evaluated": 1}
