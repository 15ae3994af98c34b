"""Finds a table's header among its first rows: below titles and units, in one row or in two."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from xiezhi.contracts.header_matching import stated
from xiezhi.contracts.units import money_among, read_unit
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.sheet import HeaderScore, Heading, Part

LOOK_AT = 20
"""Rows in which the header must stand; delivered forms seldom have more than five lines of title."""

_LONGEST_NAME = 60
_NUMBER = re.compile(r"^[-+]?[\d\s.,:/\-%￥¥*Ee]*\d[\d\s.,:/\-%￥¥*EeXx]*$")
_DATE = re.compile(r"^\d{4}\s*[年/.\-]\s*\d{1,2}\s*([月/.\-].*)?$")
_DIGIT = re.compile(r"\d")
_LABELLED = re.compile(r"[:：]\s*\S")
_SPREAD = 0.6
"""A header names at least this share of the columns that data rows fill; a title row fills one or two."""


_IN_BRACKETS = re.compile(r"[()（）\[\]【】]")
_LEFT_OUT = re.compile(r"\s+|[(\[【{<《].*")
"""Of a cell that may name a column: blanks, and what stands in brackets behind the name."""


@dataclass(frozen=True)
class KnownNames:
    """A HeaderScore: how many cells of a row are among these names, which are plain."""

    names: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> KnownNames:
        return cls(frozenset(map(_plain, names)))

    def __call__(self, cells: list[str]) -> int:
        return sum(1 for cell in cells if cell and _plain(cell) in self.names)


def _plain(text: str) -> str:
    return _LEFT_OUT.sub("", unicodedata.normalize("NFKC", text)).casefold()


def find_heading(
    rows: list[list[str]], part: Part, sheet: str | None, most: int, score: HeaderScore | None
) -> tuple[Heading, int]:
    """The heading in `rows` (the first rows of the table) and how many rows it takes up, titles included.

    With a `score` the row with most known names wins; else the first row that looks like one.
    Raises RefusedDelivery `no_header` or `too_many_columns`.
    """
    at = _by_score(rows, score) if score else None
    at = _by_look(rows) if at is None else at
    if at is None:
        raise refuse("no_header", part.file, member=sheet or part.member, rows=LOOK_AT)
    first, last, names = _joined(rows, at, score)
    below = rows[last + 1] if last + 1 < len(rows) else []
    if _units_only(below):
        last, names = last + 1, _with_units(names, below)
    names = _distinct(_trimmed(names))
    if len(names) > most:
        raise refuse("too_many_columns", part.file, member=sheet or part.member, columns=len(names), most=most)
    return Heading(names, first + 1, rows[:first]), last + 1


def _by_score(rows: list[list[str]], score: HeaderScore) -> int | None:
    scores = [score(row) for row in rows[:LOOK_AT]]
    best = max(scores, default=0)
    return scores.index(best) if best >= 2 or (best and max(map(_filled, rows)) == 1) else None


def _by_look(rows: list[list[str]]) -> int | None:
    widths = sorted(_filled(row) for row in rows if _filled(row))
    typical = widths[len(widths) // 2] if widths else 0
    wanted = max(min(2, typical), typical * _SPREAD)
    for at, row in enumerate(rows[:LOOK_AT]):
        if _filled(row) >= wanted and _names_only(row):
            return at
    return None


def _names_only(row: list[str]) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    return bool(cells) and all(map(_is_name, cells)) and len(set(cells)) * 2 > len(cells)


def _is_name(cell: str) -> bool:
    return len(cell) <= _LONGEST_NAME and not (_NUMBER.match(cell) or _DATE.match(cell) or _LABELLED.search(cell))


def _joined(rows: list[list[str]], at: int, score: HeaderScore | None) -> tuple[int, int, list[str]]:
    """First and last row of the header and its names. Merged cells leave blanks that the other of two rows fills."""
    for top in (at, at - 1):
        if 0 <= top < len(rows) - 1 and _complete_each_other(rows[top], rows[top + 1]):
            below = rows[top + 2] if top + 2 < len(rows) else []
            if not _names_only(below) or _units_only(below):
                return top, top + 1, _pick(rows[top], rows[top + 1], score)
    return at, at, rows[at]


def _complete_each_other(top: list[str], bottom: list[str]) -> bool:
    """Both hold names only; each is blank where the other is not; the upper one's groups begin where the lower one goes on."""
    if not (_names_only(top) and _names_only(bottom)) or not top[0].strip():
        return False
    width = max(len(_trimmed(top)), len(_trimmed(bottom)))
    pairs = [(_cell(top, place), _cell(bottom, place)) for place in range(width)]
    grouped = [place for place, (above, below) in enumerate(pairs) if below and not above]
    spanned = any(above and not below for above, below in pairs)
    nothing_blank = all(above or below for above, below in pairs)
    return bool(grouped) and spanned and nothing_blank and all(pairs[place - 1][1] for place in grouped)


def _pick(top: list[str], bottom: list[str], score: HeaderScore | None) -> list[str]:
    """Group and name put together, or the name alone, whichever is better known."""
    width = max(len(_trimmed(top)), len(_trimmed(bottom)))
    joined, alone, group = [], [], ""
    for place in range(width):
        above, below = _cell(top, place), _cell(bottom, place)
        group = above or group
        joined.append(group + below if below else above)
        alone.append(_in_unit_of(group, below) if below else above)
    return alone if score and score(alone) > score(joined) else joined


def _in_unit_of(group: str, name: str) -> str:
    """The name alone, with the unit that its group states for it, unless it states one itself."""
    said = None if stated(name) else stated(group)
    return f"{name}({said.text})" if said and said.money else name


def _units_only(row: list[str]) -> bool:
    """A row of units below the names: no digit in it, money in one of its cells. Beside 万元, 万 and 元(含税) are units, too."""
    cells = [cell.strip() for cell in row if cell.strip()]
    plain = [read_unit(cell, bare=False, whole=True) for cell in cells]
    if any(map(_DIGIT.search, cells)) or not any(said and said.money for said in plain):
        return False
    return sum(bool(said or money_among(cell)) for said, cell in zip(plain, cells, strict=True)) * 2 > len(cells)


def _with_units(names: list[str], units: list[str]) -> list[str]:
    """补贴金额 above 万元 becomes 补贴金额(万元), as it would stand in one cell: 万 and 万元(含税) are read there, too."""
    said = [" ".join(_IN_BRACKETS.sub(" ", cell).split()) for cell in units]
    return [
        f"{name}({said[place]})" if name.strip() and place < len(said) and said[place] else name
        for place, name in enumerate(names)
    ]


def _distinct(names: list[str]) -> list[str]:
    """The second 金额 becomes 金额_2; columns without a name stay without."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(f"{name}_{seen[name]}" if name and seen[name] > 1 else name)
    return found


def _trimmed(row: list[str]) -> list[str]:
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""
