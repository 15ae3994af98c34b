"""A list of events as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO

from xiezhi.kernel.spreadsheet import row_of

IN_MEMORY = 4 << 20


def written(header: Sequence[str], rows: Iterable[Sequence[object]]) -> tuple[IO[bytes], int]:
    """An open file, at its beginning, and how many rows it has. With a mark at its start, so that Excel reads UTF-8."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer, count = csv.writer(text), 0
    writer.writerow(row_of(header))
    for row in rows:
        writer.writerow(row_of(row))
        count += 1
    text.detach()
    file.seek(0)
    return file, count
