"""JSON texts of any length: where one value ends and the next begins, what a line is, which numbers become strings."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from xiezhi.intake.files import json_stream
from xiezhi.intake.files.encoding import Utf8File
from xiezhi.intake.files.json_decode import Decoder
from xiezhi.intake.files.json_stream import Damaged, Item, as_block, decoded, items, lines, looks_like_lines, read_blocks
from xiezhi.intake.json_text import written

MOST = 1 << 20


def split(data: str, most: int = MOST) -> list[tuple[int, str]]:
    return [(item.row, item.text) for item in items(io.BytesIO(data.encode()), most)]


def by_line(data: str, most: int = MOST) -> list[tuple[int, str]]:
    blocks = [block.to_pylist() for block in lines(io.BytesIO(data.encode()), most)]
    return [(row["_row"], row["text"]) for block in blocks for row in block]


def blocks_of(tmp_path: Path, data: str, most_rows: int = 1000, **how: bool) -> list[list[tuple[int, str]]]:
    path = tmp_path / "a.json"
    path.write_bytes(data.encode())
    start = 3 if data.startswith("\ufeff") else 0
    found = read_blocks(Utf8File(path, start, path.stat().st_size, "utf-8"), MOST, most_rows, **how)
    return [[(row["_row"], row["text"]) for row in block.to_pylist()] for block in found]


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ("", []),
        (" \r\n\t", []),
        ("[]", []),
        ('\ufeff [ {"a": 1} , 2,"x" ,null ] ', ['{"a": 1}', "2", '"x"', "null"]),
        ('{"a": 1}{"b": [2, 3]}\n\n{"c": "}"}', ['{"a":1}', '{"b":[2, 3]}', '{"c":"}"}']),
        ("[1][2,3]", ["1", "2", "3"]),
        ('{ "a" : {"b": 1} , "c" : 2 }', ['{"a":{"b": 1},"c":2}']),
        ("{}", ["{}"]),
        ('{"uri": "x", "releases": [{"ocid": "1"}, {"ocid": "2"}], "publisher": {}}', ['{"ocid": "1"}', '{"ocid": "2"}']),
        ('{"records": [{"ocid": "1"}], "releases": [{"ocid": "2"}]}', ['{"ocid": "1"}', '{"ocid": "2"}']),
        ('{"releases": []}', []),
        ('{"releases": {"ocid": "1"}, "n": 1}', ['{"releases":{"ocid": "1"},"n":1}']),
        ('{"ocid": "1", "releases": [{"url": "u"}]}', ['{"ocid":"1","releases":[{"url": "u"}]}']),
        ('{"compiledRelease": {}, "releases": [1], "ocid": "1"}', ['{"compiledRelease":{},"releases":[1],"ocid":"1"}']),
        ('{"versionedRelease": {}, "releases": [1]}', ['{"versionedRelease":{},"releases":[1]}']),
        ('{"n": 1, "m": {"releases": [1]}}', ['{"n":1,"m":{"releases": [1]}}']),
    ],
)
@pytest.mark.parametrize("chunk", [1, 2, 5, 1 << 18])
def test_values_are_counted_from_one_with_their_texts(
    data: str, texts: list[str], chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "_CHUNK", chunk)
    assert split(data) == list(enumerate(texts, start=1))


@pytest.mark.parametrize(
    ("data", "given", "why"),
    [
        ("x", 0, "unexpected 'x'"),
        ('[{"a":1}] 5', 1, "unexpected '5'"),
        ("[1]é", 1, "unexpected 'é'"),
        ("[1] 完", 1, "unexpected '完'"),
        ("[1]𠮷", 1, "unexpected '𠮷'"),
        ('{"a"}', 0, "expected ':', found '}'"),
        ('{"a"', 0, "expected ':', found ''"),
        ('{"a" 1}', 0, "expected ':', found '1'"),
        ('[1,{"a":1}', 2, "Expecting value: line 1 column 11 (char 10)"),
        ('["a', 0, "Unterminated string starting at: line 1 column 2 (char 1)"),
        ('{"a":1,', 0, "Expecting value: line 1 column 8 (char 7)"),
        ('{"releases":[1', 1, "Expecting value: line 1 column 15 (char 14)"),
        ('{"releases":[1],"ocid":"x"}', 1, "'ocid' of a record must come before its 'releases'"),
        ('{"releases":[],"compiledRelease":{}}', 0, "'compiledRelease' of a record must come before its 'releases'"),
        ("[1," + "[" * 100_000, 1, "nested too deep"),
    ],
)
def test_a_text_that_is_no_json_is_damaged_from_there_on(data: str, given: int, why: str) -> None:
    found = items(io.BytesIO(data.encode()), MOST)
    assert [next(found).row for _ in range(given)] == list(range(1, given + 1))
    with pytest.raises(Damaged) as damaged:
        next(found)
    assert str(damaged.value) == why


@pytest.mark.parametrize("chunk", range(1, 9))
@pytest.mark.parametrize(
    "values", [[1, -2.5e-7, 12.5e16, 0], ["王é中耀ཀ𠮷", "ཀཀ", "耀", "éé", "𠮷𠮷", "a𠮷"], [True, None, {"村é": ["ཀ", 1e22]}]]
)
def test_no_number_and_no_character_is_cut_where_a_stretch_of_the_file_ends(
    values: list[Any], chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Characters of two, three and four bytes, some with the least second byte; numbers that go on with `e+5`."""
    monkeypatch.setattr(json_stream, "_CHUNK", chunk)
    texts = [json.dumps(value, ensure_ascii=False) for value in values]
    assert split("[" + ",".join(texts) + "]") == list(enumerate(texts, start=1))


