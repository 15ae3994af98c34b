"""A list page: columns, the order asked for, the page, and what the address says of them. Shown by `kit/list.html`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from xiezhi.web.kit.paging import Page, page_of

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Column:
    """A column of a list. `sort` is what the database orders by ("" for not sortable); `order` breaks ties after it."""

    key: str
    label: str | Promise
    sort: str = ""
    end: bool = False
    """Numbers and money stand at the right."""
    frozen: bool = False
    """Stays in sight when the table is scrolled sideways. The first column only."""
    optional: bool = False
    """May be hidden by the column chooser."""


@dataclass(frozen=True)
class Listing(Generic[M]):
    """What a list template gets. Iterating gives the rows of the page."""

    columns: Sequence[Column]
    page: Page[M]
    sort: str
    query: QueryDict = field(default_factory=QueryDict)

    def __iter__(self) -> Any:
        return iter(self.page)

    def __len__(self) -> int:
        return len(self.page)

    def address(self, **changes: str | None) -> str:
        """The query of this list with some parts changed; None takes a part away."""
        return address(self.query, changes)


def listing_of(
    queryset: QuerySet[M],
    query: QueryDict,
    columns: Sequence[Column],
    *,
    default: str,
    tie: str = "pk",
) -> Listing[M]:
    """The page that the address asks for. `default` is a column's key, with "-" for descending. Unknown sorts are ignored."""
    sort = sorted_by(query, columns, default)
    return Listing(columns, page_of(queryset.order_by(*ordering(sort, columns, tie)), query), sort, query)


def sorted_by(query: QueryDict, columns: Sequence[Column], default: str) -> str:
    asked = query.get("sort", "")
    known = {column.key for column in columns if column.sort}
    return asked if asked.removeprefix("-") in known else default


def ordering(sort: str, columns: Sequence[Column], tie: str) -> list[str]:
    """ORDER BY of a sort key: the column's database name, then the tie-breaker the same way, so that pages never overlap."""
    sign, key = ("-" if sort.startswith("-") else ""), sort.removeprefix("-")
    name = next((column.sort for column in columns if column.key == key and column.sort), tie)
    return [f"{sign}{name}"] if name == tie else [f"{sign}{name}", f"{sign}{tie}"]


def address(query: QueryDict, changes: Mapping[str, str | None]) -> str:
    """`?…` with `changes` laid over `query`. A new sort, size or filter starts at the first page again."""
    changed = query.copy()
    for key in ("after", "before", *(("page",) if changes.keys() - {"page"} else ())):
        changed.pop(key, None)
    for key, value in changes.items():
        if value is None:
            changed.pop(key, None)
        else:
            changed[key] = value
    return f"?{changed.urlencode()}"
