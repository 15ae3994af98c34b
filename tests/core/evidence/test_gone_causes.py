"""Each cause of a disappearance by itself, in the smallest world: whose it is, what is said of it, and what is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.builders.lake import build_lake, deliver
from tests.core.runs.visits import CODE, closed, small_content, visit, with_rule
from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.loader import load_contracts
from xiezhi.contracts.model import Table
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.evidence.gone import Cause, causes_of
from xiezhi.kernel.progress import Silent
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import shipped_content
from xiezhi.rules.loader import Content
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import RunFolders, RunRecord

NO_CASE = "with today's data and rule there is no such case to judge any more"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return small_content(tmp_path_factory.mktemp("content"))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Three people of two visits each: three hits."""
    visits = [visit(person, f"2024-01-0{day}") for person in (1, 2, 3) for day in (5, 6)]
    return build_lake(tmp_path / "lake", {"visits": visits, "closures": [closed(9, "2024-12-01")]})


def go(lake: Lake, content: Content, state: int | None = None, **parameters: Any) -> RunRecord:
    snapshot = lake.snapshot() if state is None else lake.snapshot_of_state(state)
    plan = make_plan(content, snapshot, codes=[CODE], overrides={CODE: parameters})
    return execute(plan, RunFolders(lake.paths.runs), Settings(threads=1, actor="somebody"), Silent())


def take_out(lake: Lake, table: str, where: str) -> None:
    with lake.writing() as writer, DuckDB() as engine:
        change = writer.change()
        assert change.delete_rows(engine, table, where)
        change.commit("test")


def hits(lake: Lake, record: RunRecord) -> dict[str, str]:
    """Person → fingerprint."""
    return {str(row["subject"]): str(row["fingerprint"]) for row in hit_rows(RunFolders(lake.paths.runs), record.run)}


def causes(lake: Lake, record: RunRecord, *people: str, contracts: ContractCatalogue | None = None) -> dict[str, list[Cause]]:
    """By person; unless contracts are given none describes these tables."""
    known = hits(lake, record)
    asked = [known[person] for person in people]
    found = causes_of(lake, contracts or ContractCatalogue({}), record, CODE, asked)
    return {person: found[fingerprint] for person, fingerprint in known.items() if fingerprint in found}


def visits_contract() -> ContractCatalogue:
    """A visit is known by its person and day, beside a table that is known otherwise; the cost has a title and a unit."""
    shipped = load_contracts([shipped_content()]).get("subsidy_payment")
    fields = {field.name: field for field in shipped.table().fields}
    day = fields["pay_date"].model_copy(update={"name": "day"})
    cost = fields["amount"].model_copy(update={"name": "cost"})

    def table(name: str, *key: str) -> Table:
        columns = (fields["person"], day, cost)
        keyed = [one.model_copy(update={"primary_key": one.name in key, "primary_key_position": None}) for one in columns]
        return shipped.table().model_copy(update={"name": name, "fields": tuple(keyed)})

    tables = (table("others", "cost"), table("visits", "person", "day"))
    return ContractCatalogue({"visits": shipped.model_copy(update={"tables": tables, "load_key": ()})})


def told(found: list[Cause]) -> list[tuple[str, str]]:
    return [(cause.kind, cause.words.en) for cause in found]


def test_each_of_several_is_told_its_own_cause_and_who_still_stands_has_none(lake: Lake, content: Content) -> None:
    """Two have no visit left, one a visit less; whatever order they come in, none is forgotten and none told of another."""
    go(lake, content)
    take_out(lake, "visits", "person <> 2 OR day = DATE '2024-01-06'")
    deliver(lake, "visits", [visit(4, f"2024-02-0{day}") for day in (5, 6)])
    record = go(lake, content)
    found = causes(lake, record)
    assert set(found) == {"1", "2", "3"}, "a hit that stands has no cause to be gone"
    assert set(causes(lake, record, "2")) == {"2"}
    withdrawn = "was withdrawn, or is not in the newer delivery"
    lines = {"1": (2, 3), "2": (5,), "3": (6, 7)}
    for person, rows in lines.items():
        left = [("withdrawn", f"visits.csv line {row} (delivery 1) {withdrawn}") for row in rows]
        assert told(found[person])[:-1] == left
    assert told(found["1"])[-1] == told(found["3"])[-1] == ("judged", NO_CASE)
    assert told(found["2"])[-1][1] == (
        '"Number of visits" went from 2 to 1, < 2: it no longer holds; '
        '"Cost" went from 10.00 yuan to 5.00 yuan, < 10.00 yuan: it no longer holds'
    )


