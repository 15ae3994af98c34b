"""A rule's case files: what they say, and the typed rows they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import Field

from xiezhi.kernel.errors import ContentError
from xiezhi.kernel.words import Words
from xiezhi.rules.fact import Fact
from xiezhi.rules.model import ContentModel
from xiezhi.rules.source import Document, build, read_yaml

FIRES, NEAR = "fires_", "near_"

ARROW_TYPES = {
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
}


class CaseText(ContentModel):
    """`given`: fact → rows (missing columns are NULL). `expect`: hits by any of their columns, `variant` and `level`."""

    why: Words
    given: dict[str, list[dict[str, Any]]]
    parameters: dict[str, Any] = Field(default_factory=dict)
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
    """The case's rows of `fact`, typed, with `_delivery` 1 and `_row` from 2 (a header is counted)."""
    rows = case.given.get(fact.name, [])
    columns: dict[str, list[Any]] = {column: [] for column in fact.types}
    for place, row in enumerate(rows):
        for column in row:
            if column not in columns:
                raise case.refuse(
                    "given", fact.name, place, column, zh=f"{fact.name} 没有列 {column}", en=f"{fact.name} has no column {column}"
                )
        numbered = {"_delivery": 1, "_row": place + 2} | row
        for column, values in columns.items():
            values.append(_typed(case, fact, place, column, numbered.get(column)))
    schema = pa.schema([(column, ARROW_TYPES[kind]) for column, kind in fact.types.items()])
    return pa.table(columns, schema=schema)


def _typed(case: Case, fact: Fact, place: int, column: str, value: Any) -> Any:
    if value is None:
        return None
    kind = fact.types[column]
    try:
        return _READERS[kind](value)
    except (TypeError, ValueError) as error:
        raise case.refuse(
            "given",
            fact.name,
            place,
            column,
            zh=f"{column} 应为 {kind},却是 {value!r}",
            en=f"{column} must be {kind}, not {value!r}",
        ) from error


def _exactly(wanted: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is not wanted:
            raise TypeError(value)
        return value

    return read


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return float(value)


def _day(value: Any) -> date:
    """A date, or a month written 2024-03, which is its first day."""
    if isinstance(value, datetime):
        raise TypeError(value)
    if isinstance(value, str):
        return date.fromisoformat(value if len(value) > 7 else f"{value}-01")
    return _exactly(date)(value)  # type: ignore[no-any-return]


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return datetime.fromisoformat(value)


_READERS: dict[str, Callable[[Any], Any]] = {
    "INTEGER": _exactly(int),
    "BIGINT": _exactly(int),
    "DOUBLE": _number,
    "VARCHAR": _exactly(str),
    "DATE": _day,
    "TIMESTAMP": _moment,
    "BOOLEAN": _exactly(bool),
}
