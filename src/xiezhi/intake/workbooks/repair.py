"""A workbook as its reader takes it: parts named by slashes, errors of formulas as texts, numbers as their format shows them.

The reader gives nothing for an error, and refuses those that came after 2007 (#SPILL!, #BLOCKED!, #PYTHON! …).
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from xiezhi.intake.sheets.sheet import Part
from xiezhi.intake.workbooks.number_formats import changing_styles, written_out
from xiezhi.kernel.no_values import ERRORS

_FORMULA = rb"(?:<(?:\w+:)?f[^>]*/>|<(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>)"
_ERROR = re.compile(
    rb"<((?:\w+:)?)c((?:\s[^>]*?)?)\st\s*=\s*[\"']e[\"']([^>]*)>(" + _FORMULA + rb"?)<(?:\w+:)?v>(#[^<]*)</(?:\w+:)?v>", re.DOTALL
)
_UNRECKONED = re.compile(rb"<((?:\w+:)?)c(\s[^>]*[^/])>(" + _FORMULA + rb")</(?:\w+:)?c>")
"""A formula of which the program that wrote the file left no result: there is a value, and nobody knows it."""

_NOUGHT = re.compile(rb"<((?:\w+:)?)c(\s[^>]*[^/])>(" + _FORMULA + rb")<(?:\w+:)?v>0(?:[.]0+)?</(?:\w+:)?v></(?:\w+:)?c>")
"""A formula whose result is 0."""

_NOUGHT_BEHIND = re.compile(rb"f[^<>]*><(?:\w+:)?v>0[.<]")
"""What such a formula ends with: found, or not, at a fraction of the cost."""

_RECKONED_LATER = re.compile(rb"<(?:\w+:)?calcPr\s[^>]*fullCalcOnLoad\s*=\s*[\"'](?:1|true)[\"']")
"""The workbook asks to be reckoned when it is opened: a program wrote it that does not reckon, and puts 0 for what it does not
know. Spreadsheets, which do, ask for nothing."""

_STRUCK_RUN = re.compile(
    rb"(<(?:\w+:)?r>\s*<(?:\w+:)?rPr>(?:(?!</(?:\w+:)?rPr>).)*?<(?:\w+:)?strike(?:\s*/|\s+val\s*=\s*[\"'](?:1|true)[\"']\s*/)>"
    rb"(?:(?!</(?:\w+:)?rPr>).)*</(?:\w+:)?rPr>\s*<(?:\w+:)?t[^>]*>)([^<]*)(</(?:\w+:)?t>)",
    re.DOTALL,
)
"""A run of text within a cell that is struck out, as rich text."""

_BARE_FORMULA = re.compile(rb"/></(?:\w+:)?c>|f></(?:\w+:)?c>")
_TYPE = re.compile(rb"\st\s*=\s*[\"']\w+[\"']")
_ANY_ERROR = b"#VALUE!"


def needs_repair(path: Path) -> bool:
    """Whether the reader would refuse the workbook for its parts' names, or lose errors or what a format shows."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        sheets = [name for name in names if name.lower().startswith("xl/worksheets/")]
        renamed = any("\\" in name for name in names)
        texts = [name for name in names if name.lower() == "xl/sharedstrings.xml"]
        later = _reckoned_later(archive)
        if renamed or changing_styles(archive):
            return True
        return any(_needs_repair(archive.read(name), later) for name in (*texts, *sheets))


def plain_copy(part: Part, scratch: Path) -> Path:
    """The workbook with parts named by slashes, errors as texts and numbers as shown; the caller deletes it.

    Call it for checked workbooks only: parts are read whole.
    """
    copy = scratch / f"{part.path.name[:60]}.{id(part):x}.plain.xlsx"
    with zipfile.ZipFile(part.path) as archive, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        styles, later = changing_styles(archive), _reckoned_later(archive)
        for entry in archive.infolist():
            name = entry.filename.replace("\\", "/")
            data = archive.read(entry)
            if name.lower().startswith("xl/worksheets/"):
                data = _UNRECKONED.sub(_failed, _ERROR.sub(_as_text, data))
                data = _NOUGHT.sub(_failed, data) if later else data
                data = written_out(data, styles) if styles else data
            if name.lower().startswith(("xl/worksheets/", "xl/sharedstrings")):
                data = _STRUCK_RUN.sub(_set_apart, data)
            out.writestr(name, data)
    return copy


def _reckoned_later(archive: zipfile.ZipFile) -> bool:
    books = (name for name in archive.namelist() if name.replace("\\", "/").lower() == "xl/workbook.xml")
    return any(_RECKONED_LATER.search(archive.read(name)) for name in books)


def _needs_repair(part: bytes, later: bool) -> bool:
    """The patterns are asked only of parts that hold their marks: they cost as much as reading the part."""
    marked = any(mark in part for mark in (b'"e"', b"'e'")) and _ERROR.search(part)
    struck = b"strike" in part and _STRUCK_RUN.search(part)
    nought = later and _NOUGHT_BEHIND.search(part) and _NOUGHT.search(part)
    return bool(marked or struck or nought or (_BARE_FORMULA.search(part) and _UNRECKONED.search(part)))


def _as_text(cell: re.Match[bytes]) -> bytes:
    prefix, before, behind, formula, error = cell.groups()
    known = error if error.decode("utf-8", "replace") in ERRORS else _ANY_ERROR
    return b'<%bc%b%b t="str">%b<%bv>%b</%bv>' % (prefix, before, behind, formula, prefix, known, prefix)


def _set_apart(run: re.Match[bytes]) -> bytes:
    """What is struck out within a cell is kept apart by brackets, or 900 struck out before 100 would be 900100."""
    before, text, behind = run.groups()
    return before + b"[" + text + b"]" + behind


def _failed(cell: re.Match[bytes]) -> bytes:
    prefix, attributes, formula = cell.groups()
    bare = _TYPE.sub(b"", attributes)
    return b'<%bc%b t="str">%b<%bv>%b</%bv></%bc>' % (prefix, bare, formula, prefix, _ANY_ERROR, prefix, prefix)
