"""Under which contract delivered files would be received: asked before anything enters the lake."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xiezhi.contracts.loader import load_contracts
from xiezhi.intake.delivered import Limits, open_delivered
from xiezhi.intake.recognise import header_score, recognise
from xiezhi.intake.sheet import Sheet
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.operations.config import CoreConfig


@dataclass(frozen=True)
class SheetFound:
    """A sheet or member of a file. `contract` and `department` None where receiving would refuse it."""

    file: str
    member: str | None
    sheet: str | None
    contract: str | None
    department: str | None


def recognise_files(config: CoreConfig, paths: Sequence[Path], scratch: Path) -> list[SheetFound]:
    """Every sheet of the files, recognised by its header alone. Reads headers only; writes nothing but scratch space."""
    contracts = load_contracts(config.content_roots)
    score = header_score(contracts, None)
    scratch.mkdir(parents=True, exist_ok=True)
    found: list[SheetFound] = []
    with tempfile.TemporaryDirectory(prefix="recognise-", dir=scratch) as room:
        for path in paths:
            sheets = open_delivered(path, Limits(), Path(room), looks_like_header=score)
            for sheet in _readable(sheets):
                try:
                    contract = recognise(sheet, contracts, None).contract
                except RefusedDelivery:
                    found.append(SheetFound(sheet.file.name, sheet.member, sheet.sheet, None, None))
                else:
                    found.append(SheetFound(sheet.file.name, sheet.member, sheet.sheet, contract.name, contract.department))
    return found


def _readable(sheets: Iterator[Sheet]) -> Iterator[Sheet]:
    """The sheets that can be opened; why the others cannot, their receipts will say."""
    while True:
        try:
            sheet = next(sheets, None)
        except RefusedDelivery:
            continue
        if sheet is None:
            return
        yield sheet