def test_a_value_as_long_as_allowed_is_given_and_one_without_end_is_not_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "_CHUNK", 1)
    assert split('["123456", 1, 2, 3]', most=8) == [(1, '"123456"'), (2, "1"), (3, "2"), (4, "3")]
    handle = io.BytesIO(b'["' + b"1" * 1000 + b'"]')
    with pytest.raises(Damaged, match=r"^one value is longer than 8 characters$"):
        list(items(handle, 8))
    assert handle.tell() <= 20


@pytest.mark.parametrize("block", [1, 4, 7, 8 << 20])
@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ("", []),
        ("\n \n\t\r\n", []),
        ('{"a":1}', [(1, '{"a":1}')]),
        ('{"a":1}\r\n\r\n  {"b":"王"} \t\n\n{"c":3}\n', [(1, '{"a":1}'), (3, '{"b":"王"}'), (5, '{"c":3}')]),
        ('\n{"a":1}\n{"b":2}', [(2, '{"a":1}'), (3, '{"b":2}')]),
    ],
)
def test_lines_are_counted_with_the_blank_ones_among_them(
    data: str, rows: list[tuple[int, str]], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "_BLOCK", block)
    assert by_line(data) == rows


@pytest.mark.parametrize("block", [4, 8 << 20])
@pytest.mark.parametrize("end", ["\n", ""])
def test_a_line_longer_than_allowed_is_named(block: int, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "_BLOCK", block)
    assert by_line("12345678\n1\n12345678" + end, most=8) == [(1, "12345678"), (2, "1"), (3, "12345678")]
    with pytest.raises(Damaged, match=r"^line 3 is longer than 8 bytes$"):
        by_line("1\n2\n1234567890" + end, most=8)
    with pytest.raises(Damaged, match=r"^line 2 is longer than 8 bytes$"):
        by_line("1\n123456789\n2" + end, most=8)


