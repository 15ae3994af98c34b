"""Mutants: that a case kills what it should, and that nothing is called equivalent unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.builders.content import FOLDER, MANY, plant, write, write_content
from xiezhi.cli import rules
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.errors import ContentError, UserError
from xiezhi.operations.config import CoreConfig
from xiezhi.rules.mutation.edits import query_edits

Mutate = Callable[..., Result]

SHIPPED = Path(__file__).parents[3] / "content"


@pytest.fixture
def mutate(root: Path) -> Mutate:
    """Runs `xiezhi rules mutate …` over the small content folder; errors are raised."""
    return partial(mutated, (root,))


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """What `xiezhi rules mutate VIS-001` gives of the small content folder as it stands. Asking takes a second or two."""
    root = write_content(tmp_path_factory.mktemp("untouched") / "content")
    return mutated((root,), "VIS-001", "--format", "json")


def mutated(roots: tuple[Path, ...], *arguments: str) -> Result:
    config = CoreConfig(content_roots=roots, language="en")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(CoreConfig, "from_environment", lambda **_: config)
        patched.setenv("XIEZHI_LANG", "en")
        result = CliRunner().invoke(rules.command, ["mutate", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def told(result: Result) -> dict[str, Any]:
    (score,) = json.loads(result.stdout)
    return score  # type: ignore[no-any-return]


def survivors(result: Result) -> dict[str, str]:
    """Id → place and changed lines, of every survivor."""
    return {
        one["id"]: f"{one['place']}: {' '.join(one['before'])} → {' '.join(one['after'])}" for one in told(result)["survivors"]
    }


def test_what_a_case_pins_is_killed_and_what_none_pins_survives(untouched: Result) -> None:
    score = told(untouched)
    assert score["mutants"] == score["killed"] + len(score["survivors"])
    assert 0.5 < score["score"] < 1
    alive = set(survivors(untouched).values())
    assert "query.sql: LEFT JOIN closure AS c → JOIN closure AS c" not in alive
    assert "variants.A.when: visits >= 3 → visits > 3" not in alive
    assert "conditions.visits: visits >= $min_visits → visits > $min_visits" not in alive
    assert "parameters.places: ['甲', '乙'] → ['甲']" in alive
    assert "query.sql: AND c.person IS NULL → AND NOT c.person IS NULL" not in alive
    assert "query.sql: ON v.person = c.person AND c.closed < v.day → ON v.person = c.person AND c.closed <= v.day" in alive
    assert "hit.unit: hit.unit: place → hit.unit: person" not in alive


@pytest.mark.parametrize(
    ("case", "killed"),
    [
        (
            MANY.replace("place: 甲", "place: 乙"),
            "parameters.places: ['甲', '乙'] → ['甲']",
        ),
        (
            MANY.replace("given:\n", "given:\n  closure:\n    - {person: 1, closed: 2024-01-05}\n").replace(
                "visits: 3, first_day: 2024-01-05", "first_day: 2024-01-05"
            )
            .replace("day: 2024-01-06", "day: 2024-01-05")
            .replace("day: 2024-02-07", "day: 2024-01-05"),
            "query.sql: ON v.person = c.person AND c.closed < v.day → ON v.person = c.person AND c.closed <= v.day",
        ),
        (
            MANY.replace("visits: 3,", "last_day: 2024-02-07,"),
            "query.sql last_day: MAX(v.day) AS last_day, → MIN(v.day) AS last_day,",
        ),
        (
            MANY.replace("cost: 500", "cost: 333").partition("expect:")[0] + "expect: []\n",
            "parameters.min_cost: 1000 → 999",
        ),
    ],
)  # fmt: skip
def test_a_case_that_pins_it_kills_a_survivor(mutate: Mutate, untouched: Result, root: Path, case: str, killed: str) -> None:
    assert killed in survivors(untouched).values()
    write(root, f"cases/{'near' if 'expect: []' in case else 'fires'}_more.yaml", case)
    assert killed not in survivors(mutate("VIS-001", "--format", "json")).values()


@pytest.mark.parametrize(
    ("old", "new", "killed"),
    [
        ("visits: 3,", "visits: 3, stands_on: {visit: 3},", "evidence.visit.where: f.day >= h.first_day → f.day > h.first_day"),
        ("expect:", "population: 3\nexpect:", "population.where: cost > 0 → cost >= 0"),
        ("visits: 3,", "visits: 3, last_day: 2024-02-07,", "hit.period.to: hit.period.to: last_day → hit.period.to: first_day"),
    ],
)
def test_rows_a_hit_stands_on_and_columns_it_shows_can_be_pinned(
    mutate: Mutate, untouched: Result, root: Path, old: str, new: str, killed: str
) -> None:
    assert killed in survivors(untouched).values()
    plant(
        root,
        "cases/fires_many.yaml",
        "given:\n  visit:\n",
        "given:\n  visit:\n    - {person: 2, place: 丙, day: 2024-03, cost: 0}\n",
    )
    plant(root, "cases/fires_many.yaml", old, new)
    assert killed not in survivors(mutate("VIS-001", "--format", "json")).values()


def test_ids_are_the_same_from_run_to_run_and_lines_can_be_moved(mutate: Mutate, untouched: Result, root: Path) -> None:
    before = survivors(untouched)
    plant(root, "query.sql", "FROM visit AS v\n", "FROM visit\n    AS v -- every visit\n")
    assert survivors(mutate("VIS-001", "--format", "json")) == before
    assert all(len(identifier) == 11 and identifier.startswith("m") for identifier in before)


def test_a_score_below_is_an_exit_code(mutate: Mutate) -> None:
    assert mutate("VIS-001", "--at-least", "0.5").exit_code == 0
    result = mutate("VIS-001", "--at-least", "0.99")
    assert result.exit_code == 4
    assert "below 0.99: VIS-001" in result.stderr


def test_a_survivor_is_shown_with_its_lines(mutate: Mutate) -> None:
    shown = mutate("VIS-001").stdout
    assert "    - ON v.person = c.person AND c.closed < v.day\n    + ON v.person = c.person AND c.closed <= v.day\n" in shown
    assert "(comparison) survived" in shown
    assert "VIS-001" in shown.splitlines()[-1]


def test_declared_equivalents_are_counted_apart(mutate: Mutate, untouched: Result, root: Path) -> None:
    before = told(untouched)
    one = before["survivors"][0]["id"]
    write(root, f"{FOLDER}/equivalents.yaml", f"{one}: nothing that is delivered can tell them apart\n")
    after = told(mutate("VIS-001", "--format", "json"))
    assert (after["mutants"], after["killed"]) == (before["mutants"], before["killed"])
    assert [item["survivor"]["id"] for item in after["equivalents"]] == [one]
    assert len(after["survivors"]) == len(before["survivors"]) - 1
    assert after["score"] > before["score"]
    assert "equivalent: nothing that is delivered" in mutate().stdout


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("m0000000000: it was there once, before the query changed", "there is no such mutant"),
        ("{one}: because", "needs its reason"),
        ("{one}:", "needs its reason"),
        ("{one}: [it cannot be told apart]", "needs its reason"),
    ],
)
def test_an_equivalent_that_does_not_hold_is_an_error(
    mutate: Mutate, untouched: Result, root: Path, entry: str, said: str
) -> None:
    one = told(untouched)["survivors"][0]["id"]
    write(root, f"{FOLDER}/equivalents.yaml", f"# none\n{entry.format(one=one)}\n")
    with pytest.raises(ContentError, match=said) as refused:
        mutate()
    assert refused.value.place is not None
    assert refused.value.place.row == 2


def test_what_a_case_tells_apart_cannot_be_declared_equivalent(mutate: Mutate, untouched: Result, root: Path) -> None:
    alive = survivors(untouched)
    places = next(one for one, lines in alive.items() if lines.startswith("parameters.places: ['甲', '乙'] → ['甲']"))
    write(root, f"{FOLDER}/equivalents.yaml", f"{places}: there is no other place\n")
    write(root, "cases/fires_elsewhere.yaml", MANY.replace("place: 甲", "place: 乙"))
    with pytest.raises(ContentError, match="a case tells it apart"):
        mutate()


def test_a_rule_that_fails_its_own_cases_is_not_mutated(mutate: Mutate, root: Path) -> None:
    plant(root, "cases/fires_many.yaml", "visits: 3", "visits: 4")
    with pytest.raises(ContentError, match="the case fires_many of VIS-001 fails as it is"):
        mutate()


def test_an_unknown_code_is_refused(mutate: Mutate) -> None:
    with pytest.raises(UserError, match="no rule or fact called VIS-009"):
        mutate("VIS-009")


def test_what_the_engine_refuses_outright_is_no_mutant(untouched: Result) -> None:
    """`SUM(text)`, a column that is no longer grouped: no author could have left it behind."""
    ids = [edit.text for edit in query_edits("SELECT COUNT(place) AS n, place FROM visit GROUP BY place")]
    assert any("SUM(place)" in text for text in ids)
    assert not any("SUM(v.place)" in lines for lines in survivors(untouched).values())
    with DuckDB() as engine:
        engine.run("CREATE TABLE visit (place VARCHAR)")
        with pytest.raises(Exception, match="No function matches"):
            engine.columns(next(text for text in ids if "SUM(place)" in text))


DEATHS = """\
name: first_death
title: {zh: 最早死亡, en: First death}
summary: {zh: 每人一行, en: One row a person}
tables: [death_registry]
principal: death_registry
subject: person
columns:
  person: {type: INTEGER, zh: 人员, en: Person, identity: citizen_id}
  death_date: {type: DATE, zh: 死亡日期, en: Day of death}
