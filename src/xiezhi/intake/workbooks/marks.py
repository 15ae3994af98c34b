"""What an .xlsx says of its sheets beside their values: rows twice under one number, and what people hide or strike out.

The library that reads the values keeps one of two rows of a number, and knows nothing of the others. What is hidden, filtered out
or struck out is read all the same, so its sender is told.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from xiezhi.intake.workbooks.check import blocks
from xiezhi.kernel.words import Words

_YES = rb"\s*=\s*[\"'](?:1|true|on)[\"']"
_PLAIN_ROW = re.compile(rb'<row r="(\d{1,9})"')
_ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*[\"'](\d{1,9})[\"']")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?hidden" + _YES + rb"[^>]*(?<!/)>")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s(?=[^>]*?\bhidden" + _YES + rb")([^>]*)>")
_BOUND = re.compile(rb"\b(min|max)\s*=\s*[\"'](\d{1,9})[\"']")
_COMMENT = re.compile(rb"<(?:\w+:)?comment\s")

_FONTS = (re.compile(rb"<(?:\w+:)?fonts[\s>]"), re.compile(rb"</(?:\w+:)?fonts>"))
_FONT = re.compile(rb"<(?:\w+:)?font(?=[\s/>])")
_STRUCK = re.compile(rb"<(?:\w+:)?strike(?:\s+val" + _YES + rb")?\s*/?>")
_STYLES = (re.compile(rb"<(?:\w+:)?cellXfs[\s>]"), re.compile(rb"</(?:\w+:)?cellXfs>"))
_STYLE = re.compile(rb"<(?:\w+:)?xf(?=[\s/>])([^>]*)>")
_FONT_ID = re.compile(rb"\bfontId\s*=\s*[\"'](\d{1,9})[\"']")

_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")

Parts = Mapping[str, str]
"""Parts of a workbook by their names in lower case and with slashes → as the archive names them."""


@dataclass
class Marks:
    """What is marked in one sheet. `hidden_columns`: first and last of each range, from 1.

    `shown`: row → column, both from 0 → the text that a person sees in the place of what the reader gives.
    """

    hidden_rows: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    struck: int = 0
    comments: int = 0
    shown: dict[int, dict[int, str]] = field(default_factory=dict)
    _rows: array[int] = field(default_factory=lambda: array("Q"))

    def rows(self, rows: Iterator[list[Any]], first_column: int) -> Iterator[list[Any]]:
        """The reader's rows, the first of which is the sheet's, as they are shown; `first_column`: where they begin."""
        for number, cells in enumerate(rows):
            for column, text in self.shown.get(number, {}).items():
                if 0 <= column - first_column < len(cells):
                    cells[column - first_column] = text
            yield cells

    def take(self, block: bytes, struck: re.Pattern[bytes] | None) -> None:
        """One block of the sheet's XML. Asks for a word before it looks for a tag."""
        found = _PLAIN_ROW.findall(block)
        if len(found) < block.count(b"<row") + block.count(b":row"):
            found = _ROW.findall(block)
        self._rows.extend(map(int, found))
        if b"hidden" in block:
            self.hidden_rows += len(_HIDDEN_ROW.findall(block))
            for [attributes] in (match.groups() for match in _HIDDEN_COLUMN.finditer(block)):
                bounds = {name: int(at) for name, at in _BOUND.findall(attributes)}
                self.hidden_columns.append((bounds.get(b"min", 1), bounds.get(b"max", 1)))
        if struck:
            self.struck += len(struck.findall(block))

    @property
    def repeated(self) -> int | None:
        """The first row number that stands twice."""
        rows = np.frombuffer(self._rows, dtype=np.uint64)
        if len(rows) < 2 or bool((rows[1:] > rows[:-1]).all()):
            return None
        numbers, counts = np.unique(rows, return_counts=True)
        return int(numbers[counts > 1][0]) if bool((counts > 1).any()) else None

    def note(self, columns: int) -> Words | None:
        """What the sender of the sheet is told; `columns`: how many it has."""
        hidden = sum(max(0, min(last, columns) - first + 1) for first, last in self.hidden_columns)
        counts = (
            (self.hidden_rows, "隐藏或筛选掉的 {} 行", "{} row(s) hidden or filtered out"),
            (hidden, "隐藏的 {} 列", "{} hidden column(s)"),
            (self.struck, "带删除线的 {} 个单元格", "{} cell(s) struck out"),
            (self.comments, "{} 条批注(批注的内容不读)", "{} comment(s), which themselves are not read"),
        )
        said = [(zh.format(count), en.format(count)) for count, zh, en in counts if count]
        if not said:
            return None
        zh, en = "、".join(one for one, _ in said), ", ".join(one for _, one in said)
        return Words(
            zh=f"表中有{zh}:各单元格照常读取;若其中有不是要报送的数据,请删去后重新报送",
            en=f"the sheet has {en}: all cells were read all the same. Delete what is no part of the delivery and deliver again",
        )