def test_a_line_without_end_is_not_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "_BLOCK", 4)
    handle = io.BytesIO(b"1\n" + b"x" * 1000)
    with pytest.raises(Damaged, match=r"^line 2 is longer than 8 bytes$"):
        list(lines(handle, 8))
    assert handle.tell() <= 16


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ("", False),
        ("\n \n", False),
        ('{"a":1}\n{"a":2}\n', True),
        ('\ufeff{"a":1}\r\n\r\n{"a":2}\r\n', True),
        ('\n {"a":1} \n', True),
        ('{"a":1}\n[1]\n5', True),
        ('{bad}\n{"a":1}', True),
        ('{"a":1}\n{"a":', True),
        ('{"a":1', False),
        ("[1]", False),
        ('[{"a":1},\n{"a":2}]', False),
        ('[\n{"a":1}\n]', False),
        ('{"a":\n{"b":1}\n}', False),
        ('[{"a":1}]\n{"a":2}', False),
        ('{\n"a": 1\n}', False),
        ('a}\n{"a":1}', False),
        ('{"releases":[]}', False),
        ('{"records":[{"ocid":"1"}]}', False),
        ('\n{"records":[]}\n\n', False),
        ('{"releases":{"ocid":"1"}}', True),
        ('{"releases":[]}\n{"releases":[]}', True),
        ('{"releases":[]}\n{"rel', True),
        ("1\n2\n3", False),
    ],
)
def test_one_object_a_line_is_told_from_an_object_spread_over_lines(sample: str, expected: bool) -> None:
    assert looks_like_lines(sample) is expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('\ufeff {"金额": 1.50, "n": [12345678901234567890, 1E2]}\t\r', {"金额": "1.50", "n": ["12345678901234567890", "1E2"]}),
        ("null", None),
        ('{"a":1', None),
        ("{} {}", None),
        ("[" * 100_000, None),
    ],
)
def test_numbers_are_read_as_they_are_written_and_no_json_is_none(text: str, value: Any) -> None:
    assert decoded(text) == value
    assert Decoder().value(text) == value


@pytest.mark.parametrize(
    ("text", "repeats", "value"),
    [
        ('{"n":1,"n":2}', True, {"n": "2"}),
        ('{"n":1,"m":0,"\\u006e":"2"}', True, {"n": "2", "m": "0"}),
        ('{"n":1,"n":2,"n":1}', True, {"n": "1"}),
        ('{"n":1,"n":1.0}', True, {"n": "1.0"}),
        ('{"a":"x","b":{"c":{"n":1,"n":2}},"d":1}', True, {"a": "x", "b": {"c": {"n": "2"}}, "d": "1"}),
        ('{"a":[{"m":1},[{"n":1,"n":2}],3]}', True, {"a": [{"m": "1"}, [{"n": "2"}], "3"]}),
        ('[{"n":null,"n":false},{"n":1}]', True, [{"n": False}, {"n": "1"}]),
        ('{"n":1,"n":1,"m":2}', False, {"n": "1", "m": "2"}),
        ('{"n":{"x":[1]},"n":{"x":[1]}}', False, {"n": {"x": ["1"]}}),
        ('{"a":{"n":1},"b":{"n":2}}', False, {"a": {"n": "1"}, "b": {"n": "2"}}),
        ("[]", False, []),
        ("{}", False, {}),
        ('"n"', False, "n"),
    ],
)
def test_an_object_contradicts_itself_wherever_it_stands(text: str, repeats: bool, value: Any) -> None:
    alone, after = Decoder(), Decoder()
    read = alone.value(text)
    assert (read, alone.repeats(read)) == (value, repeats)
    after.value('{"n":1,"n":2}')
    assert after.repeats(after.value(text)) is repeats, "what was decoded before makes no difference"


def test_a_block_holds_texts_with_their_numbers() -> None:
    found = as_block([Item(3, '{"姓名":"甲"}'), Item(7, "5")])
    assert found.to_pylist() == [{"text": '{"姓名":"甲"}', "_row": 3}, {"text": "5", "_row": 7}]
    assert [str(field.type) for field in as_block([]).schema] == ["string", "int64"]


