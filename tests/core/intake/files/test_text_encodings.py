"""A text file is proven in its encoding, and every character of it arrives as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezhi.intake.files import encoding
from xiezhi.intake.files.encoding import as_utf8, decode_sample
from xiezhi.intake.sheets.sheet import Part
from xiezhi.kernel.errors import RefusedDelivery

TABLE = "姓名,补贴金额\n张三,120.50\n"
BLOCK, LINES = 16, 4
MANY = b"1,2\n" * LINES
"""One block of whole lines."""


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few bytes are read at once: 4 MiB would take the tests seconds."""
    monkeypatch.setattr(encoding, "_BLOCK", BLOCK)


def delivered(folder: Path, data: bytes) -> tuple[Part, Path]:
    path, scratch = folder / "发放表.csv", folder / "scratch"
    path.write_bytes(data)
    scratch.mkdir()
    return Part(path, None, path), scratch


def text_of(folder: Path, data: bytes) -> tuple[str, str, bool]:
    """Its encoding, its text, and whether it is read where it lies. Nothing is left in the scratch folder."""
    part, scratch = delivered(folder, data)
    with as_utf8(part, scratch) as file:
        content = file.path.read_bytes()
        assert file.size == len(content)
        found = file.encoding, content[file.start :].decode(), file.path == part.path
    assert not list(scratch.iterdir())
    assert part.path.read_bytes() == data
    return found


def refused(folder: Path, data: bytes) -> tuple[str, int | None]:
    """Why a text is refused, and at which line."""
    part, scratch = delivered(folder, data)
    with pytest.raises(RefusedDelivery) as refusal, as_utf8(part, scratch):
        pass
    assert not list(scratch.iterdir())
    assert refusal.value.place is not None
    assert refusal.value.place.file == str(part.path)
    return refusal.value.code, refusal.value.place.row


@pytest.mark.parametrize(("mark", "codec", "told", "in_place"), [
    (b"", "utf-8", "utf-8", True),
    (b"\xef\xbb\xbf", "utf-8", "utf-8-sig", True),
    (b"\xff\xfe", "utf-16-le", "utf-16-le", False),
    (b"\xfe\xff", "utf-16-be", "utf-16-be", False),
    (b"", "utf-16-le", "utf-16-le", False),
    (b"", "utf-16-be", "utf-16-be", False),
    (b"", "gb18030", "gb18030", False),
])  # fmt: skip
def test_a_table_is_read_in_its_encoding(mark: bytes, codec: str, told: str, in_place: bool, tmp_path: Path) -> None:
    data = mark + TABLE.encode(codec)
    assert text_of(tmp_path, data) == (told, TABLE, in_place)
    assert decode_sample(data) == TABLE


