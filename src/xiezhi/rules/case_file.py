"""A rule's case files: what they say, and the typed rows they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import Field

from xiezhi.kernel.errors import ContentError
from xiezhi.kernel.words import Words
from xiezhi.kernel.yaml_document import Document, read_yaml
from xiezhi.rules.fact import Fact
from xiezhi.rules.model import ContentModel
from xiezhi.rules.source import build
from xiezhi.rules.typed_rows import typed_rows

FIRES, NEAR = "fires_", "near_"

STANDS_ON = "stands_on"
"""The key of an expected hit that is no column: how many rows of each fact it stands on."""


class CaseText(ContentModel):
    """`given`: fact → rows. `tables`: delivered table → rows, from which the facts that are not given are built.

    Columns left out are NULL. `expect`: hits by any of their columns, `variant`, `level` and `stands_on` (fact → number of rows
    that the evidence queries find). `population`: how many rows the rule concerns. `undetermined`: how many candidates may be
    hits and have a condition that cannot be judged; none where the case says nothing.
    """

    why: Words
    given: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    tables: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    parameters: dict[str, Any] = Field(default_factory=dict)
    population: int | None = None
    undetermined: int | None = None
    expect: list[dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """One case file. Its name begins with `fires_` or `near_`."""

    name: str
    text: CaseText
    document: Document

    @property
    def fires(self) -> bool:
        return self.name.startswith(FIRES)

    @property
    def why(self) -> Words:
        return self.text.why

    @property
    def given(self) -> Mapping[str, list[dict[str, Any]]]:
        return self.text.given

    @property
    def tables(self) -> Mapping[str, list[dict[str, Any]]]:
        return self.text.tables

    @property
    def parameters(self) -> Mapping[str, Any]:
        return self.text.parameters

    @property
    def expect(self) -> list[dict[str, Any]]:
        return self.text.expect

    def refuse(self, *location: str | int, zh: str, en: str) -> ContentError:
        """A complaint about a place in this file."""
        return ContentError("XZ-CASE-01", zh=zh, en=en, place=self.document.place(*location))


def load_cases(folder: Path) -> list[Case]:
    """The cases in a rule's `cases` folder, by name. Raises ContentError for a file that is no case."""
    return [_read(path) for path in sorted((folder / "cases").glob("*.yaml"))]


def _read(path: Path) -> Case:
    document = read_yaml(path)
    case = Case(path.stem, build(CaseText, document), document)
    if not case.name.startswith((FIRES, NEAR)):
        raise case.refuse("why", zh="案例文件名应以 fires_ 或 near_ 开头", en="a case file's name begins with fires_ or near_")
    if case.fires != bool(case.expect):
        raise case.refuse(
            "expect",
            zh="fires_ 案例至少期望一条命中,near_ 案例一条也没有",
            en="a fires_ case expects at least one hit, a near_ case none",
        )
    return case


def given_table(case: Case, fact: Fact) -> pa.Table:
    """The case's rows of `fact`, typed."""

    def refuse(*location: str | int, zh: str, en: str) -> ContentError:
        return case.refuse("given", fact.name, *location, zh=zh, en=en)

    return typed_rows(fact.name, case.given.get(fact.name, []), fact.types, refuse)
