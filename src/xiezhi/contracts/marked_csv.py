"""CSV that remembers its lines: the rows of a content file, with file and line in every complaint."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from xiezhi.contracts.complaint import complaint


def read_marked_csv(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Each row below the header, which must be `columns`, and the line on which it ends.

    ContentError where the header is another, or the file is not UTF-8 (spreadsheets save Chinese in GBK).
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise complaint(path, line, zh="不是 UTF-8 编码,请另存为 CSV UTF-8", en="not UTF-8; save it as CSV UTF-8") from error
    rows = csv.reader(io.StringIO(text, newline=""))
    if next(rows, None) != list(columns):
        raise complaint(path, 1, zh=f"表头应为 {','.join(columns)}", en=f"the header must be {','.join(columns)}")
    for row in rows:
        yield rows.line_num, row
