"""Values as people read them: spans with their unit, words for numbers that mean words, ends that are none, names of places."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.builders.lake import build_lake, deliver
from tests.core.rules.test_measures import SCHEMA, TABLE
from tests.core.runs.world import run, world
from xiezhi.cli.evidence import command as evidence_command
from xiezhi.cli.hits import command as hits_command
from xiezhi.cli.hits import unit_of
from xiezhi.contracts.loader import load_contracts
from xiezhi.evidence.bundle import open_evidence
from xiezhi.evidence.conditions import conditions_of, smallest
from xiezhi.evidence.figures import comparison, figures
from xiezhi.evidence.measured import candidate_measures
from xiezhi.evidence.page import page
from xiezhi.evidence.places import place_names
from xiezhi.evidence.sentence import sentence
from xiezhi.evidence.shown import shown
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import shipped_content
from xiezhi.rules.binding import parse_select
from xiezhi.rules.loader import Content, load_content
from xiezhi.rules.measures import Measure, output_measures
from xiezhi.rules.rule import Condition, HitShape, Peers


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content([shipped_content()])


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        ("date_diff('day', at, at)", "days"),
        ("greatest(0, date_diff('day', at, at) + 1)", "days"),
        ("max(datediff('month', at, at))", "months"),
        ("date_sub('month', at, at)", "months"),
        ("CASE WHEN count > 0 THEN date_diff('hour', at, at) ELSE 0 END", "hours"),
        ("date_diff('second', at, at)", "seconds"),
        ("date_diff('day', at, at) / 365", None),
        ("date_diff('week', at, at)", None),
        ("date_diff('day', at, at) + date_diff('month', at, at)", None),
    ],
)
def test_a_span_of_time_is_counted_in_what_the_query_says(expression: str, unit: str | None) -> None:
    found = output_measures(parse_select(f"SELECT {expression} AS x FROM t"), SCHEMA, {"t": TABLE})
    assert found["x"].unit == unit


@pytest.mark.parametrize(
    ("unit", "zh", "en"), [("days", "4天", "4 days"), ("months", "4个月", "4 months"), ("seconds", "4秒", "4 seconds")]
)
def test_a_span_is_shown_with_its_unit(unit: str, zh: str, en: str) -> None:
    assert (shown(4, Measure(unit=unit)).zh, shown(4, Measure(unit=unit)).en) == (zh, en)
    assert shown(1, Measure(unit=unit)).en == en.replace("4", "1").removesuffix("s")


@pytest.mark.parametrize("value", [date.max, "9999-12-31"])
def test_an_end_that_is_none_is_said_to_be_none(value: Any) -> None:
    assert shown(value, Measure("DATE")) == Words(zh="没有终止", en="no end")
    assert shown("2023-09-01", Measure("DATE")).zh == "2023-09-01"


def one_condition(content: Content, condition: Condition, value: Any, bound: Any, **parameters: Any) -> Any:
    rule = content.rules["VIL-110"].model_copy(update={"conditions": [condition], "parameters": {}})
    return conditions_of(rule, {"v_one": value, "b_one": bound, "c_one": True}, parameters)[0]


@pytest.mark.parametrize(("value", "zh", "en"), [(0, "在任", "in office"), (1, "1", "1"), (12, "12", "12")])
def test_a_number_that_stands_for_a_word_is_said_as_the_word(content: Content, value: int, zh: str, en: str) -> None:
    condition = Condition.model_validate(
        {
            "name": "one",
            "value": "days_apart",
            "op": "<=",
            "bound": "20",
            "zh": "签约日距任职期间的天数",
            "en": "Days from the term",
            "says": {0: {"zh": "在任", "en": "in office"}},
        }
    )
    told = one_condition(content, condition, value, 20)
    assert (told.value_shown.zh, told.value_shown.en, told.bound_shown.zh) == (zh, en, "20")


@pytest.mark.parametrize(("value", "zh"), [("open", "公开招标"), ("direct", "direct"), (None, "未知")])
def test_a_code_is_said_as_the_word_that_the_rule_gives_for_it(content: Content, value: str | None, zh: str) -> None:
    rule = content.rules["R018"]
    words = {"method": {"open": {"zh": "公开招标", "en": "open tender"}}, "one_won": {True: {"zh": "中标", "en": "won"}}}
    rule = rule.model_copy(update={"hit": HitShape.model_validate({**rule.hit.model_dump(), "says": words})})
    candidate = {"method": value, "tenderers": 1, "number_of_tenderers": 1, "bidders": 1}
    assert f"竞争性方式（{zh}）" in sentence(rule, candidate).zh
    found = {one.column: one.shown.zh for one in figures(rule, candidate, candidate_measures(rule, content.facts))}
    assert found.get("method") == (zh if value else None)
    told = rule.hit.word_for("one_won", True)
    assert told is not None
    assert told.zh == "中标"
    assert rule.hit.word_for("one_won", False) is None


def test_a_change_of_next_to_nothing_does_not_read_as_none(content: Content) -> None:
    condition = Condition(name="one", value="total", op=">=", bound="10000", zh="合计", en="Sum")
    told = one_condition(content, condition, 10_000, 10_000)
    assert told.undo_shown.zh == "少 1（-0.01%）即不成立"


def test_what_the_peers_have_is_in_the_unit_of_the_value_and_undoes_nothing(content: Content) -> None:
    """A quartile is not something that this case could be otherwise in."""
    rule = content.rules["R024"]
    measures = candidate_measures(rule, content.facts, load_contracts([shipped_content()]))
    values = {"difference": 0.005, "fence": 0.034, "q1": 0.057, "q3": 0.07, "compared": 40, "currency": "CNY"}
    row = values | {
        "v_quartile_positive": 0.057, "b_quartile_positive": 0, "c_quartile_positive": True,
        "v_fence_positive": 0.034, "b_fence_positive": 0, "c_fence_positive": True,
        "v_close": 0.005, "b_close": 0.034, "c_close": True,
        "v_below_quartile": 0.005, "b_below_quartile": 0.057, "c_below_quartile": True,
    }  # fmt: skip
    told = {one.name: one for one in conditions_of(rule, row, {"fixed_fence": 0, "no_spread": "quiet"}, measures)}
    assert told["below_quartile"].value_shown.zh == "0.5%"
    assert told["below_quartile"].bound_shown.zh == "5.7%"
    assert told["fence_positive"].undo is None
    assert told["quartile_positive"].undo is None
    assert told["close"].undo is not None
    least = smallest(list(told.values()))
    assert least is not None
    assert least.name in ("close", "below_quartile")


def test_the_median_of_the_peers_stands_beside_the_price(content: Content) -> None:
    """As a rule says with `peers`: the school's price, what the others paid, and how many they are."""
    rule = content.rules["CAN-073"]
    assert rule.hit.peers == Peers(own="worst_price", median="worst_peer_price", count="worst_peers")
    measures = candidate_measures(rule, content.facts, load_contracts([shipped_content()]))
    row = {"worst_price": 2304, "worst_peer_price": 1801, "worst_peers": 23}
    found = comparison(rule, row, measures)
    assert [one.shown.zh for one in found] == ["23.04元/公斤", "18.01元/公斤", "23"]
    assert [one.title for one in found] == [rule.hit.titles[name] for name in row]
    untitled = rule.model_copy(update={"hit": rule.hit.model_copy(update={"titles": {}})})
    assert [one.title.zh for one in comparison(untitled, row, measures)][1:] == ["同类中位数", "用于比较的个数"]


