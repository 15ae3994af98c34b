"""The door to what was delivered: a path in, its tables out, whatever the format, the packing and the encoding."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from xiezhi.intake.files import readers
from xiezhi.intake.files.reader_process import Job, open_sheets_apart
from xiezhi.intake.files.sniff import sniff
from xiezhi.intake.files.unpack import Found, find_parts
from xiezhi.intake.receipts.names import readable_name
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.sheet import BrokenRow, BrokenRows, HeaderScore, Limits, OcdsSheet, Part, Sheet
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.kernel.hashing import sha256

__all__ = ["BrokenRow", "BrokenRows", "Delivered", "Limits", "OcdsSheet", "Sheet", "open_delivered"]


APART = frozenset({"xlsx", "xls"})
"""Kinds whose libraries are native code, or take a whole file into memory: read in a process of their own."""


class Delivered(Iterator[Sheet]):
    """The sheets of a path, one by one. A refused file raises RefusedDelivery from `next`; calling `next` again goes on.

    Consume a sheet before asking for the next: what was unpacked for it is deleted then. The scratch folder is left empty.
    """

    def __init__(self, path: Path, limits: Limits, scratch: Path, ocds: bool | None, score: HeaderScore | None) -> None:
        self._limits, self._scratch, self._ocds, self._score = limits, scratch, ocds, score
        self._found: Iterator[Found] = find_parts(path, limits, scratch)
        self._sheets: Iterator[Sheet | RefusedDelivery] = iter(())
        self._silent: Part | None = None
        """The part that is open, until it has given a sheet or was refused: one that ends without a word is refused."""

    def __next__(self) -> Sheet:
        while True:
            part, self._silent = self._silent, None
            sheet = next(self._sheets, None)
            if isinstance(sheet, RefusedDelivery):
                raise sheet
            if sheet is not None:
                return sheet
            if part is not None:
                raise refuse("no_table", part.file, member=part.member)
            found = next(self._found)
            if isinstance(found, RefusedDelivery):
                raise found
            self._sheets = self._open(found)
            self._silent = found

    def _open(self, part: Part) -> Iterator[Sheet | RefusedDelivery]:
        kind, part = sniff(self._openable(part), self._ocds)
        reader = next((reader for reader in _readers() if kind in reader.READS), None)
        if reader is None:
            raise refuse("unknown_format", part.file, member=part.member, what=kind)
        sheets: Iterator[Sheet | RefusedDelivery]
        if kind in APART:
            return open_sheets_apart(Job(reader.__name__, part, kind, self._limits, self._scratch, self._score))
        sheets = reader.open_sheets(part, kind, self._limits, self._scratch, self._score)
        return sheets

    def _openable(self, part: Part) -> Part:
        """Libraries open files by names in UTF-8; a name of other bytes gets one in scratch space."""
        if readable_name(part.path.name) == part.path.name:
            return part
        link = self._scratch / f"{sha256(os.fsencode(part.path))[:16]}{part.path.suffix if part.path.suffix.isascii() else ''}"
        if not link.is_symlink():
            link.symlink_to(part.path.absolute())
        return replace(part, path=link)


def open_delivered(
    path: Path, limits: Limits, scratch: Path, *, ocds: bool | None = None, looks_like_header: HeaderScore | None = None
) -> Delivered:
    """Every sheet of a file, a folder (sorted, with its subfolders) or what is packed in them.

    `ocds`: whether JSON is read as OCDS; None decides by content. `looks_like_header` counts known names in a row of cells
    and so finds a header that looks like none. `scratch` must exist and have room for the largest packed file, unpacked.
    """
    return Delivered(path, limits, scratch, ocds, looks_like_header)


def _readers() -> list[ModuleType]:
    """Every module in `readers/`: it says in READS which kinds it reads, and `open_sheets` opens them."""
    names = sorted(module.name for module in pkgutil.iter_modules(readers.__path__))
    return [importlib.import_module(f"{readers.__name__}.{name}") for name in names]
