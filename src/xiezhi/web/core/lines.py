"""Lines of work as people read them: what the content in force says of each domain."""

from __future__ import annotations

from xiezhi.web.core import gateway
from xiezhi.web.core.language import localise


def line_word(line: str) -> str:
    """What a line is called. One that is no longer among the content is shown as it is written."""
    found = gateway.domains().get(line)
    return line if found is None else localise(found.title)


def line_choices() -> list[tuple[str, str]]:
    """(code, word) of every line, for a form."""
    return [(line, line_word(line)) for line in gateway.domains()]