@pytest.mark.parametrize(
    ("value", "moves"),
    [
        ("fence", False),
        ("fence - q1", False),
        ("fence - q1 * compared", False),
        ("own", True),
        ("own - fence", True),
        ("compared", False),
    ],
)
def test_what_is_all_the_peers_own_undoes_nothing(content: Content, value: str, moves: bool) -> None:
    """Nobody can be told to have had less if it is the others who would have to."""
    rule = content.rules["VIL-110"]
    peers = Peers(own="own", q1="q1", fence="fence", count="compared")
    condition = Condition(name="one", value=value, op=">", bound="0", zh="某数", en="A number")
    rule = rule.model_copy(update={"conditions": [condition], "hit": rule.hit.model_copy(update={"peers": peers})})
    (told,) = conditions_of(rule, {"v_one": 3, "b_one": 0, "c_one": True}, {})
    assert (told.undo is not None) == moves


@pytest.fixture
def lake(tmp_path: Path, content: Content) -> Lake:
    lake = build_lake(tmp_path / "lake", world())
    deliver(lake, "region", [{"code": 990101001000, "region_name": "丙镇", "valid_from": date(2000, 1, 1)}])
    run(lake, content)
    return lake


def test_a_place_is_called_by_its_newest_name(lake: Lake) -> None:
    deliver(lake, "region", [{"code": 990101001001, "region_name": "新甲村", "valid_from": date(2020, 1, 1)}])
    tables = lake.snapshot().tables
    assert place_names(tables, [990101001001, "990101001002", "12", None, "村", 990101001009]) == {
        "990101001001": "新甲村",
        "990101001002": "乙村",
    }
    assert place_names({}, [990101001001]) == {}


