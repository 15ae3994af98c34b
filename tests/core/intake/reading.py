"""What the reader tests share: read a path whole, and files that no ordinary tool writes."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from xiezhi.intake.files.delivered import BrokenRow, Limits, Sheet, open_delivered
from xiezhi.kernel.errors import RefusedDelivery


@dataclass
class Read:
    """Everything a path gave: its sheets with their rows (`_row` first), and its refusals."""

    sheets: list[Sheet] = field(default_factory=list)
    rows: list[list[tuple[object, ...]]] = field(default_factory=list)
    refused: list[RefusedDelivery] = field(default_factory=list)

    @property
    def codes(self) -> list[str]:
        return [refused.code for refused in self.refused]

    @property
    def broken(self) -> list[BrokenRow]:
        return list(self.sheets[0].broken)


def read(path: Path, scratch: Path, limits: Limits | None = None, batch_rows: int = 1000, **how: object) -> Read:
    """Read a path as intake does: refused files are passed over."""
    found = Read()
    folder = scratch / "scratch"
    folder.mkdir(exist_ok=True)
    delivered = open_delivered(path, limits or Limits(), folder, **how)  # type: ignore[arg-type]
    while True:
        try:
            sheet = next(delivered)
            rows = _rows(sheet, batch_rows)
        except StopIteration:
            break
        except RefusedDelivery as refused:
            found.refused.append(refused)
            continue
        found.sheets.append(sheet)
        found.rows.append(rows)
    assert not list(folder.iterdir()), "scratch files are left"
    return found


def _rows(sheet: Sheet, batch_rows: int) -> list[tuple[object, ...]]:
    rows = []
    for batch in sheet.batches(batch_rows):
        assert batch.schema.names == [*(f"c{place}" for place in range(len(sheet.header))), "_row"]
        assert 0 < batch.num_rows <= batch_rows
        values = [column.to_pylist() for column in batch.columns]
        rows += list(zip(values[-1], *values[:-1], strict=True))
    return sorted(rows)


def set_flag(archive: Path, flag: int) -> None:
    """Set a general-purpose flag on every entry of a zip, in place."""
    data = bytearray(archive.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(magic)
        while at >= 0:
            flags = struct.unpack_from("<H", data, at + offset)[0]
            struct.pack_into("<H", data, at + offset, flags | flag)
            at = data.find(magic, at + 4)
    archive.write_bytes(bytes(data))


def rewrite_zip(source: Path, target: Path, change: dict[str, bytes]) -> None:
    """Copy a zip with some members replaced or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.pop(name, old.read(name)))
        for name, data in change.items():
            new.writestr(name, data)
