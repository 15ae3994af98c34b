"""Markdown as it goes onto a page: no raw HTML, no pictures, no addresses elsewhere, no styles; headings with anchors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from xiezhi.web.accounts.roles import ROLES, Duty
from xiezhi.web.help.queries import Guide, Topic, guides, topics
from xiezhi.web.language import localise

LINK = re.compile(r"(?:\.\./)?(?:(guides|pages)/)?([\w-]+)\.md(#[\w-]+)?")


@dataclass(frozen=True)
class Heading:
    id: str
    words: str


@dataclass(frozen=True)
class Text:
    """`html` of a document, and its headings of the second level for the table of contents."""

    html: SafeString
    headings: tuple[Heading, ...]


def shown(document: Guide | Topic, *, entry: bool = False) -> Text:
    """`entry`: on a page before sign-in, whose links stay there where they can."""
    tokens = _parser().parse(document.text)
    headings = tuple(_anchored(tokens))
    folder = "guides" if isinstance(document, Guide) else "pages"
    for token in _all(tokens):
        token.attrs.pop("style", None)  # of a column's alignment: the content security policy refuses it
        if token.type == "link_open":
            token.attrs["href"] = address_of(str(token.attrs["href"]), folder, entry=entry)
    return Text(mark_safe(_parser().renderer.render(tokens, _parser().options, {})), headings)


def address_of(href: str, folder: str, *, entry: bool = False) -> str:
    """Where a link from one file of the manual to another leads on the site. Raises ValueError for any other link."""
    found = LINK.fullmatch(href)
    if found is None:
        raise ValueError(f"no link within the manual: {href}")
    place, name, part = found[1] or folder, found[2], found[3] or ""
    if place == "guides" and name in guides():
        return reverse("help:guide", args=[name]) + part
    if place == "pages" and name in topics():
        before = entry and topics()[name].entry
        return reverse("help:entry" if before else "help:topic", args=[name]) + part
    raise ValueError(f"the manual has no such page: {href}")


def opened_by(topic: Topic) -> str:
    """Who may open the page it is about, as its guard says."""
    view = _doors().get(topic.routes[0])
    asked = set(topic.asks) or {getattr(view, "permission", None)} - {None}
    if not asked:
        return _("不用登录") if getattr(view, "audience", "") == "public" else _("登录的每个人")
    people = [role for role in ROLES.values() if role.duty != Duty.MACHINE and asked & role.permissions]
    return _("、").join(localise(role.title) for role in people)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_block", "html_inline"])
    parser.add_render_rule("softbreak", _no_blank)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    return parser


def _no_blank(_renderer: Any, _tokens: Sequence[Token], _place: int, _options: Any, _env: Any) -> str:
    """Chinese is written without blanks: a line that goes on in the next one is one line."""
    return ""


def _table_open(_renderer: Any, _tokens: Sequence[Token], _place: int, _options: Any, env: dict[str, int]) -> str:
    """In the frame that scrolls, which has a name of its own among the page's regions."""
    env["tables"] = env.get("tables", 0) + 1
    named = _("表格 %(number)s") % {"number": env["tables"]}
    return f'<div class="table-frame" tabindex="0" role="region" aria-label="{named}"><table class="table-list">\n'


def _table_close(_renderer: Any, _tokens: Sequence[Token], _place: int, _options: Any, _env: Any) -> str:
    return "</table></div>\n"


def _anchored(tokens: Sequence[Token]) -> Iterator[Heading]:
    number = 0
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            number += 1
            token.attrs["id"] = f"part-{number}"
            yield Heading(f"part-{number}", tokens[place + 1].content)


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or ())


@cache
def _doors() -> dict[str, Callable[..., Any]]:
    """Route → the view behind its guard."""
    return dict(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: Sequence[Any], before: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, f"{before}{one.namespace}:" if one.namespace else before)
        elif isinstance(one, URLPattern) and one.name:
            yield f"{before}{one.name}", one.callback
