"""Lines of work, and as people read them: what the content in force says of each domain."""

from __future__ import annotations

from collections.abc import Mapping

from xiezhi.operations.domains import Domain, list_domains
from xiezhi.web.lake import core_config
from xiezhi.web.language import localise


def lines() -> Mapping[str, Domain]:
    """The lines of work by code: a rule's domain."""
    return list_domains(core_config())


def line_word(line: str) -> str:
    """What a line is called. One that is no longer among the content is shown as it is written."""
    found = lines().get(line)
    return line if found is None else localise(found.title)


def line_choices() -> list[tuple[str, str]]:
    """(code, word) of every line, for a form."""
    return [(line, localise(domain.title)) for line, domain in lines().items()]
