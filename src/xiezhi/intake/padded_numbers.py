"""Numbers that a workbook shows with leading noughts by their format (`000000`): the code a person sees, and what is a key.

A reader gives the number alone, 42 for 000042, which is another code than the same one written as text elsewhere.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping

_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^>]*)>")
_NOUGHTS = re.compile(rb"\sformatCode\s*=\s*[\"'](0{2,})(?:[;_][^\"']*)?[\"']")
_FORMAT_ID = re.compile(rb"\snumFmtId\s*=\s*[\"'](\d+)[\"']")
_CELL_STYLES = re.compile(rb"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\s([^>]*)>")
_CELL = re.compile(
    rb"<((?:\w+:)?)c(\s[^>]*)>((?:<(?:\w+:)?f[^>]*/>|<(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>)?)<(?:\w+:)?v>(\d+)</(?:\w+:)?v>"
)
_STYLED = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']")
_TYPED = re.compile(rb"\st\s*=\s*[\"'](\w+)[\"']")

Widths = Mapping[int, int]
"""Number of a cell style → how many digits it shows at least."""


def padded_styles(archive: zipfile.ZipFile) -> Widths:
    """The cell styles of a workbook whose format is noughts alone; empty for almost every workbook."""
    part = next((name for name in archive.namelist() if name.replace("\\", "/").lower() == "xl/styles.xml"), None)
    if part is None:
        return {}
    styles = archive.read(part)
    widths: dict[bytes, int] = {}
    for [attributes] in (match.groups() for match in _FORMAT.finditer(styles)):
        noughts, number = _NOUGHTS.search(b" " + attributes), _FORMAT_ID.search(b" " + attributes)
        if noughts and number:
            widths[number[1]] = len(noughts[1])
    listed = _CELL_STYLES.search(styles)
    if not widths or listed is None:
        return {}
    used = [_FORMAT_ID.search(b" " + match[1]) for match in _STYLE.finditer(listed[0])]
    return {place: widths[number[1]] for place, number in enumerate(used) if number and number[1] in widths}


def written_out(sheet: bytes, widths: Widths) -> bytes:
    """A sheet's XML in which the numbers of these styles stand as texts with their noughts."""

    def as_text(cell: re.Match[bytes]) -> bytes:
        prefix, attributes, formula, digits = cell.groups()
        style, kind = _STYLED.search(attributes), _TYPED.search(attributes)
        width = widths.get(int(style[1]), 0) if style else 0
        if len(digits) >= width or (kind and kind[1] != b"n"):
            return cell[0]
        bare = _TYPED.sub(b"", attributes)
        return b'<%bc%b t="str">%b<%bv>%b</%bv>' % (prefix, bare, formula, prefix, digits.rjust(width, b"0"), prefix)

    return _CELL.sub(as_text, sheet)