@pytest.mark.parametrize("last", ["·", "三", "𠮷"])
def test_the_last_character_may_end_the_file(last: str, tmp_path: Path) -> None:
    assert text_of(tmp_path, f"姓名\n{last}".encode()) == ("utf-8", f"姓名\n{last}", True)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize(("char", "before"), [
    ("·", 1), ("三", 1), ("三", 2), ("、", 2), ("བ", 2), ("𠮷", 1), ("𠮷", 2), ("𠮷", 3),
])  # fmt: skip
def test_a_character_may_lie_across_two_blocks(char: str, before: int, tmp_path: Path) -> None:
    text = "x" * (BLOCK - before) + char + "\n"
    assert text_of(tmp_path, text.encode()) == ("utf-8", text, True)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize(("codec", "text"), [
    ("gb18030", "1" + "三" * BLOCK + "\n"),
    ("utf-16-le", "1" * (BLOCK // 2 - 1) + "𠮷\n"),
    ("utf-16-be", "1" * (BLOCK // 2 - 1) + "𠮷\n"),
])  # fmt: skip
def test_so_it_may_in_a_text_that_is_rewritten(codec: str, text: str, tmp_path: Path) -> None:
    assert text_of(tmp_path, text.encode(codec)) == (codec, text, False)


@pytest.mark.parametrize(("data", "code", "row"), [
    pytest.param(b"\x80", "encoding_unreadable", 1, id="one byte"),
    pytest.param(b"\x80\x80", "encoding_unreadable", 1, id="two bytes"),
    pytest.param(b"\xef\xbb\xbf" + "姓名\n张三\n".encode() + b"\xff\n1\n2\n", "encoding_unreadable", 3, id="marked as UTF-8"),
    pytest.param("姓名,乡镇\n张三李四\n".encode() + b"\xff\n1\n2\n", "encoding_unreadable", 3, id="lines behind the fault"),
    pytest.param("姓名\n".encode() + b"\xff\n" + "张三李四王五赵六\n".encode(), "encoding_mixed", 1, id="Chinese behind it"),
    pytest.param(b"1,2\n" * 20_000 + "张三李四王五赵六\n".encode() + b"\xff\n1\n", "encoding_unreadable", 20_002, id="far down"),
    pytest.param("姓名,金额\n张三,1\n".encode("gb18030") + b"\xff,2\n3\n", "encoding_unreadable", 3, id="none of GB18030"),
    pytest.param("姓名,金额\n张三,1\n李四".encode("gb18030")[:-1], "encoding_unreadable", 3, id="GB18030 cut off"),
    pytest.param(b"\xff\xfe" + TABLE.encode("utf-16-le") + b"1", "encoding_unreadable", 3, id="UTF-16 cut off"),
    pytest.param(b"\xff\xfe" + "地区\n上海\n".encode("utf-16-le") + b"\x00\xd81\x00\n\x00", "encoding_unreadable", 3, id="wide"),
    pytest.param("户".encode() + "名\n张三\n".encode("gb18030"), "encoding_unreadable", 1, id="mixed within a line"),
    pytest.param("姓名\n".encode() + "张三\n".encode("gb18030"), "encoding_mixed", 1, id="a header of two characters"),
    pytest.param("\n姓名\n".encode() + "张三\n".encode("gb18030"), "encoding_mixed", 2, id="below an empty line"),
    pytest.param("张三\n李四\n".encode("gb18030") + "王五".encode(), "encoding_mixed", 3, id="the last line without an end"),
    pytest.param("张三\n李四\n".encode("gb18030") + "王五\n赵六\n".encode(), "encoding_mixed", 3, id="the first of several"),
    pytest.param("École\n1\n".encode("latin-1"), "encoding_unreadable", 1, id="an accent at the beginning"),
    pytest.param("\nÉcole\n1\n".encode("latin-1"), "encoding_unreadable", 2, id="an accent at the second byte"),
    pytest.param(b"1,2\n" * 40_000 + "École\n1\n".encode("latin-1"), "encoding_unreadable", 40_001, id="an accent far behind"),
])  # fmt: skip
def test_a_text_that_cannot_be_read_is_refused_with_the_line(data: bytes, code: str, row: int, tmp_path: Path) -> None:
    assert refused(tmp_path, data) == (code, row)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize(("data", "code", "row"), [
    (b"\xef\xbb\xbf" + MANY + "张三\n".encode() + b"\xff\n1\n", "encoding_unreadable", LINES + 2),
    (MANY + "张三\n".encode("gb18030") + b"\xff\n1\n", "encoding_unreadable", LINES + 2),
    (MANY + "张三\n".encode("gb18030") + "李四\n1\n".encode(), "encoding_mixed", LINES + 2),
], ids=["UTF-8", "GB18030", "mixed"])  # fmt: skip
def test_the_lines_of_all_blocks_are_counted(data: bytes, code: str, row: int, tmp_path: Path) -> None:
    assert refused(tmp_path, data) == (code, row)


SECOND_BYTE_IN_ASCII = "黃趙孫馬羅謝許馮"


@pytest.mark.parametrize("text", [
    pytest.param("姓名\n" + SECOND_BYTE_IN_ASCII[:3] + "\n", id="three of five"),
    pytest.param(SECOND_BYTE_IN_ASCII[:7] + "張李陳", id="seven of ten"),
    pytest.param("個,還,線,鎬\n", id="second byte 0x80"),
])  # fmt: skip
def test_traditional_characters_are_no_accents(text: str, tmp_path: Path) -> None:
    assert text_of(tmp_path, text.encode("gb18030")) == ("gb18030", text, False)


def test_where_more_than_seven_of_ten_are_such_a_text_is_none_of_gb18030(tmp_path: Path) -> None:
    assert refused(tmp_path, (SECOND_BYTE_IN_ASCII + "張李").encode("gb18030")) == ("encoding_unreadable", 1)


GB18030_2022 = {
    b"\xa6\xd9\xa6\xda\xa6\xdb\xa6\xdc\xa6\xdd\xa6\xde\xa6\xdf": "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16",
    b"\xa6\xec\xa6\xed\xa6\xf3\xa8\xbc": "\ufe17\ufe18\ufe19\u1e3f",
    b"\xfe\x51\xfe\x52\xfe\x53\xfe\x6c\xfe\x76\xfe\x91": "\U00020087\U00020089\U000200cc\U000215d7\U0002298f\U000241fe",
    b"\xfe\x59\xfe\x61\xfe\x66\xfe\x67\xfe\x6d\xfe\x7e\xfe\x90\xfe\xa0": "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
}


def test_characters_of_names_that_gb18030_gave_code_points_late_have_them(tmp_path: Path) -> None:
    text = "姓名\n" + "\n".join(GB18030_2022.values())
    assert text_of(tmp_path, "姓名\n".encode("gb18030") + b"\n".join(GB18030_2022)) == ("gb18030", text, False)


def test_of_a_private_character_in_another_encoding_nobody_knows_what_it_is(tmp_path: Path) -> None:
    text = "姓名\n王\ue78d\n"
    assert text_of(tmp_path, text.encode("utf-16"))[1] == text


@pytest.mark.parametrize("text", [
    pytest.param("a\0b\0c\0\x7f\0", id="three characters and a control"),
    pytest.param("a\0b\0c\0d\0" + "1" * 34, id="less than a tenth of the bytes"),
    pytest.param("a\0" * 19 + "\0b", id="noughts on both sides"),
    pytest.param("a\0b\0c\0d\0" + "\0a\0b\0c\0d", id="as many on both sides"),
])  # fmt: skip
def test_noughts_in_a_damaged_text_do_not_make_it_utf16(text: str) -> None:
    assert decode_sample(text.encode()) == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [
    pytest.param("1,2\n" + "张" * 16, id="a tenth of the bytes"),
    pytest.param("城关 新店 石桥 张村 ", id="spaces"),
    pytest.param("1" * 20 + "一", id="a character that looks as if the bytes were swapped"),
])  # fmt: skip
def test_utf16_without_a_mark_is_known_by_its_separators(text: str, codec: str) -> None:
    assert decode_sample(text.encode(codec)) == text


@pytest.mark.parametrize(("head", "text"), [
    ("姓名,张".encode()[:-1], "姓名,"),
    ("姓名,张".encode()[:-2], "姓名,"),
    ("户主名,金额合\n".encode() + b"\xff,1\n", "户主名,金额合\n�,1\n"),
    ("户主名,金额合\n".encode("gb18030") + b"\xff,1\n", "户主名,金额合\n�,1\n"),
])  # fmt: skip
def test_a_sample_may_end_amid_a_character_and_hold_a_broken_byte(head: bytes, text: str) -> None:
    assert decode_sample(head) == text
