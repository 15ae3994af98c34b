"""The English of the interface: `python -m xiezhi.web.kit.messages [--check | --write | --prune]`.

Source texts are Chinese literals; each app keeps its English in `locale/en/LC_MESSAGES/django.po`, and an entry of one app serves
all. Without an option this compiles them to the .mo files that Django reads, so that no machine needs GNU gettext.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

from xiezhi.kernel.durable import write_durably
from xiezhi.kernel.errors import ContentError, XiezhiError
from xiezhi.kernel.language import command_language

WEB = Path(__file__).parent.parent
CATALOGUE = Path("locale", "en", "LC_MESSAGES", "django.po")
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e]")
HOLES = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
HEADER = (
    'msgid ""\nmsgstr ""\n"Language: en\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)
KEYWORDS = ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy")
LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)", re.DOTALL)


@dataclass(frozen=True)
class Text:
    """One text a person reads, and where it stands. `plural` and `context` are "" for most."""

    said: str
    plural: str
    context: str
    app: str
    place: str

    @property
    def key(self) -> tuple[str, str]:
        return (self.context, self.said)


def main(argv: Sequence[str] | None = None) -> int:
    arguments = set(sys.argv[1:] if argv is None else argv)
    language = command_language()
    try:
        if "--write" in arguments or "--prune" in arguments:
            for line in write(prune="--prune" in arguments):
                print(line)
        else:
            if "--check" in arguments:
                check()
            compile_all()
    except XiezhiError as error:
        print(error.message(language), file=sys.stderr)
        return error.exit_code
    return 0


def apps(web: Path = WEB) -> list[Path]:
    return sorted(folder for folder in web.iterdir() if (folder / "__init__.py").is_file())


def texts(web: Path = WEB) -> Iterator[Text]:
    """Every translatable text of every app."""
    for app in apps(web):
        for path in sorted(app.rglob("*.py")):
            yield from _python_texts(path, app)
        for path in sorted(_templates(app)):
            yield from _template_texts(path, app)


def untranslatable(web: Path = WEB) -> list[str]:
    """Places where a template says Chinese outside every translation tag: no language can change it."""
    found: list[str] = []
    for app in apps(web):
        for path in sorted(_templates(app)):
            found += [f"{path.relative_to(web)}:{line}" for line in _bare_chinese(path.read_text("utf-8"))]
    return found


def problems(web: Path = WEB) -> list[str]:
    """One line for each text without English, with holes that do not fit, or that no catalogue can reach."""
    known = _entries(web)
    lines = [f"{place}: 模板里的文字没有放进翻译标签 / text outside every translation tag" for place in untranslatable(web)]
    for text in texts(web):
        message = known.get(text.key)
        if message is None or not _filled(message):
            lines.append(f"{text.place}: 「{text.said}」没有英文 / has no English")
        elif any(set(HOLES.findall(text.plural or text.said)) != set(HOLES.findall(form)) for form in _forms(message)[-1:]):
            lines.append(f"{text.place}: 「{text.said}」的占位符与英文不一致 / placeholders differ in English")
    return lines


def check(web: Path = WEB) -> None:
    found = problems(web)
    if found:
        listed = "\n  ".join(found)
        raise ContentError(
            "XZ-MSG-01",
            zh=f"{len(found)} 处界面文字缺英文：\n  {listed}\n",
            en=f"{len(found)} interface texts lack English:\n  {listed}\n",
            todo_zh="python -m xiezhi.web.kit.messages --write 会补上条目，请填写英文",
            todo_en="python -m xiezhi.web.kit.messages --write adds the entries; fill in the English",
        )


def compile_all(web: Path = WEB) -> int:
    """Every catalogue whose .mo is missing or older. Returns how many were compiled."""
    done = 0
    for source in sorted(web.glob(f"*/{CATALOGUE}")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        compiled = BytesIO()
        write_mo(compiled, _read(source))
        write_durably(target, compiled.getvalue())
        done += 1
    return done


def write(web: Path = WEB, *, prune: bool = False) -> Iterator[str]:
    """Add what is missing to the catalogue of the app that says it first; with `prune` take out what nobody says any more."""
    known, said = _entries(web), {text.key: text for text in reversed(list(texts(web)))}
    for app in apps(web):
        path = app / CATALOGUE
        catalogue = _read(path) if path.is_file() else Catalog(locale="en")
        new = [text for key, text in said.items() if text.app == app.name and key not in known]
        old = [message for message in _messages(catalogue) if prune and _key(message) not in said]
        for text in new:
            catalogue.add((text.said, text.plural) if text.plural else text.said, context=text.context or None)
        for message in old:
            catalogue.delete(_key(message)[1], context=message.context)
        if new or old:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, _written(catalogue))
            yield f"{app.name}: +{len(new)} -{len(old)}"


def _written(catalogue: Catalog) -> bytes:
    """Sorted, without dates and line numbers, so that two people's additions merge."""
    body = BytesIO()
    write_po(body, catalogue, omit_header=True, no_location=True, sort_output=True, width=0)
    return HEADER.encode() + body.getvalue().strip() + b"\n"


