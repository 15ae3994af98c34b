"""A reader that does what libraries do with files made to hurt them: what, the file's name says."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from xiezhi.intake.sheets.sheet import Heading, Limits, Part, Sheet


class Harmless(Sheet):
    """One row, after what the file's name says."""

    format = "xlsx"

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        if self._part.name.startswith("late_"):
            hurt(self._part.name.removeprefix("late_"))
        yield pa.RecordBatch.from_pydict({"c0": ["甲"], "_row": pa.array([2], pa.int64())})


def open_sheets(part: Part, _kind: str, limits: Limits, scratch: Path, _score: Any) -> Iterator[Sheet]:
    hurt(part.name)
    yield Harmless(part, Heading(["a"], 1), limits, scratch, sheet="一")
    yield Harmless(part, Heading(["a"], 1), limits, scratch, sheet="二")


def hurt(how: str) -> None:
    """As the name says; any other name does nothing."""
    held = []
    match how:
        case "abort":
            os.abort()
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hungry":
            while True:
                held.append(bytearray(64 << 20))
        case "endless":
            while True:
                pass
        case "wrong":
            raise KeyError("a mistake of ours")