def test_a_parameter_alone_is_told_with_what_it_made_of_the_case(lake: Lake, content: Content) -> None:
    go(lake, content)
    found = causes(lake, go(lake, content, min_visits=3))
    assert told(found["1"]) == [
        ("parameter", 'the parameter "Least visits" went from 2 to 3 (since run 2, by somebody)'),
        ("judged", '"Number of visits" is 2, < 3: it no longer holds'),
    ]


def test_a_list_is_told_with_all_that_is_in_it(lake: Lake, content: Content) -> None:
    go(lake, content)
    record = go(lake, content, places=["乙"])
    (parameter,) = [one for one in causes(lake, record)["1"] if one.kind == "parameter"]
    assert "由 甲、乙 改为 乙" in parameter.words.zh
    assert "went from 甲, 乙 to 乙 (" in parameter.words.en


def test_a_word_that_was_taken_away_is_told_to_be_none(lake: Lake, content: Content) -> None:
    """Between quotes of nothing nobody would see that something was there."""
    word = {"type": "text", "default": "", "zh": "字样", "en": "Word", "basis": "INF"}
    asked = with_rule(content, parameters={**content.rules[CODE].parameters, "word": word})
    go(lake, asked, word="甲")
    found = causes(lake, go(lake, asked, min_visits=9))["1"]
    assert 'the parameter "Word" went from 甲 to (none) (since run 2, by somebody)' in [cause.words.en for cause in found]
    assert "参数“字样”由 甲 改为 （空）（自第 2 次运行，somebody）" in [cause.words.zh for cause in found]


def test_what_can_no_longer_be_judged_is_not_said_to_have_failed(lake: Lake, content: Content) -> None:
    """The hours were corrected to nothing: nobody knows whether there were enough of them."""
    hours = {"name": "hours", "value": "hours", "op": ">=", "bound": "1", "zh": "时长", "en": "Hours"}
    asked = with_rule(content, conditions=[hours])
    go(lake, asked)
    take_out(lake, "visits", "person = 1")
    deliver(lake, "visits", [visit(1, f"2024-01-0{day}") | {"hours": None} for day in (5, 6)])
    (judged,) = [one for one in causes(lake, go(lake, asked))["1"] if one.kind == "judged"]
    assert (judged.words.zh, judged.words.en) == ("“时长”现在无法判断", '"Hours" cannot be judged now')


@pytest.mark.parametrize("newer", [False, True])
def test_a_row_that_was_there_before_is_not_said_to_be_newly_delivered(lake: Lake, content: Content, newer: bool) -> None:
    """A fact that read visits of ten yuan and more reads all of them now: the row is of the newest delivery of then."""
    deliver(lake, "visits", [visit(1, "2024-01-07", cost=100), *(visit(5, "2024-01-07", cost=2000) for _ in (1, 2))])
    fact = content.facts["visit"]
    narrow = fact.model_copy(update={"sql": f"{fact.sql} WHERE cost >= 300"})
    before = replace(content, facts={**content.facts, "visit": narrow})
    go(lake, before)
    if newer:
        deliver(lake, "visits", [visit(1, "2024-01-08")])
    found = causes(lake, go(lake, content, min_visits=9))["1"]
    assert "fact" in {cause.kind for cause in found}
    added = [(cause.delivery, cause.row) for cause in found if cause.kind == "added"]
    assert added == ([(4, 2)] if newer else [])


def test_rows_as_many_as_are_named_are_not_followed_by_a_count_of_none(lake: Lake, content: Content) -> None:
    deliver(lake, "visits", [visit(1, "2024-01-07")])
    go(lake, content)
    take_out(lake, "visits", "person = 1")
    found = causes(lake, go(lake, content))["1"]
    assert [cause.kind for cause in found] == ["withdrawn"] * 3 + ["judged"]