def marks_of(path: Path) -> dict[str, Marks]:
    """Each sheet's marks by its name. Call it for checked workbooks only: small parts are read whole."""
    with zipfile.ZipFile(path) as archive:
        parts = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
        struck = _struck_cells(archive, parts)
        found = {}
        for name, sheet in _sheets(archive, parts):
            marks = found[name] = Marks()
            for block in blocks(archive, parts[sheet]):
                marks.take(block, struck)
            comments = [part for part in _related(archive, parts, sheet) if "comments" in part and part in parts]
            marks.comments = sum(len(_COMMENT.findall(archive.read(parts[part]))) for part in comments if "threaded" not in part)
        return found


def _sheets(archive: zipfile.ZipFile, parts: Parts) -> Iterator[tuple[str, str]]:
    """Names of sheets and of the parts that hold them."""
    targets = _relations(archive, parts, "xl/workbook.xml")
    for attributes in _tags(archive, parts, "xl/workbook.xml", _SHEET):
        part = targets.get(attributes.get("id", ""), "")
        if part in parts:
            yield attributes.get("name", ""), part


def _related(archive: zipfile.ZipFile, parts: Parts, part: str) -> list[str]:
    return list(_relations(archive, parts, part).values())


def _relations(archive: zipfile.ZipFile, parts: Parts, part: str) -> dict[str, str]:
    """The parts that a part refers to, by the numbers it gives them."""
    folder, name = posixpath.split(part)
    listed = _tags(archive, parts, f"{folder}/_rels/{name}.rels", _RELATION)
    targets = {one.get("Id", ""): one.get("Target", "").replace("\\", "/").lower() for one in listed}
    return {number: posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/") for number, target in targets.items()}


def _tags(archive: zipfile.ZipFile, parts: Parts, part: str, tag: re.Pattern[str]) -> list[dict[str, str]]:
    """The attributes of a part's tags, their prefixes left out."""
    if part not in parts:
        return []
    text = archive.read(parts[part]).decode("utf-8", "replace")
    return [
        {name.split(":")[-1]: html.unescape(one or other) for name, one, other in _ATTRIBUTE.findall(found)}
        for found in tag.findall(text)
    ]


def _struck_cells(archive: zipfile.ZipFile, parts: Parts) -> re.Pattern[bytes] | None:
    """Finds filled cells whose font is struck through; None where the workbook has no such font."""
    styles = archive.read(parts["xl/styles.xml"]) if "xl/styles.xml" in parts else b""
    if b"strike" not in styles:
        return None
    fonts = _FONT.split(_between(styles, _FONTS))[1:]
    struck = {place for place, font in enumerate(fonts) if _STRUCK.search(font)}
    used = [_FONT_ID.search(attributes) for attributes in _STYLE.findall(_between(styles, _STYLES))]
    places = [b"%d" % place for place, number in enumerate(used) if number and int(number[1]) in struck]
    if not places:
        return None
    return re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?s\s*=\s*[\"'](?:" + b"|".join(places) + rb")[\"'][^>]*(?<!/)>")


def _between(text: bytes, ends: tuple[re.Pattern[bytes], re.Pattern[bytes]]) -> bytes:
    """What stands between two tags. (One expression for both would look for the second from every first.)"""
    first = ends[0].search(text)
    last = ends[1].search(text, first.end()) if first else None
    return text[first.end() : last.start()] if first and last else b""
