"""Reads an HTML page: its tables, inner ones apart from those they stand in, and the text around them."""

from __future__ import annotations

from html.parser import HTMLParser

from xiezhi.intake.pages.lines import LONGEST, PageLines
from xiezhi.intake.pages.table import PageTable, Size
from xiezhi.intake.pages.visible_text import APART, VOID, Attributes, VisibleText, is_hidden

_CELLS, _GROUPS = ("td", "th"), ("thead", "tbody", "tfoot")
_PARTS = frozenset(("tr", *_CELLS, *_GROUPS))
_MOST_ACROSS, _MOST_DOWN = 1_000, 65_534
"""What browsers allow a cell to span."""


class Page(HTMLParser):
    """Feed it the page. `hidden` counts rows and cells that are not shown: they are read all the same.

    `hidden_too`: take the text around the tables whether it is shown or not.
    """

    def __init__(self, *, hidden_too: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[PageTable] = []
        self.lines = PageLines()
        self.size = Size()
        self.hidden = 0
        self._open: list[PageTable] = []
        self._around = VisibleText(LONGEST, hidden_too=hidden_too)
        self._place = 0

    def close(self) -> None:
        super().close()
        while self._open:
            self._end_table()
        self._say_around()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "table":
            self._begin_table(attributes)
        elif tag in _PARTS and self._open:
            self._begin_part(self._open[-1], tag, attributes)
        else:
            self._text.start(tag, attributes)
            self._line_ends(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._open:
            self._end_table()
        elif tag in _PARTS and self._open:
            self._end_part(self._open[-1], tag)
        elif tag not in VOID:
            self._text.end(tag)
            self._line_ends(tag)

    def handle_data(self, data: str) -> None:
        self._text.say(data)

    @property
    def _text(self) -> VisibleText:
        """The open cell's; else what stands around the tables, where browsers show also what stands between a table's rows."""
        return (self._open[-1].cell if self._open else None) or self._around

    def _begin_table(self, attributes: Attributes) -> None:
        if self._open and self._open[-1].cell is None:
            self._end_table()  # as browsers do where its end was forgotten
        self._say_around()
        hidden = self._text.unseen or is_hidden(attributes)
        if self._open and (cell := self._open[-1].cell):
            self._open[-1].hold(own := cell.take())
            self._say(own, self._open[-1])
        self.tables.append(PageTable(self._place, hidden, self.size))
        self._open.append(self.tables[-1])
        self._place += 1

    def _end_table(self) -> None:
        table = self._open[-1]
        self._end_part(table, "table")
        table.end_group()
        self._open.pop()
        self._place += 1
        table.end = self._place
        if self._open and self._open[-1].cell and not table.hidden:
            self._open[-1].hold(table.text())

    def _begin_part(self, table: PageTable, tag: str, attributes: Attributes) -> None:
        self._end_part(table, "")
        if tag in _GROUPS:
            table.end_group()
            return
        self.hidden += is_hidden(attributes)
        if tag == "tr":
            table.begin_row(self._place)
        else:
            across, down = attributes.get("colspan"), attributes.get("rowspan")
            table.begin_cell(self._place, _span(across, _MOST_ACROSS), _span(down, _MOST_DOWN))

    def _end_part(self, table: PageTable, tag: str) -> None:
        """A row, a cell or more ends, or another begins where an end was forgotten."""
        self._say_around()
        if table.cell:
            own = table.cell.take()
            if table.holds:
                self._say(own, table)
            table.end_cell(own)
        if tag == "tr":
            table.end_row()
        elif tag in _GROUPS:
            table.end_group()

    def _line_ends(self, tag: str) -> None:
        if tag in APART and self._text is self._around and not self._around.choosing:
            self._say_around()

    def _say_around(self) -> None:
        if text := self._around.take():
            place = self._open[-1].start if self._open else self._place
            for line in text.split("\n"):
                self.lines.add(place, [line])

    def _say(self, text: str, table: PageTable) -> None:
        """A text beside an inner table, in a cell that serves the layout."""
        for line in text.split("\n"):
            if not table.hidden:
                self.lines.add(self._place, [line])


def _span(text: str | None, most: int) -> int:
    if text is None:
        return 1
    said = text.strip()[:9]
    return max(1, min(int(said), most)) if said.isascii() and said.isdecimal() else 1
