"""JSON lines and OCDS: every value as written, every row with its line."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.intake.reading import read

from xiezhi.intake.files import json_stream
from xiezhi.intake.files.delivered import Limits, OcdsSheet, open_delivered
from xiezhi.intake.files.json_stream import items
from xiezhi.intake.json_text import written as written_value
from xiezhi.intake.ocds.merge import merged
from xiezhi.intake.ocds.notes import Notes
from xiezhi.intake.ocds.rows import ProcessRows
from xiezhi.intake.ocds.shape import shaped


def written(tmp_path: Path, text: str, name: str = "a.jsonl") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def release(number: int, **more: Any) -> dict[str, Any]:
    parties = [{"id": f"P{number}"}, {"id": "Q"}]
    value = {"amount": 1000000.10, "currency": "CNY"}
    return {
        "ocid": f"ocds-{number}",
        "id": f"r{number}",
        "date": "2024-03-20T00:00:00+05:30",
        "buyer": {"id": "B"},
        "tender": {
            "title": "修路",
            "status": "complete",
            "value": value,
            "numberOfTenderers": 2,
            "tenderPeriod": {"startDate": "2024"},
        },
        "bids": {"details": [{"id": "b1", "value": value, "tenderers": parties}, {"id": "b2", "status": "valid"}]},
        "awards": [
            {"id": "a1", "suppliers": parties[:1], "items": [{"id": "1", "classification": {"scheme": "CPV", "id": "45"}}]}
        ],
        **more,
    }


def tables(path: Path, scratch: Path, limits: Limits | None = None) -> tuple[dict[str, list[dict[str, Any]]], OcdsSheet]:
    (scratch / "s").mkdir(exist_ok=True)
    sheet = next(open_delivered(path, limits or Limits(), scratch / "s"))
    assert isinstance(sheet, OcdsSheet)
    found: dict[str, list[dict[str, Any]]] = {}
    for block in sheet.units(batch_rows=3):
        for unit in block:
            [release] = unit.contained.releases
            head = {"ocid": release["ocid"], "release_id": release.get("id"), "release_date": release.get("date")}
            for name, row in ProcessRows(head, merged([(unit.row, shaped(release, Notes()))])):
                found.setdefault(name, []).append(row)
    return found, sheet


def test_lines_of_objects(tmp_path: Path) -> None:
    sound = ['{"姓名":"张三","a/b~\\"c":1.50}', "", '{"姓名":null,"n":{"y":[1, "x"]}}']
    rest = ["{bad", "[1]", '{"姓名":"合计","n":3}', '{"姓名":true,"n":12345678901234567.89}']
    found = read(written(tmp_path, "\n".join([*sound, *rest])), tmp_path)
    assert found.sheets[0].header == ["姓名", 'a/b~"c', "n"]
    assert found.rows[0] == [(1, "张三", "1.5", ""), (3, "", "", '{"y":[1,"x"]}'), (7, "true", "", "12345678901234567.89")]
    reasons = {(broken.row, broken.reason) for broken in found.broken}
    assert reasons == {(4, "json_broken"), (5, "json_broken")}
    assert [(footer.row, footer.kind) for footer in found.sheets[0].footers] == [(6, "footer_total")]


@pytest.mark.parametrize("late", [["z"], ["z", "y"], ["b", "z"]])
@pytest.mark.parametrize("as_array", [False, True])
def test_a_key_that_comes_late_is_a_column(late: list[str], as_array: bool, tmp_path: Path) -> None:
    objects = [*[{"a": "1", "b": "2"}] * 1200, {"a": "1"} | dict.fromkeys(late, "3"), {"a": "4"}]
    text = json.dumps(objects) if as_array else "\n".join(map(json.dumps, objects))
    found = read(written(tmp_path, text), tmp_path)
    new = [key for key in late if key != "b"]
    assert found.sheets[0].header == ["a", "b", *new]
    assert found.rows[0][-2:] == [
        (1201, "1", "3" if "b" in late else "", *["3"] * len(new)),
        (1202, "4", "", *[""] * len(new)),
    ]


def test_a_late_key_of_a_later_block_is_a_column(tmp_path: Path) -> None:
    text = '{"a":"' + "1" * 9000 + '"}\n'
    found = read(written(tmp_path, text * 1500 + '{"a":"1","z":"3"}\n'), tmp_path)
    assert found.sheets[0].header == ["a", "z"]
    assert found.rows[0][-1] == (1501, "1", "3")


@pytest.mark.parametrize("twice", ['"n":"1","n":"2"', '"n":1.123456,"n":2', '"n":"1","\\u006e":"2"', '"n":null,"n":"1"'])
def test_a_key_given_twice_with_other_content_sets_the_row_aside(twice: str, tmp_path: Path) -> None:
    found = read(written(tmp_path, '{"a":"x","n":"0"}\n{"a":"y",' + twice + "}\n"), tmp_path)
    assert [(broken.row, broken.reason) for broken in found.broken] == [(2, "member_repeated")]
    assert found.rows[0] == [(1, "x", "0")]


@pytest.mark.parametrize("twice", ['"n":"1","n":"1"', '"n":1,"n":1', '"n":{"x":1},"n":{"x":1}'])
def test_a_key_given_twice_with_one_content_is_one(twice: str, tmp_path: Path) -> None:
    found = read(written(tmp_path, '{"a":"y",' + twice + "}\n"), tmp_path)
    assert (len(found.broken), len(found.rows[0])) == (0, 1)


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_of_objects(tmp_path: Path, indent: int | None) -> None:
    text = json.dumps([{"a": "x"}, {"a": "y"}, 5, {"a": "z"}], indent=indent)
    found = read(written(tmp_path, text, "a.json"), tmp_path)
    assert found.rows[0] == [(1, "x"), (2, "y"), (4, "z")]
    assert [broken.row for broken in found.broken] == [3]


def test_truncated_json_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps([{"a": "x"}] * 50, indent=1)[:-30], "a.json")
    assert read(path, tmp_path).codes == ["json_damaged"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(_JSON, max_size=8), chunk=st.sampled_from([1, 3, 16]), indent=st.sampled_from([None, 1]))
def test_values_are_split_wherever_blocks_end(
    values: list[Any], chunk: int, indent: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "_CHUNK", chunk)
    for whole in (values, {"uri": "x", "releases": values, "tail": [1, {"releases": [3]}]}):
        data = json.dumps(whole, ensure_ascii=False, indent=indent).encode("utf-8", "replace")
        texts = [item.text for item in items(io.BytesIO(data), 1 << 20)]
        again = json.loads(data)
        assert [json.loads(text) for text in texts] == (again if isinstance(whole, list) else again["releases"])


def test_releases_give_the_tables(tmp_path: Path) -> None:
    found, sheet = tables(written(tmp_path, "\n".join(json.dumps(release(n)) for n in range(1, 8))), tmp_path)
    assert sheet.format == "ocds"
    tender = found["ocds_tender"][6]
    assert (tender["ocid"], tender["_row"], tender["value_amount"], tender["number_of_tenderers"]) == (
        "ocds-7",
        7,
        "1000000.1",
        "2",
    )
    assert (tender["title"], tender["period_start"], tender["period_end"], tender["buyer"]) == ("修路", "2024", None, "B")
    assert found["ocds_bid"][1] == {
        "ocid": "ocds-1", "bid_id": "b2", "bid_date": None, "status": "valid", "amount": None, "currency": None,
        "related_lots": None, "_row": 1,
    }  # fmt: skip
    assert [row["tenderer"] for row in found["ocds_bid_tenderer"][:2]] == ["P1", "Q"]
    assert found["ocds_award_supplier"][0] == {"ocid": "ocds-1", "award_id": "a1", "supplier": "P1", "_row": 1}
    assert found["ocds_award_item"][0]["class_id"] == "45"


def test_packages_and_records_give_the_same(tmp_path: Path) -> None:
    releases = [release(n) for n in range(1, 6)]
    expected, _ = tables(written(tmp_path, "\n".join(json.dumps(one, separators=(",", ":")) for one in releases)), tmp_path)
    records = [{"ocid": one["ocid"], "compiledRelease": one, "releases": [{"url": "x"}]} for one in releases]
    forms = {
        "package": {"uri": "x", "releases": releases, "publisher": {}},
        "records": {"records": records},
        "array": releases,
    }
    for form in forms.values():
        for indent in (None, 1):
            found, _ = tables(written(tmp_path, json.dumps(form, indent=indent), "a.json"), tmp_path)
            for name, rows in expected.items():
                assert found[name] == rows
    found, _ = tables(written(tmp_path, "\n".join(map(json.dumps, records))), tmp_path)
    assert found["ocds_award"] == expected["ocds_award"]


def test_amounts_lose_no_digit(tmp_path: Path) -> None:
    text = json.dumps(release(1)).replace("1000000.1", "12345678901234567890.12")
    found, _ = tables(written(tmp_path, text + "\n"), tmp_path)
    assert found["ocds_tender"][0]["value_amount"] == "12345678901234567890.12"


def test_what_is_no_release_is_set_aside(tmp_path: Path) -> None:
    bad = ["{x", '"text"', json.dumps({"id": "no ocid", "tag": []}), json.dumps(release(9, awards=5, bids=[], tender="x"))]
    found, sheet = tables(written(tmp_path, "\n".join([json.dumps(release(1)), *bad])), tmp_path)
    assert [(broken.row, broken.reason) for broken in sheet.broken] == [
        (2, "json_broken"), (3, "json_broken"), (4, "required_empty"),
    ]  # fmt: skip
    assert [row["_row"] for row in found["ocds_tender"]] == [1, 5]
    assert {row["_row"] for row in found["ocds_bid"]} == {1}
    assert sum(batch.num_rows for batch in sheet.batches()) == 2
    assert len(sheet.broken) == 3, "a second reading tells nothing twice"


def test_whole_releases_as_rows(tmp_path: Path) -> None:
    line = json.dumps(release(1))
    assert read(written(tmp_path, line + "\n"), tmp_path).rows[0] == [(1, "ocds-1", "r1", line)]


def test_a_release_longer_than_allowed(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps({"releases": [release(1, title="x" * 700_000)]}), "a.json")
    assert read(path, tmp_path, Limits(max_item_bytes=1000)).codes == ["json_damaged"]


def test_a_value_is_written_in_its_own_characters() -> None:
    assert written_value({"姓名": ["张三", 1]}) == '{"姓名":["张三",1]}'
    assert written_value({"姓名": "\ud842"}) == '{"\\u59d3\\u540d":"\\ud842"}'


NEAR: Any = {"a": {"b": {"c": {"d": [{"姓名": "甲", "金额": "1"}]}}}}


@pytest.mark.parametrize(
    ("objects", "codes"),
    [
        ([NEAR], ["json_wrapped"]),
        ([{"outer": NEAR}], []),
        ([NEAR, NEAR], []),
        ([{"list": [{"姓名": "甲"}]}, {"list": []}], []),
    ],
)
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_file_is_an_answer_where_its_one_object_holds_the_rows_not_too_deep(
    objects: list[Any], codes: list[str], end: str, tmp_path: Path
) -> None:
    found = read(written(tmp_path, "\n".join(map(json.dumps, objects)) + end), tmp_path)
    assert (found.codes, sum(map(len, found.rows))) == (codes, 0 if codes else len(objects))


def test_lines_that_are_no_objects_go_back_as_they_stand(tmp_path: Path) -> None:
    bad = ["[1, 2]", '"text"', "5", "null", "{x", '{"a":"1"}}']
    found = read(written(tmp_path, "\n".join(['{"a":"x"}', *bad, '{"a":"y"}'])), tmp_path)
    assert found.rows[0] == [(1, "x"), (8, "y")]
    assert [(one.row, one.reason, one.text) for one in found.broken] == [
        (row, "json_broken", text) for row, text in enumerate(bad, start=2)
    ]
