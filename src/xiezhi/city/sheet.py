"""One delivered file: its layout, its header and titles, and the faults that befall its rows on the way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from xiezhi.city.cells import Cells, Column
from xiezhi.city.dice import Dice
from xiezhi.city.faults import Family, families_for
from xiezhi.city.formats import Edits, Format, JsonLines, Separated, Workbook, open_bytes
from xiezhi.city.ledger import Ledger
from xiezhi.city.tables import TABLES, Field, Table

FAULT_RATE = 0.015
"""Share of rows that carry a fault."""

ROW_FAULTS = ("row_blank", "row_shifted", "row_short", "row_subtotal", "row_repeated")
SELDOM = frozenset({"name_dot", "id_lower_x"})
TEXT_FAULTS = frozenset({"row_shifted", "row_short"})
"""Only separated text can hold a row with too many or too few cells."""


@dataclass(frozen=True)
class SheetLayout:
    """How an office writes one table. `office` picks its header spellings; the suffix of `file` tells the format."""

    table: str
    file: str
    office: int = 0
    order: tuple[str, ...] = ()
    encoding: str = "utf-8"
    bom: bool = False
    separator: str = ","
    titles: tuple[str, ...] = ()
    total: str = ""
    """The money field that a closing total row adds up; empty: no such row."""
    heads: dict[str, str] = field(default_factory=dict)
    ten_thousands: tuple[str, ...] = ()
    """Money fields that this office delivers in ten thousand yuan (and says so in the header)."""
    member: str = ""
    faulty: bool = True

    @property
    def definition(self) -> Table:
        return TABLES[self.table]

    @property
    def fields(self) -> tuple[Field, ...]:
        if not self.order:
            return self.definition.fields
        return tuple(self.definition.field(name) for name in self.order)

    @property
    def header(self) -> list[str]:
        return [self.heads.get(one.name, one.head(self.office)) for one in self.fields]


ANY, MILD, NONE = 0, 1, 2
"""Which faults may befall a row: any, only those that can be repaired, none."""


@dataclass
class Block:
    """Rows for one file: a column for each field of the table. `guard` is ANY, MILD or NONE for each row."""

    columns: dict[str, Column]
    guard: NDArray[np.uint8]

    @property
    def rows(self) -> int:
        return int(self.guard.size)


class SheetWriter:
    """Writes blocks to one file and tells the ledger of every fault, by row and header."""

    def __init__(self, root: Path, layout: SheetLayout, dice: Dice, ledger: Ledger) -> None:
        self.layout, self._dice, self._ledger = layout, dice, ledger
        self.place = f"{layout.definition.department}/{layout.file}"
        path = root / self.place
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._format = self._open(path)
        self._may_befall = {guarded: _with_seldom(self._choices(guarded)) for guarded in (False, True)}
        self._row = 0
        self._seen = 0
        self._total = 0
        self._open_with_titles()

    def write(self, block: Block, *, repeated: bool = False) -> None:
        """Append the rows of a block, damaged here and there. `repeated` rows were all in an earlier file already."""
        if not block.rows:
            return
        fields = self.layout.fields
        columns = [block.columns[one.name].cells(self.layout.encoding) for one in fields]
        if self.layout.total:
            self._total += _sum_of(columns[[one.name for one in fields].index(self.layout.total)])
        columns, edits, notes = self._damage(columns, block.guard)
        if repeated:
            notes += [_Note(place, "", "row_overlap", "duplicate", "") for place in range(block.rows)]
        self._format.rows(columns, edits)
        self._note(notes, edits)
        self._row += block.rows + sum(len(rows) for rows in edits.after.values())
        self._seen += block.rows
        self._ledger.rows[self.layout.table] += block.rows

    def close(self) -> None:
        """Write the total row, where the office writes one, and close the file."""
        if self.layout.total and not self._is_json:
            cells = ["合计" if place == 0 else "" for place in range(len(self.layout.fields))]
            cells[[one.name for one in self.layout.fields].index(self.layout.total)] = (
                f"{self._total // 100}.{self._total % 100:02d}"
            )
            self._line(cells)
            self._ledger.fault(self.place, self.sheet, self._row, "", "row_total", "left_out", "footer_total")
        self._format.close()

    @property
    def sheet(self) -> str:
        """The name by which a receiver tells this sheet or member from others; empty for a plain file."""
        return self.layout.definition.title if self._is_book else self.layout.member

    @property
    def _is_json(self) -> bool:
        return ".jsonl" in self.layout.file

    @property
    def _is_book(self) -> bool:
        return self.layout.file.endswith(".xlsx")

    def _open(self, path: Path) -> Format:
        layout = self.layout
        if self._is_book:
            return Workbook(path, layout.definition.title, [one.kind == "money" for one in layout.fields])
        out = open_bytes(path, layout.member)
        if self._is_json:
            return JsonLines(out, layout.header)
        return Separated(out, layout.encoding, layout.separator, layout.bom)

    def _open_with_titles(self) -> None:
        for title in self.layout.titles:
            self._line([title])
            self._ledger.fault(self.place, self.sheet, self._row, "", "row_title", "ignored")
        if not self._is_json:
            self._line(self.layout.header)

    def _line(self, values: Sequence[str]) -> None:
        self._format.line(values)
        self._row += 1

    def _damage(self, columns: list[Cells], guard: NDArray[np.uint8]) -> tuple[list[Cells], Edits, list[_Note]]:
        edits, notes = Edits(), list[_Note]()
        if not self.layout.faulty:
            return columns, edits, notes
        rows = np.arange(self._seen, self._seen + guard.size)
        struck = np.flatnonzero(self._dice.chance(f"fault {self.place}", rows, FAULT_RATE) & (guard != NONE))
        picks = self._dice.draw(f"fault kind {self.place}", rows[struck])
        changed: dict[int, dict[int, bytes]] = {}
        for place, pick in zip(struck.tolist(), picks.tolist(), strict=True):
            if pick % 16 == 0 and guard[place] == ANY:
                self._damage_row(place, pick >> 4, columns, edits, notes)
            else:
                self._damage_cell(place, pick >> 4, columns, guard[place] != ANY, changed, notes)
        return [_with(cells, changed.get(place)) for place, cells in enumerate(columns)], edits, notes

    def _damage_cell(
        self,
        place: int,
        chance: int,
        columns: list[Cells],
        guarded: bool,
        changed: dict[int, dict[int, bytes]],
        notes: list[_Note],
    ) -> None:
        choices, seldom = self._may_befall[guarded]
        tries = [choices[(chance + attempt * 7) % len(choices)] for attempt in range(min(len(choices), 8))]
        for column, family in [*seldom, *tries] if chance % 2 else tries:
            value = columns[column][place].as_py().decode(self.layout.encoding)
            damaged = family.damage(value, chance >> 8) if value else None
            if damaged is not None:
                changed.setdefault(column, {})[place] = self._format.cell(damaged)
                notes.append(_Note(place, self.layout.header[column], family.name, family.outcome, family.word))
                return

    def _damage_row(self, place: int, chance: int, columns: list[Cells], edits: Edits, notes: list[_Note]) -> None:
        """A row out of shape, or one too many behind it."""
        kinds = [kind for kind in ROW_FAULTS if self._can(kind)]
        values = [cells[place].as_py().decode(self.layout.encoding) for cells in columns]
        kind = kinds[chance % len(kinds)]
        if kind == "row_shifted" and not values[-1]:
            kind = "row_short"  # an empty cell pushed over the edge leaves no trace that a cell is too many
        if kind in TEXT_FAULTS:
            edits.replaced[place] = ["", *values] if kind == "row_shifted" else values[: len(values) // 2]
            notes.append(_Note(place, "", kind, "set_aside", "column_count"))
            return
        extra, outcome, word = {
            "row_blank": ([] if self._is_json else [""] * len(values), "ignored", ""),
            "row_subtotal": (["小计", *[""] * (len(values) - 1)], "left_out", "footer_total"),
            "row_repeated": (values, "duplicate", ""),
        }[kind]
        edits.after[place] = [extra]
        notes.append(_Note(place, "", kind, outcome, word, behind=True))

    def _can(self, kind: str) -> bool:
        if kind in TEXT_FAULTS:
            return not (self._is_json or self._is_book)
        return kind != "row_subtotal" or bool(self.layout.total)

    def _choices(self, guarded: bool) -> list[tuple[int, Family]]:
        """Columns with the faults that may befall them here."""
        return [
            (column, family)
            for column, one in enumerate(self.layout.fields)
            for family in families_for(one.kind)
            if _befalls(family, one.firm, guarded)
        ]

    def _note(self, notes: list[_Note], edits: Edits) -> None:
        """Tell the ledger; rows put in before a place push its number down."""
        added = 0
        for note in sorted(notes, key=lambda one: (one.place, one.behind)):
            row = self._row + note.place + added + 1 + note.behind
            self._ledger.fault(self.place, self.sheet, row, note.column, note.family, note.outcome, note.word)
            added += note.behind


@dataclass(frozen=True)
class _Note:
    place: int
    column: str
    family: str
    outcome: str
    word: str
    behind: bool = False


def _with_seldom(choices: list[tuple[int, Family]]) -> tuple[list[tuple[int, Family]], list[tuple[int, Family]]]:
    """All choices, and those that few values allow: half of the time they are tried first, so that every city has some."""
    return choices, [choice for choice in choices if choice[1].name in SELDOM]


def _befalls(family: Family, firm: bool, guarded: bool) -> bool:
    """A guarded row keeps its values; an empty value sets aside where it is required, and is only graded where it is not."""
    if family.outcome == "repaired":
        return True
    return not guarded and firm == (family.outcome == "set_aside")


def _with(cells: Cells, changed: dict[int, bytes] | None) -> Cells:
    """The same cells but for those changed."""
    if not changed:
        return cells
    places = sorted(changed)
    mask = np.zeros(len(cells), dtype=bool)
    mask[places] = True
    return pc.replace_with_mask(cells, pa.array(mask), pa.array([changed[place] for place in places], pa.binary()))


def _sum_of(cells: Cells) -> int:
    """Fen in a column of amounts in yuan."""
    shown: Any = pc.replace_substring(cells.cast(pa.string()), ".", "")
    return int(pc.sum(pc.cast(shown, pa.int64())).as_py() or 0)