AMOUNTS = [
    ('{"金额": 1.1234}', None),
    ('{"金额": 1.12345, "姓名": "王"}', '{"金额":"1.12345","姓名":"王"}'),
    ('{"金额": 1234567890.12}', None),
    ('{"金额": 12345678901.1}', '{"金额":"12345678901.1"}'),
    ('{"金额": 12345678901234567890}', None),
    ('{"编号": [1, {"n": -0.00001}]}', '{"编号":["1",{"n":"-0.00001"}]}'),
    ('{"金额": 1.12345, "金额": 2}', None),
    ('{"金额": 1.12345', None),
    ('{"姓名": "\\ud842", "金额": 1.12345}', '{"\\u59d3\\u540d":"\\ud842","\\u91d1\\u989d":"1.12345"}'),
]
"""What is delivered, and what the engine is given where a double would lose digits; None: the same."""


def test_long_numbers_become_strings_and_everything_else_stays_as_written(tmp_path: Path) -> None:
    data = "".join(text + "\n" for text, _ in AMOUNTS)
    said = [(row, given or text) for row, (text, given) in enumerate(AMOUNTS, start=1)]
    assert blocks_of(tmp_path, data) == [said]
    plain = list(enumerate((text for text, _ in AMOUNTS), start=1))
    assert blocks_of(tmp_path, data, verbatim=True) == [plain]


@pytest.mark.parametrize("number", ["1.12345", "12345678901.1"])
def test_one_long_number_alone_is_seen(number: str, tmp_path: Path) -> None:
    assert blocks_of(tmp_path, f'{{"n": {number}}}\n{{"n": 1.5}}\n') == [[(1, f'{{"n":"{number}"}}'), (2, '{"n": 1.5}')]]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ('{"a":1}\n{"a":2}\n{"a":3}\n{"a":4}\n{"a":5}\n', [f'{{"a":{n}}}' for n in range(1, 6)]),
        ('[{"a": 1}, 2,\n3, 4, 5]', ['{"a": 1}', "2", "3", "4", "5"]),
        ('{"releases": [1, 2, 3, 4, 5]}', ["1", "2", "3", "4", "5"]),
    ],
)
def test_no_block_has_more_rows_than_wanted(data: str, texts: list[str], mark: str, tmp_path: Path) -> None:
    rows = list(enumerate(texts, start=1))
    assert blocks_of(tmp_path, mark + data, most_rows=2) == [rows[:2], rows[2:4], rows[4:]]
    assert blocks_of(tmp_path, mark + data, most_rows=5) == [rows]


def test_an_array_is_given_in_stretches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it is, only a stretch of it is held at a time."""
    monkeypatch.setattr(json_stream, "_BLOCK", 8)
    found = blocks_of(tmp_path, '["12345", "1", "12", "12", "12345", "", "1", "2"]')
    assert [[text for _, text in block] for block in found] == [
        ['"12345"', '"1"'], ['"12"', '"12"'], ['"12345"', '""'], ['"1"', '"2"'],
    ]  # fmt: skip


def test_a_longer_value_than_allowed_is_damaged_in_lines_as_in_an_array(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "_CHUNK", 64)
    path = tmp_path / "a.json"
    for data in ('{"a":1}\n{"a":"' + "x" * 500 + '"}\n', '[1, "' + "x" * 500 + '"]'):
        path.write_text(data, "utf-8")
        with pytest.raises(Damaged, match="is longer than 100"):
            list(read_blocks(Utf8File(path, 0, path.stat().st_size, "utf-8"), 100, 1000))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": [1, None, "王"], "a": {"x": True}}, '{"b":[1,null,"王"],"a":{"x":true}}'),
        ({"名": ["\ud842", "王"]}, '{"\\u540d":["\\ud842","\\u738b"]}'),
        ("\udfff", '"\\udfff"'),
        ("𠮷", '"𠮷"'),
    ],
)
def test_a_value_is_written_without_spaces(value: Any, text: str) -> None:
    assert written(value) == text
