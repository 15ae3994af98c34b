"""What a site decided on codes that a sender writes and no list knows: 框架供应 is a framework agreement, here and from now on.

A decision is one line of `code_decisions.csv` in the site's own content. It holds for one contract, so for one sender, and is a
repair by name on every receipt. Nothing shipped has one.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from xiezhi.contracts.codelist import Codelist
from xiezhi.contracts.complaint import complaint
from xiezhi.contracts.marked_csv import read_marked_csv

FILE = "code_decisions.csv"


@dataclass(frozen=True)
class CodeDecision:
    """`written` in a column of `codelist` in `contract` means `code`. `on`: YYYY-MM-DD."""

    contract: str
    codelist: str
    written: str
    code: str
    by: str
    on: str
    reason: str


COLUMNS = [field.name for field in fields(CodeDecision)]


def read_decisions(root: Path, codelists: Mapping[str, Codelist]) -> list[CodeDecision]:
    """The decisions in a content folder; none where it has no such file. Raises ContentError with file and line."""
    path = root / FILE
    if not path.is_file():
        return []
    return [_read(path, line, row, codelists) for line, row in read_marked_csv(path, COLUMNS) if row]


def _read(path: Path, line: int, row: list[str], codelists: Mapping[str, Codelist]) -> CodeDecision:
    if len(row) != len(COLUMNS) or not all(row):
        raise complaint(path, line, zh="每行七列,都要填写", en="each row needs all seven cells")
    decision = CodeDecision(*row)
    listed = codelists.get(decision.codelist)
    if listed is None:
        raise complaint(path, line, zh=f"没有代码表 {decision.codelist}", en=f"there is no codelist {decision.codelist}")
    if listed.title_of(decision.code) is None:
        raise complaint(path, line, zh=f"代码表中没有 {decision.code}", en=f"{decision.code} is not in the codelist")
    if listed.spellings.get(decision.written.upper(), decision.code) != decision.code:
        raise complaint(
            path, line, zh=f"{decision.written} 在代码表中另有所指", en=f"{decision.written} means another code of the list"
        )
    return decision


def add_decision(root: Path, decision: CodeDecision) -> Path:
    """Write one more line; returns the file."""
    path = root / FILE
    fresh = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        if fresh:
            out.writerow(COLUMNS)
        out.writerow(astuple(decision))
    return path


def with_decisions(contract: str, codelists: Mapping[str, Codelist], decisions: list[CodeDecision]) -> dict[str, Codelist]:
    """The codelists as one contract's sender writes them."""
    found = dict(codelists)
    for one in decisions:
        if one.contract == contract:
            listed = found[one.codelist]
            decided = {**listed.decided, one.written: one.code}
            # not model_copy: it would take along what the list has worked out of its codes
            found[one.codelist] = Codelist.model_validate(listed.model_dump() | {"decided": decided})
    return found
