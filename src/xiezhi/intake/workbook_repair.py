"""A workbook as its reader takes it: parts named by slashes, error cells that it knows, numbers as their format shows them.

Error values came with Excel's versions (#SPILL!, #BLOCKED!, #PYTHON! …); an error cell holds nothing, whatever its name.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from xiezhi.intake.number_formats import changing_styles, written_out
from xiezhi.intake.sheet import Part

_FORMULA = rb"(?:<(?:\w+:)?f[^>]*/>|<(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>)?"
_ERROR_CELL = re.compile(
    rb"(<(?:\w+:)?c\s[^>]*?t\s*=\s*[\"']e[\"'][^>]*>" + _FORMULA + rb")<((?:\w+:)?v)>#[^<]*</(?:\w+:)?v>", re.DOTALL
)
_UNKNOWN_ERROR = re.compile(rb">#(?!N/A<|VALUE!<|REF!<|NAME\?<|NULL!<|NUM!<|DIV/0!<)[A-Z_/]+[!?]?<")


def needs_repair(path: Path) -> bool:
    """Whether the reader would refuse the workbook for parts' names or error values, or lose what a format shows."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        sheets = [name for name in names if name.lower().startswith("xl/worksheets/")]
        renamed = any("\\" in name for name in names)
        return renamed or bool(changing_styles(archive)) or any(_UNKNOWN_ERROR.search(archive.read(name)) for name in sheets)


def plain_copy(part: Part, scratch: Path) -> Path:
    """The workbook with parts named by slashes, error cells saying #N/A, and numbers as shown; the caller deletes it.

    Call it for checked workbooks only: parts are read whole.
    """
    copy = scratch / f"{part.path.name[:60]}.{id(part):x}.plain.xlsx"
    with zipfile.ZipFile(part.path) as archive, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        styles = changing_styles(archive)
        for entry in archive.infolist():
            name = entry.filename.replace("\\", "/")
            data = archive.read(entry)
            if name.lower().startswith("xl/worksheets/"):
                data = _ERROR_CELL.sub(rb"\1<\2>#N/A</\2>", data)
                data = written_out(data, styles) if styles else data
            out.writestr(name, data)
    return copy
