"""What a browser shows of a stretch of HTML, as one text: hidden elements left out, what stands in lines of its own set apart.

Glued together, two amounts of one cell would be a third: 500 above 200 is not 500200.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Attributes = Mapping[str, str | None]

APART = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "dd", "details", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "label", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "select",
    "summary", "textarea", "title", "ul",
))  # fmt: skip
"""Elements that stand in lines of their own, and those of forms, which nobody reads as one word with their neighbours."""

VOID = frozenset((
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta",
    "param", "source", "track", "wbr",
))  # fmt: skip
"""Tags that nothing ends."""

_ASIDE = frozenset(("sup", "sub", "s", "strike", "del"))
"""Footnote marks and what was struck out: kept apart by brackets, or 2521 with a note 1 would be 25211."""

_UNSEEN = frozenset((
    "datalist", "iframe", "nav", "noframes", "noscript", "object", "rp", "rt", "script", "style", "svg", "template",
    "xml",
))  # fmt: skip
"""Elements whose text is none of the page's: programs, readings beside the words (ruby), what only other browsers show."""

_ENDED_BY = {
    "p": APART - {"body", "br", "button", "caption", "label", "legend", "option", "select", "textarea", "title"},
    "li": frozenset(("li",)),
    "dt": frozenset(("dt", "dd")),
    "dd": frozenset(("dt", "dd")),
}
"""Elements that may lack their end: the next of these tags ends them."""

_AS_WRITTEN = frozenset(("pre", "textarea"))
"""Where a line end in the source is a line end on the screen."""

_NOT_TYPED = frozenset(["button", "checkbox", "file", "hidden", "image", "password", "radio", "reset", "submit"])
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_SETS_APART = re.compile(r"display\s*:\s*(?:block|flex|grid|list-item|table)")
_BLANKS, _LINE_ENDS = re.compile(r"[\t\r\n\f][ \t\r\n\f]*| [ \t\r\n\f]+"), re.compile(r" *\n[ \n]*")


def is_hidden(attributes: Attributes) -> bool:
    """Whether an element says of itself that it is not shown."""
    return "hidden" in attributes or bool(_HIDES.search(_style(attributes)))


class VisibleText:
    """Told tags and text in their order, it keeps what is shown. `most`: characters of which more need not be kept.

    `hidden_too`: also what elements say of themselves to hide.
    """

    def __init__(self, most: int | None = None, *, hidden_too: bool = False) -> None:
        self._most, self._length, self._hidden_too = most, 0, hidden_too
        self._parts: list[str] = []
        self._unseen: list[str] = []
        self._options: list[tuple[bool, list[str]]] | None = None
        self._as_written = 0
        self._styled: list[tuple[str, bool]] = []

    @property
    def unseen(self) -> bool:
        """Whether what comes now stands in a hidden element."""
        return bool(self._unseen)

    @property
    def choosing(self) -> bool:
        """Whether a list of options is not at its end."""
        return self._options is not None

    def start(self, tag: str, attributes: Attributes) -> None:
        if self._unseen and tag in _ENDED_BY.get(self._unseen[-1], ()):
            self._unseen.pop()
        if self._unseen or tag in _UNSEEN or (is_hidden(attributes) and not self._hidden_too):
            self._unseen.extend([] if tag in VOID else [tag])
        elif tag == "select":
            self._options = []
        elif tag == "option" and self._options is not None:
            self._options.append(("selected" in attributes, []))
        elif tag == "input":
            self._say(_typed(attributes))
        elif tag in _ASIDE:
            self._say("[")
        elif tag in APART:
            self._say("\n")
        elif _SETS_APART.search(_style(attributes)):
            self._say("\n")
            self._styled.append((tag, True))
        elif any(tag == open_tag for open_tag, _ in self._styled) and tag not in VOID:
            self._styled.append((tag, False))  # or its end would be taken for that of the one around it
        self._as_written += tag in _AS_WRITTEN

    def end(self, tag: str) -> None:
        self._as_written = max(0, self._as_written - (tag in _AS_WRITTEN))
        if self._unseen:
            self._end_unseen(tag)
        elif tag == "select":
            self._choose()
        elif tag in _ASIDE:
            self._say("]")
        elif tag in APART and tag != "option":
            self._say("\n")
        elif any(tag == open_tag for open_tag, _ in self._styled):
            self._end_styled(tag)

    def say(self, text: str) -> None:
        """Text of the source; blanks and line ends in it are blanks."""
        if not self._unseen:
            self._say(text if self._as_written else _BLANKS.sub(" ", text))

    def take(self) -> str:
        """What was kept since the last time, in lines."""
        if self._options is not None:
            self._choose()
        if not self._parts:
            return ""
        text = "".join(self._parts).replace("\xa0", " ").replace("\r", "\n")
        self._parts, self._length = [], 0
        self._styled.clear()
        return _LINE_ENDS.sub("\n", text).strip() if "\n" in text else text.strip()

    def _say(self, text: str) -> None:
        if self._options is not None:
            if self._options:
                self._options[-1][1].append(text)
        elif self._most is None or self._length < self._most:
            self._parts.append(text)
            self._length += len(text)

    def _choose(self) -> None:
        """Of a list to choose from, the option that was chosen is shown, else the first."""
        options, self._options = self._options or [], None
        chosen = [text for selected, text in options if selected] or [text for _, text in options[:1]]
        if chosen:
            self._say("\n" + "".join(chosen[-1]) + "\n")

    def _end_styled(self, tag: str) -> None:
        """What a style set apart before is set apart behind it, too; elements inside may lack their end."""
        last = max(place for place, (open_tag, _) in enumerate(self._styled) if open_tag == tag)
        if any(apart for _, apart in self._styled[last:]):
            self._say("\n")
        del self._styled[last:]

    def _end_unseen(self, tag: str) -> None:
        """Elements inside a hidden one may lack their end; <rt> ends with its <ruby>."""
        if tag in self._unseen:
            last = len(self._unseen) - 1 - self._unseen[::-1].index(tag)
            del self._unseen[last:]
        elif tag == "ruby" and self._unseen[0] in ("rt", "rp"):
            self._unseen.clear()


def _typed(attributes: Attributes) -> str:
    """What stands in a field to type into. Nobody has sent it off yet, so it is no plain value: brackets set it apart."""
    value, kind = (attributes.get("value") or "").strip(), (attributes.get("type") or "text").lower()
    return f"[{value}]" if value and kind not in _NOT_TYPED else ""


def _style(attributes: Attributes) -> str:
    return (attributes.get("style") or "").lower()
