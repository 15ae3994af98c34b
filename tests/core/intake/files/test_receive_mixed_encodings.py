"""Two encodings in one file, or none that is read here: refused with the line, so that no name becomes other characters."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.receiving import HEADER, Site, payment

from xiezhi.intake.files.encoding import as_utf8, decode_sample
from xiezhi.intake.sheets.sheet import Part
from xiezhi.kernel.errors import RefusedDelivery


def lines(*encodings: str) -> bytes:
    rows = [HEADER, *(payment(at, 姓名="张三丰") for at in range(1, len(encodings)))]
    return b"".join((",".join(row) + "\n").encode(encoding) for row, encoding in zip(rows, encodings, strict=True))


@pytest.mark.parametrize("line", [1, 2, 5, 40])
@pytest.mark.parametrize(("most", "odd"), [("gb18030", "utf-8"), ("utf-8", "gb18030")])
def test_one_line_of_another_encoding_refuses_the_file(site: Site, tmp_path: Path, most: str, odd: str, line: int) -> None:
    encodings = [most] * 60
    encodings[line - 1] = odd
    path = tmp_path / "a.csv"
    path.write_bytes(lines(*encodings))
    [receipt] = site.receive(path)
    assert receipt.refusal is not None
    assert receipt.refusal.code in ("encoding_mixed", "encoding_unreadable")
    assert "张三丰".encode().decode("gb18030", errors="replace") not in receipt.refusal.zh


def test_the_line_is_named(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(lines(*["gb18030"] * 8, "utf-8", *["gb18030"] * 3))
    [receipt] = site.receive(path)
    assert receipt.refusal is not None
    assert receipt.refusal.code == "encoding_mixed"
    refused = site.lake.paths.receipt(receipt.delivery, "html").read_text("utf-8")
    assert "混有 GB18030 和 UTF-8 两种编码(自第 9 行)" in refused


def test_accents_of_western_europe_are_not_read_as_chinese(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"姓名":"x"}\n'.encode("ascii", "ignore") + '{"name":"Société Générale d\'équipement"}\n'.encode("latin-1"))
    [receipt] = site.receive(path)
    assert receipt.refusal is not None
    assert receipt.refusal.code == "encoding_unreadable"
    assert receipt.refusal.zh == "第 2 行的文字编码不对:既不是 UTF-8,也不是 GB18030 或 UTF-16"


def test_traditional_and_rare_characters_of_gb18030_are_read(site: Site, tmp_path: Path) -> None:
    names = ["張三豐", "龜鬱", "劉備關羽", "𠮷田", "㐂", "喆"]
    path = tmp_path / "a.csv"
    rows = [HEADER, *(payment(at, 姓名=name) for at, name in enumerate(names, 1))]
    path.write_bytes("\n".join(",".join(row) for row in rows).encode("gb18030"))
    [receipt] = site.receive(path)
    assert (receipt.refused, receipt.delivered) == (False, len(names))


@pytest.mark.parametrize("text", ["a,b\n", "a b\n", "姓名,金额\n张三,1\n"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_four_ascii_characters_beside_noughts_are_utf16_without_a_mark(text: str, encoding: str) -> None:
    assert decode_sample(text.encode(encoding)) == text


@pytest.mark.parametrize("text", ["a\0b\0", "1,2\n" * 50 + "a\0b\0c\0d\0e\0"])
def test_a_few_noughts_are_characters_of_a_text_like_others(text: str) -> None:
    assert decode_sample(text.encode()) == text


@pytest.mark.parametrize(("text", "code", "row"), [
    ("姓名,乡镇\n张三李四\n".encode() + b"\xff", "encoding_unreadable", 3),
    ("姓名,乡镇\n张三李\n".encode() + b"\xff", "encoding_mixed", 1),
    ("姓名,乡镇\n张三,城关镇\n".encode()[:-2], "encoding_unreadable", 2),
])  # fmt: skip
def test_a_broken_byte_behind_eight_chinese_characters_is_none_of_gb18030(
    text: bytes, code: str, row: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text)
    with pytest.raises(RefusedDelivery) as refused, as_utf8(Part(path, None, path), tmp_path):
        pass
    assert refused.value.place is not None
    assert (refused.value.code, refused.value.place.row) == (code, row)