def _entries(web: Path) -> dict[tuple[str, str], Message]:
    return {_key(message): message for path in sorted(web.glob(f"*/{CATALOGUE}")) for message in _messages(_read(path))}


def _read(path: Path) -> Catalog:
    with path.open("rb") as handle:
        return read_po(handle, locale="en")


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _key(message: Message) -> tuple[str, str]:
    said = message.id[0] if isinstance(message.id, list | tuple) else message.id
    return (message.context or "", str(said))


def _forms(message: Message) -> list[str]:
    return [str(form) for form in (message.string if isinstance(message.string, list | tuple) else [message.string])]


def _filled(message: Message) -> bool:
    return not message.fuzzy and all(_forms(message))


def _templates(app: Path) -> Iterable[Path]:
    return (path for path in (app / "templates").rglob("*") if path.suffix in (".html", ".txt"))


def _python_texts(path: Path, app: Path) -> Iterator[Text]:
    with path.open("rb") as handle:
        for line, function, said, _comments in extract_python(handle, dict.fromkeys(KEYWORDS), [], {"encoding": "utf-8"}):
            yield from _text(str(function), _listed(said), app, f"{path.relative_to(app.parent)}:{line}")


def _listed(said: object) -> list[str]:
    return [str(part) for part in said if part] if isinstance(said, list | tuple) else [str(said)]


def _template_texts(path: Path, app: Path) -> Iterator[Text]:
    """Django turns its translation tags into gettext calls; the calls are read from that."""
    called = templatize(path.read_text("utf-8"), origin=str(path))
    for call in CALL.finditer(called):
        parts = [str(ast.literal_eval(literal)) for literal in re.findall(LITERAL, call[2])]
        line = called.count("\n", 0, call.start()) + 1
        yield from _text(call[1], parts, app, f"{path.relative_to(app.parent)}:{line}")


def _text(function: str, parts: Sequence[str], app: Path, place: str) -> Iterator[Text]:
    if not parts or not any(CHINESE.search(part) for part in parts):
        return
    context = parts[0] if function.startswith(("pgettext", "npgettext")) else ""
    rest = list(parts[1:] if context else parts)
    yield Text(rest[0], rest[1] if "ngettext" in function and len(rest) > 1 else "", context, app.name, place)


def _bare_chinese(source: str) -> Iterator[int]:
    inside = ""
    for token in Lexer(source).tokenize():
        word = token.contents.split()[0] if token.contents.split() else ""
        if token.token_type == TokenType.BLOCK:
            if inside:
                inside = "" if word == f"end{inside}" else inside
            elif word in ("blocktranslate", "blocktrans", "comment"):
                inside = word
        elif token.token_type == TokenType.TEXT and not inside and CHINESE.search(token.contents):
            yield token.lineno or 0


if __name__ == "__main__":
    sys.exit(main())