"""
DEATHS_SQL = """\
SELECT person, MIN(death_date) AS death_date, MIN(_delivery) AS _delivery, MIN(_row) AS _row
FROM death_registry WHERE person IS NOT NULL GROUP BY person
"""
TWO_DEATHS = """\
why: {zh: 两个来源, en: Two sources}
tables:
  death_registry:
    - {person: 1, death_date: 2024-03-05}
    - {person: 1, death_date: 2024-03-02}
    - {death_date: 2024-03-01}
expect:
  - {person: 1, death_date: 2024-03-02}
"""


@pytest.fixture
def mutate_fact(tmp_path: Path) -> Mutate:
    """`xiezhi rules mutate` over a fact of a site's own, laid over the shipped content, whose contracts deliver its table."""
    for name, text in {"fact.yaml": DEATHS, "query.sql": DEATHS_SQL, "cases/two.yaml": TWO_DEATHS}.items():
        write(tmp_path / "site", f"facts/first_death/{name}", text)
    return partial(mutated, (SHIPPED, tmp_path / "site"), "first_death")


def test_the_sql_of_a_fact_is_tried_on_delivered_rows(mutate_fact: Mutate, tmp_path: Path) -> None:
    before = told(mutate_fact("--format", "json"))
    alive = set(survivors(mutate_fact("--format", "json")).values())
    row = "query.sql _row: MIN(_row) AS _row → MAX(_row) AS _row"
    assert "query.sql death_date: MIN(death_date) AS death_date, → MAX(death_date) AS death_date," not in alive
    assert "query.sql: NOT person IS NULL → person IS NULL" not in alive
    assert not any("WHERE" in lines for lines in alive)
    assert row in alive, "nothing says which row it came from"
    plant(
        tmp_path / "site", "facts/first_death/cases/two.yaml", "expect:\n  - {person: 1, ", "expect:\n  - {person: 1, _row: 2, "
    )
    after = survivors(mutate_fact("--format", "json"))
    assert row not in after.values()
    assert len(after) < len(before["survivors"])


def test_a_fact_that_fails_its_own_case_is_not_mutated(mutate_fact: Mutate, tmp_path: Path) -> None:
    plant(tmp_path / "site", "facts/first_death/cases/two.yaml", "expect:\n  - {person: 1, death_date: 2024-03-02}", "expect: []")
    with pytest.raises(ContentError, match="the case two of first_death fails as it is"):
        mutate_fact()


def test_a_fact_without_cases_notices_nothing(mutate: Mutate, root: Path) -> None:
    plant(root, "facts/closure/query.sql", "FROM closures", "FROM closures WHERE closed IS NOT NULL")
    score = told(mutate("closure", "--format", "json"))
    assert (score["cases"], score["killed"], score["score"]) == (0, 0, 0.0)
    assert len(score["survivors"]) == 2
    assert mutate("closure").stdout.count("survived") == 1, "its head only: there is nothing to learn from its lines"
