"""WORD: whatever a person reads stands in both languages."""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.kernel.words import Words
from xiezhi.processes.lint.target import Target
from xiezhi.processes.loader import ProcessContent
from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.lint.languages import unwritten

Said = tuple[tuple[str | int, ...], Words]


def check(target: Target) -> Iterator[Finding]:
    """One finding for each text of the process that lacks a language."""
    for location, words in _said(target):
        wrong = unwritten(words.zh, words.en)
        if wrong:
            yield target.at("PROC-01", location, *wrong)


def check_shared(content: ProcessContent) -> Iterator[Finding]:
    """The same of chains and deadlines."""
    for (kind, name), document in content.documents.items():
        said: list[Said] = []
        if kind == "chain":
            chain = content.chains[name]
            said = [(("title",), chain.title), (("basis",), chain.basis)]
            said += [(("signatures", place, "title"), one.title) for place, one in enumerate(chain.signatures)]
        elif kind == "deadline":
            said = [(("title",), content.deadlines[name].title)]
        for location, words in said:
            wrong = unwritten(words.zh, words.en)
            if wrong:
                yield Finding("PROC-01", name, *wrong, document.place(*location))


def _said(target: Target) -> Iterator[Said]:
    process = target.process
    yield ("title",), process.title
    yield ("basis",), process.basis
    for code, state in process.states.items():
        yield ("states", code, "title"), state.title
    for code, words in process.seats.items():
        yield ("seats", code), words
    for fact, values in process.facts.items():
        for value, words in values.items():
            yield ("facts", fact, value), words
    for code, move in process.moves.items():
        yield ("moves", code, "title"), move.title
        yield ("moves", code, "done"), move.done
        for name, field in move.form.items():
            yield ("moves", code, "form", name, "title"), field.title
            if field.hint:
                yield ("moves", code, "form", name, "hint"), field.hint
            for choice, said in field.choices.items():
                yield ("moves", code, "form", name, "choices", choice), said
