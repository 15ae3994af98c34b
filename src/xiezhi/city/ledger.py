"""What the generator knows and the receiver does not: truth.csv (planted and look-alikes) and faults.csv (each damaged cell)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

TRUTH_COLUMNS = ("rule", "variant", "role", "subject_kind", "subject", "counterpart_kind", "counterpart", "hints", "note")
FAULT_COLUMNS = ("file", "sheet", "row", "column", "family", "outcome", "word")


class Ledger:
    """Writes both files as it goes; keeps only counts."""

    def __init__(self, folder: Path) -> None:
        self._files: list[TextIO] = []
        self._truth = self._open(folder / "truth.csv", TRUTH_COLUMNS)
        self._faults = self._open(folder / "faults.csv", FAULT_COLUMNS)
        self.truths: Counter[tuple[str, str]] = Counter()
        self.faults: Counter[str] = Counter()
        self.rows: Counter[str] = Counter()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for handle in self._files:
            handle.close()

    def truth(
        self,
        rule: str,
        role: str,
        subject: tuple[str, str],
        *,
        variant: str = "",
        counterpart: tuple[str, str] = ("", ""),
        note: str = "",
        **hints: Any,
    ) -> None:
        """One line of truth.csv. `role` is planted or look_alike; subject and counterpart are (kind, delivered value)."""
        told = ";".join(f"{name}={value}" for name, value in hints.items())
        self._truth.writerow([rule, variant, role, *subject, *counterpart, told, note])
        self.truths[rule, role] += 1

    def fault(self, file: str, sheet: str, row: int | str, column: str, family: str, outcome: str, word: str = "") -> None:
        """One line of faults.csv. `row` counts from 1 with titles and header; empty for a whole file."""
        self._faults.writerow([file, sheet, row, column, family, outcome, word])
        self.faults[family] += 1

    def _open(self, path: Path, columns: Sequence[str]) -> Any:
        handle = path.open("w", encoding="utf-8", newline="")
        self._files.append(handle)
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        return writer
