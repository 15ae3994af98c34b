"""A line break beside a tag of a template is layout, never a blank on the page.

Chinese is written without blanks, and in HTML every line break between two inline elements is one: `<a>甲</a>` and `<a>乙</a>`
on two lines read 甲 乙. So a template could be readable or right. Here white space that holds a line break and touches a tag
(`<a>`, `{% if %}`, `{{ name }}`) or an end of the file is left out before Django compiles the source; a blank that is meant
stands on its line, or is written `{{ " " }}` where the line has to end. Between the attributes of a tag one blank is left. In
values, `<pre>`, `<textarea>`, comments and blocktranslate (which has `trimmed`) nothing changes. Only our own pages are read so:
not those of other packages, and no text templates.

Rejected: `{% spaceless %}` (it sees no text and no `{{ }}`), and taking blanks out of finished pages (it costs every answer).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.template import Engine, Origin, TemplateDoesNotExist, base
from django.template.base import DebugLexer, Lexer, NodeList, Parser, Token, TokenType
from django.template.loaders.filesystem import Loader as Files
from django.template.utils import get_app_template_dirs

XIEZHI = Path(__file__).parents[2]
UNTOUCHED = re.compile(r"(?:blocktrans(?:late)?|comment|verbatim)\b")
VERBATIM = ("pre", "textarea", "script", "style")
OPENING = re.compile(r"<(?:!--|!|/[a-zA-Z]|([a-zA-Z][-\w]*))")
OF_TAG = re.compile("[>\"']")
BEFORE, AFTER, BETWEEN = re.compile(r"\s*\n\s*\Z"), re.compile(r"\A\s*\n\s*"), re.compile(r"\s*\n\s*")


class Template(base.Template):
    """Django's, but for what its lexer found: the lines keep their numbers for error messages."""

    def compile_nodelist(self) -> NodeList:
        tokens = (DebugLexer if self.engine.debug else Lexer)(self.source).tokenize()
        parser = Parser(list(set_tight(tokens)), self.engine.template_libraries, self.engine.template_builtins, self.origin)
        try:
            nodes = parser.parse()
        except Exception as error:
            if self.engine.debug:
                error.template_debug = self.get_exception_info(error, error.token)  # type: ignore[attr-defined]
            raise
        self.extra_data = parser.extra_data
        return nodes


class Loader(Files):
    """The pages of our own apps, and of the folders in the settings; each is compiled once."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.known: dict[str, Template | None] = {}  # by name, and by path for pages that extend one of their own name

    def get_dirs(self) -> list[str | Path]:
        ours = (Path(folder) for folder in get_app_template_dirs("templates"))
        return [*self.engine.dirs, *(folder for folder in ours if folder.is_relative_to(XIEZHI))]

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> base.Template:
        if template_name not in self.known:
            self.known[template_name] = self._found(template_name, [])
        template = self.known[template_name]
        if template is not None and skip and template.origin in skip:
            template = self._found(template_name, skip)
        if template is None:
            raise TemplateDoesNotExist(template_name)
        return template

    def _found(self, name: str, skip: list[Origin]) -> Template | None:
        origins = self.get_template_sources(name) if name.endswith(".html") else ()
        for origin in origins:
            if origin in skip or not Path(origin.name).is_file():
                continue
            if (known := self.known.get(origin.name)) is None:
                known = self.known[origin.name] = Template(self.get_contents(origin), origin, name, self.engine)
            return known
        return None

    def reset(self) -> None:
        self.known.clear()


def set_tight(tokens: Iterable[Token]) -> Iterator[Token]:
    """The same tokens without the white space that is only layout."""
    markup, inside = Markup(), ""
    for token in tokens:
        if inside:
            inside = "" if token.token_type == TokenType.BLOCK and token.contents.split(None, 1)[0] == f"end{inside}" else inside
        elif token.token_type == TokenType.BLOCK and UNTOUCHED.match(token.contents):
            inside = token.contents.split(None, 1)[0]
        elif token.token_type == TokenType.TEXT:
            token.contents = markup.read(token.contents)
        yield token


class Markup:
    """Reads the HTML between Django's tags; a tag, a quoted value or a `<pre>` may go on beyond the next of them."""

    def __init__(self) -> None:
        self.until = ""  # what ends the part we are in: `>`, a quote, `-->`, `</pre`; "" among text
        self.name = ""  # of the tag we are in

    def read(self, text: str) -> str:
        parts, at = [], 0
        while at < len(text):
            among = self.until
            end = self._end(text, at)
            part = text[at:end]
            parts.append(tight(part) if not among else BETWEEN.sub(" ", part) if among == ">" else part)
            at = end
        return "".join(parts)

    def _end(self, text: str, at: int) -> int:
        """Where the part that begins here ends; what comes then is noted."""
        if not self.until:
            found = OPENING.search(text, at)
            if found and found.start() > at:
                return found.start()
            if found:
                self.until, self.name = ("-->", "") if found[0] == "<!--" else (">", (found[1] or "").lower())
            return found.end() if found else len(text)
        found = (OF_TAG if self.until == ">" else re.compile(re.escape(self.until), re.IGNORECASE)).search(text, at)
        if found is None:
            return len(text)
        if self.until != ">":
            self.until = "" if self.until == "-->" else ">"
        elif found[0] == ">":
            self.until, self.name = (f"</{self.name}" if self.name in VERBATIM else ""), ""
        else:
            self.until = found[0]
        return found.end()


def tight(text: str) -> str:
    """Text between two tags, without the line breaks at its ends and the white space around them."""
    return AFTER.sub("", BEFORE.sub("", text))