def test_places_are_named_on_the_page_the_terminal_and_the_list(lake: Lake, content: Content) -> None:
    runner, folder = CliRunner(), str(lake.paths.root)
    (hit,) = [row for row in _hits(runner, folder) if row["rule"] == "SUB-003"]
    told = runner.invoke(evidence_command, [hit["fingerprint"], "--lake", folder], env={"COLUMNS": "400"}).output
    assert "990101001001 甲村" in told
    evidence = open_evidence(lake, content, load_contracts([shipped_content()]), hit["fingerprint"])
    assert "990101001002 乙村" in page(evidence, "zh")


def _hits(runner: CliRunner, folder: str) -> Any:
    return json.loads(runner.invoke(hits_command, ["--lake", folder, "--format", "json"]).output)


def test_a_spreadsheet_has_money_in_yuan_and_the_sentence(lake: Lake) -> None:
    """Values as they are kept (fen, UTC) are for programs."""
    written = CliRunner().invoke(hits_command, ["--lake", str(lake.paths.root), "--format", "csv"]).output
    rows = list(csv.DictReader(written.splitlines()))
    (row,) = [row for row in rows if row["rule"] == "SUB-003"]
    assert row["amount_yuan"] == "200.00"
    assert "400.00元" in row["sentence"]
    assert "甲村" in row["sentence"]
    assert "shown" not in row


def test_a_unit_that_is_a_number_of_the_vault_is_marked_as_one(lake: Lake) -> None:
    assert unit_of("707", "credit_code", {}) == "#707"
    assert unit_of("990101001001", None, {"990101001001": "甲村"}) == "甲村"
    assert unit_of("D01", None, {}) == "D01"
    assert {row["unit_identity"] for row in _hits(CliRunner(), str(lake.paths.root))} == {None}


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.0005, "share", "0.05%"),
        (-0.0005, "share", "-0.05%"),
        (0.00051, "share", "0.1%"),
        (0.0000123456, "share", "0.00123%"),
        (0, "share", "0.0%"),
        (0.256, "share", "25.6%"),
        (0.00001234567, None, "0.00001235"),
        (-0.00005, None, "-0.00005"),
        (0.0001, None, "0.0001"),
        (0.12345, None, "0.1234"),
    ],
)
def test_what_is_very_small_does_not_read_as_nought(value: float, unit: str | None, said: str) -> None:
    assert shown(value, Measure(unit=unit)) == Words(zh=said, en=said)


@pytest.mark.parametrize(
    ("unit", "currency", "zh", "en"),
    [
        ("minor", "USD", "1,234.56 USD", "1,234.56 USD"),
        ("minor/kg", "USD", "1,234.56 USD/公斤", "1,234.56 USD/kg"),
        ("minor/kg", "CNY", "1,234.56元/公斤", "1,234.56 yuan/kg"),
        ("minor", None, "1,234.56（币种未知）", "1,234.56 (currency unknown)"),
        ("fen/kg", "USD", "1,234.56元/公斤", "1,234.56 yuan/kg"),
    ],
)
def test_an_amount_is_shown_in_its_currency_and_by_what(unit: str, currency: str | None, zh: str, en: str) -> None:
    assert shown(123_456, Measure(unit=unit), currency) == Words(zh=zh, en=en)


def test_a_statistic_that_is_not_known_is_left_out_of_the_comparison(content: Content) -> None:
    """Where there were too few for a median, "unknown" beside the price would look like a fault of the page."""
    rule = content.rules["CAN-073"]
    measures = candidate_measures(rule, content.facts, load_contracts([shipped_content()]))
    found = comparison(rule, {"worst_price": 2304, "worst_peer_price": None, "worst_peers": 3}, measures)
    assert [one.shown.zh for one in found] == ["23.04元/公斤", "3"]
    assert comparison(rule, {"worst_price": 2304}, measures) == [], "with nothing to compare there is no comparison"


def test_a_village_is_called_with_its_town_and_a_county_by_its_own_name(tmp_path: Path) -> None:
    """There are villages of the same name; before a town the county's name is not needed."""
    names = [
        (990101, "戊县", None),
        (990101001, "丙镇", 990101),
        (990101002, "丁镇", 990101),
        (990101001001, "新村", 990101001),
        (990101002001, "新村", 990101002),
        (990101003001, "旧村", 990101003),
    ]
    rows = [{"code": code, "region_name": name, "parent": above, "valid_from": date(2000, 1, 1)} for code, name, above in names]
    lake = build_lake(tmp_path / "lake", {"region": rows})
    asked = ["990101", 990101001, 990101001001, 990101002001, 990101003001, 9901010, 99010100]
    assert place_names(lake.snapshot().tables, asked) == {
        "990101": "戊县",
        "990101001": "丙镇",
        "990101001001": "丙镇新村",
        "990101002001": "丁镇新村",
        "990101003001": "旧村",
    }