@pytest.mark.parametrize(
    ("version", "said"),
    [(2, "the rule went from version 1 to 2 (since"), (1, "the rule changed without a new version (since")],
)
def test_a_rule_that_changed_is_told_with_its_versions_or_that_it_kept_its_own(
    lake: Lake, content: Content, version: int, said: str
) -> None:
    """A change that hides behind an old version must not read as an orderly new one."""
    go(lake, content)
    conditions = [one.model_copy(update={"bound": "9"}) for one in content.rules[CODE].conditions if one.name == "visits"]
    found = causes(lake, go(lake, with_rule(content, version=version, conditions=conditions)))["1"]
    (rule,) = [cause for cause in found if cause.kind == "rule"]
    assert rule.words.en.startswith(said)
    assert rule.by == "somebody"


def test_a_run_over_an_earlier_lake_says_which_table_it_had_not(tmp_path: Path, content: Content) -> None:
    """Nothing was withdrawn from the lake; the run looked at it as it stood before the table came."""
    closing = {"fact": "closure", "by": {"person": "person"}}
    rule = content.rules[CODE]
    asked = with_rule(
        content,
        sql=rule.sql.replace("c.person IS NULL", "c.person IS NOT NULL"),
        population={"horizon": {}, "unaffected": {"closure": rule.title}},
        evidence=[*rule.evidence, closing],
    )
    visits = [visit(1, f"2024-01-0{day}") for day in (5, 6)]
    lake = build_lake(tmp_path / "lake", {"visits": visits, "closures": [closed(1, "2024-01-01")]})
    go(lake, asked)
    found = causes(lake, go(lake, asked, state=1))["1"]
    assert ("table", "the data that run 2 looked at has no table closures") in told(found)
    assert "第 2 次运行所用的数据中没有数据表 closures" in [cause.words.zh for cause in found]
    (missing,) = [cause for cause in found if cause.delivery is not None]
    assert (missing.kind, missing.delivery, missing.row) == ("not_yet", 2, 2)
    assert missing.words.en == "closures.csv line 2 (delivery 2) was not there yet in the data that this run looked at"


def test_a_row_that_came_later_than_what_is_looked_at_was_not_withdrawn(lake: Lake, content: Content) -> None:
    """Nor was it corrected by the older row that then stood under its key."""
    before = lake.snapshot().state
    deliver(lake, "visits", [visit(4, "2024-01-05"), visit(4, "2024-01-06")])
    go(lake, content)
    found = causes(lake, go(lake, content, state=before), "4", contracts=visits_contract())["4"]
    rows = [(cause.kind, cause.delivery, cause.row) for cause in found if cause.delivery is not None]
    assert rows == [("not_yet", 3, 2), ("not_yet", 3, 3)]


def test_a_row_that_came_again_under_its_key_is_told_as_corrected(lake: Lake, content: Content) -> None:
    """From what to what, column by column; a row that did not come again was withdrawn, whatever else came."""
    go(lake, content)
    take_out(lake, "visits", "person < 3 AND day = DATE '2024-01-06'")
    deliver(lake, "visits", [visit(1, "2024-01-06", cost=100), visit(2, "2024-01-09", "乙")])
    found = causes(lake, go(lake, content), contracts=visits_contract())
    assert told(found["1"])[0] == (
        "corrected",
        "visits.csv line 3 (delivery 1) was corrected by visits.csv line 2 (delivery 3): Amount 5.00 yuan → 1.00 yuan",
    )
    assert (found["1"][0].delivery, found["1"][0].row) == (3, 2)
    assert [cause.kind for cause in found["1"]] == ["corrected", "judged"], "what took its place is not told as added, too"
    assert told(found["2"])[0] == (
        "withdrawn",
        "visits.csv line 5 (delivery 1) was withdrawn, or is not in the newer delivery",
    )


def test_a_row_that_came_again_unchanged_is_told_without_changes(lake: Lake, content: Content) -> None:
    """A colon after which nothing follows would read as if something had been left out."""
    go(lake, content)
    take_out(lake, "visits", "person = 1 AND day = DATE '2024-01-06'")
    deliver(lake, "visits", [visit(1, "2024-01-06")])
    found = causes(lake, go(lake, content, min_visits=9), "1", contracts=visits_contract())["1"]
    (corrected,) = [cause for cause in found if cause.kind == "corrected"]
    assert corrected.words.en == "visits.csv line 3 (delivery 1) was corrected by visits.csv line 2 (delivery 3)"
    assert corrected.words.zh == "visits.csv 第 3 行（第 1 号交付）由visits.csv 第 2 行（第 3 号交付）更正"
