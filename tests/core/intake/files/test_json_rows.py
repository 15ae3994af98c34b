"""Flat JSON objects as rows: which keys are columns and in which order, what goes back with its line, what refuses the file."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from xiezhi.contracts.moments import AS_NUMBER
from xiezhi.intake.files.readers.json_lines import open_sheets
from xiezhi.intake.sheets.sheet import Limits, Part, Sheet
from xiezhi.kernel.errors import RefusedDelivery

Rows = list[tuple[Any, ...]]


def read(
    folder: Path,
    text: str,
    *,
    taken: Collection[int] = (),
    months: Collection[int] = (),
    batch_rows: int = 1000,
    limits: Limits | None = None,
    encoding: str = "utf-8",
) -> tuple[Sheet, Rows]:
    """The sheet of a file and its rows, `_row` first, in the order given."""
    path = folder / "a.jsonl"
    path.write_bytes(text.encode(encoding))
    [(sheet, rows)] = [
        (sheet, _rows(sheet, taken, months, batch_rows))
        for sheet in open_sheets(Part(path, "b.jsonl", path), "json", limits or Limits(), folder, None)
    ]
    return sheet, rows


def _rows(sheet: Sheet, taken: Collection[int], months: Collection[int], batch_rows: int) -> Rows:
    sheet.taken, sheet.months = frozenset(taken), frozenset(months)
    found = [list(zip(*batch.to_pydict().values(), strict=True)) for batch in sheet.unsifted(batch_rows)]
    assert all(0 < len(block) <= batch_rows for block in found)
    return [(row[-1], *row[:-1]) for block in found for row in block]


def refusal(folder: Path, text: str, limits: Limits | None = None) -> tuple[str, str, str]:
    with pytest.raises(RefusedDelivery) as refused:
        read(folder, text, limits=limits)
    return refused.value.code, refused.value.zh, refused.value.en


def lines(*values: Any) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def broken(sheet: Sheet) -> list[tuple[int, str, str]]:
    return [(one.row, one.reason, one.text) for one in sheet.broken]


def test_the_columns_are_the_keys_in_the_order_met_and_a_row_has_its_line(tmp_path: Path) -> None:
    text = (
        lines({"姓名": "甲", "a/b": 1.50}, {"~c": True, "姓名": None})
        + "\n"
        + lines({"a/b": "x~1", "~c": {"y": [1, " z"]}, "~1": 0})
    )
    sheet, rows = read(tmp_path, text, batch_rows=2)
    assert (sheet.header, sheet.header_row, sheet.format, sheet.encoding) == (["姓名", "a/b", "~c", "~1"], 0, "jsonl", "utf-8")
    assert rows == [
        (1, "甲", "1.5", "", ""),
        (2, "", "", "true", ""),
        (4, "", "x~1", '{"y":[1," z"]}', "0"),
    ]
    assert (sheet.octets, broken(sheet), sheet.notes, sheet.nested) == (len(text.encode()), [], [], {})


@pytest.mark.parametrize(("encoding", "said"), [("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030")])
def test_a_file_of_another_encoding_is_measured_as_the_text_it_holds(encoding: str, said: str, tmp_path: Path) -> None:
    text = lines({"姓名": "甲", "村": "王家村"})
    sheet, rows = read(tmp_path, text, encoding=encoding)
    assert (sheet.encoding, sheet.octets, rows) == (said, len(text.encode()), [(1, "甲", "王家村")])


def test_late_keys_come_in_the_order_of_their_first_row_and_of_their_places_in_it(tmp_path: Path) -> None:
    late = [{"a": "1", "p": "2", "q": "3"}, {"q": "8", "a": "4", "w": "5", "v": "6", "p": "7"}]
    text = '{"a":"0"}\n' * 1000 + lines(*late) + "{broken\n[1]\n"
    sheet, rows = read(tmp_path, text)
    assert sheet.header == ["a", "p", "q", "w", "v"]
    assert rows[-2:] == [(1001, "1", "2", "3", "", ""), (1002, "4", "7", "8", "5", "6")]
    assert broken(sheet) == [(1003, "json_broken", "{broken"), (1004, "json_broken", "[1]")]


@pytest.mark.parametrize("before", [0, 1000])
def test_more_columns_than_allowed_refuse_the_file(before: int, tmp_path: Path) -> None:
    """Among the first objects as behind them."""
    limits = Limits(max_columns=3)
    text = '{"a":"0"}\n' * before + lines({"a": 1, "b": 2}, {"c": 3})
    assert read(tmp_path, text, limits=limits)[0].header == ["a", "b", "c"]
    assert refusal(tmp_path, text + lines({"d": 4}), limits) == (
        "too_many_columns",
        "列数 4 超过上限 3",
        "4 columns, more than 3",
    )


@pytest.mark.parametrize("text", ["", "\n\n", "[]", "{}\n{}\n", "[1, 2]", '{}\n"a"\n{bad\n', '[[{"a": 1}]]'])
def test_a_file_without_one_key_has_no_header(text: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, text)[:2] == ("no_header", "前 1000 行中找不到表头")


LISTED = [{"姓名": "甲", "金额": "1"}, {"姓名": "乙", "金额": "2"}]


@pytest.mark.parametrize(
    ("whole", "where"),
    [
        ({"data": {"list": LISTED}}, "data.list"),
        ({"code": 0, "rows": LISTED}, "rows"),
        ({"a": {"b": {"c": {"d": LISTED}}}}, "a.b.c.d"),
        ({"deep": {"page": LISTED}, "near": LISTED}, "near"),
        ({"none": [], "words": ["x"], "mixed": [{"姓名": "甲", "金额": "1"}, 5], "last": LISTED[:1]}, "last"),
        ({"first": LISTED, "second": LISTED}, "first"),
        ({"code": 0, "msg": "ok", "short": [{"a": 1, "b": 2}], "long": [{"a": 1, "b": 2, "c": 3}]}, "long"),
    ],
)
def test_one_object_around_the_rows_is_refused_with_the_place_of_the_nearest_list(whole: Any, where: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, json.dumps(whole, indent=1)) == (
        "json_wrapped",
        f"整个文件是一个对象,数据在其中的 {where} 里;这往往只是多页中的一页",
        f"the file is one object that holds the data in {where}: often one page of several",
    )


@pytest.mark.parametrize(
    ("whole", "header"),
    [
        ({"姓名": "甲", "金额": "1", "附件": [{"名称": "a", "页": "1"}]}, ["姓名", "金额", "附件"]),
        ({"a": {"b": {"c": {"d": {"e": LISTED}}}}}, ["a"]),
        ({"a": [[LISTED]]}, ["a"]),
        ({"a": [], "b": {}}, ["a", "b"]),
        ({"a": [{}]}, ["a"]),
    ],
)
def test_one_object_that_says_as_much_itself_is_a_row(whole: Any, header: list[str], tmp_path: Path) -> None:
    sheet, rows = read(tmp_path, json.dumps(whole))
    assert (sheet.header, [row[0] for row in rows]) == (header, [1])


def test_a_text_that_is_no_json_refuses_the_file_with_what_is_wrong(tmp_path: Path) -> None:
    assert refusal(tmp_path, '[{"a": 1}, {"a": ') == (
        "json_damaged", "JSON 已损坏:Expecting value: line 1 column 18 (char 17)",
        "the JSON is damaged: Expecting value: line 1 column 18 (char 17)")  # fmt: skip
    text = lines({"a": "x"}, {"a": "x" * 100})
    assert refusal(tmp_path, text, Limits(max_record_bytes=50))[2] == "the JSON is damaged: line 2 is longer than 50 bytes"


def test_objects_that_contradict_themselves_go_back_with_the_lines_that_are_none_in_their_order(tmp_path: Path) -> None:
    bad = ['{"n":"1","n":"2"}', "{x", '{"n":1,"m":{"k":1,"k":1}, "n":2}', "5"]
    same = ['{"n":"1","n":"1"}', '{"n":"3"}']
    sheet, rows = read(tmp_path, "\n".join([same[0], *bad, same[1]]) + "\n", batch_rows=3)
    assert rows == [(1, "1", ""), (6, "3", "")]
    reasons = ["member_repeated", "json_broken", "member_repeated", "json_broken"]
    assert broken(sheet) == list(zip(range(2, 6), reasons, bad, strict=True))


def test_an_object_in_a_column_that_is_taken_goes_back_with_where_in_it_there_is_more(tmp_path: Path) -> None:
    rows = [
        {"户名": "{甲}", "金额": "1", "备注": {"x": "y"}},
        {"户名": {"姓": "甲", "证": [1, {"号": "A-1"}, []], "无": {}}, "金额": "2", "备注": "z"},
        {"户名": "[临时]", "金额": [], "备注": "z"},
        {"户名": "乙", "金额": "4", "备注": "z"},
    ]
    sheet, found = read(tmp_path, lines(*rows), taken=[0, 1], batch_rows=3)
    assert found == [(1, "{甲}", "1", '{"x":"y"}'), (4, "乙", "4", "z")]
    paths = ["户名.姓", "户名.证[]", "户名.证[].号", "户名.无", "金额"]
    assert broken(sheet) == [(row, "value_nested", lines(rows[row - 1]).strip()) for row in (2, 3)]
    assert list(sheet.nested) == paths
    told = ", ".join(paths)
    assert [(note.zh, note.en) for note in sheet.notes] == [
        (f"嵌套的对象或列表在 {told}", f"objects or lists within rows stand in {told}")
    ]


@pytest.mark.parametrize(("count", "more"), [(10, ""), (11, " …")])
def test_ten_paths_are_told_and_that_there_are_more(count: int, more: str, tmp_path: Path) -> None:
    keys = [chr(ord("a") + place) for place in range(count)]
    sheet, found = read(tmp_path, lines(*({"户名": {key: 1}} for key in keys)), taken=[0])
    told = ", ".join(f"户名.{key}" for key in keys[:10]) + more
    assert (found, len(sheet.broken), [note.zh for note in sheet.notes]) == ([], count, [f"嵌套的对象或列表在 {told}"])


def test_only_a_number_in_a_column_of_months_may_be_two_months(tmp_path: Path) -> None:
    written = ["2024.1", "2024.10", '"2024.1"', "2024.11", "202410", "3024.1", "2024.01"]
    text = "".join(f'{{"月份":{month},"率":2024.1}}\n' for month in written)
    _, found = read(tmp_path, text, months=[0])
    assert [row[1] for row in found] == [f"2024.1{AS_NUMBER}"] * 2 + ["2024.1", "2024.11", "202410", "3024.1", "2024.01"]
    assert {row[2] for row in found} == {"2024.1"}
