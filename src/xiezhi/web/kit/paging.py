"""Pages of a list. By number with a count that stops early, or by key where a list is too long to skip into."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

from xiezhi.web.kit.numbers import whole_number

SIZES = (20, 50, 100)
COUNT_CAP = 10_000

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Total:
    """How many rows there are; `capped` says "at least", because counting a million to show a number costs more than the page."""

    count: int
    capped: bool = False

    def __str__(self) -> str:
        return f"{self.count:,}{'+' if self.capped else ''}"


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page. `previous` and `next` are query parameters to add, or None at an end; `number` is 0 for a page by key."""

    rows: Sequence[M]
    size: int
    total: Total
    number: int = 0
    previous: Mapping[str, str] | None = None
    next: Mapping[str, str] | None = None

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def sizes(self) -> tuple[int, ...]:
        return SIZES

    @property
    def first_row(self) -> int:
        return (self.number - 1) * self.size + 1 if self.number and self.rows else 0

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1 if self.first_row else 0

    @property
    def pages(self) -> int:
        """The last page that is known to exist."""
        return max(1, -(-self.total.count // self.size))

    @property
    def nearby(self) -> list[int]:
        """Page numbers to offer: first, last and those around this one; 0 stands for a gap."""
        wanted = sorted({1, self.pages, *range(max(1, self.number - 2), min(self.pages, self.number + 2) + 1)})
        shown: list[int] = []
        for number in wanted:
            if shown and number - shown[-1] > 1:
                shown.append(0)
            shown.append(number)
        return shown


def total_of(queryset: QuerySet[M], cap: int = COUNT_CAP) -> Total:
    """Counts to the cap and one further, never the whole table."""
    counted = queryset.order_by()[: cap + 1].count()
    return Total(min(counted, cap), capped=counted > cap)


def size_of(query: QueryDict) -> int:
    asked = query.get("size", "")
    return int(asked) if asked in {str(size) for size in SIZES} else SIZES[0]


def page_of(queryset: QuerySet[M], query: QueryDict, *, cap: int = COUNT_CAP) -> Page[M]:
    """Page `?page=` of `?size=`. A number past the end gives the last page; past the cap one goes on by narrowing the filter."""
    size, total = size_of(query), total_of(queryset, cap)
    last = max(1, -(-total.count // size))
    number = max(1, whole_number(query.get("page", ""), last) or 1)
    rows = list(queryset[(number - 1) * size : number * size])
    return Page(
        rows,
        size,
        total,
        number,
        previous={"page": str(number - 1)} if number > 1 else None,
        next={"page": str(number + 1)} if number < last else None,
    )


def page_by_key(queryset: QuerySet[M], query: QueryDict, keys: Sequence[str], *, cap: int = COUNT_CAP) -> Page[M]:
    """The page after `?after=` or before `?before=`, by columns that together are unique (`("-raised_at", "-id")`).

    As fast on the last page as on the first, and no row is shown twice when new ones come in above. Columns must not be NULL.
    """
    size = size_of(query)
    backward = "before" in query
    mark = _opened(query.get("before" if backward else "after", ""), queryset.model, keys)
    order = [_turned(key) for key in keys] if backward and mark else list(keys)
    ordered = queryset.order_by(*order)
    found = list(ordered.filter(_beyond(order, mark))[: size + 1] if mark else ordered[: size + 1])
    more, rows = len(found) > size, found[:size]
    if backward and mark:
        rows.reverse()
        has_previous, has_next = more, True
    else:
        has_previous, has_next = mark is not None, more
    return Page(
        rows,
        size,
        total_of(queryset, cap),
        previous={"before": _closed(rows[0], keys)} if has_previous and rows else None,
        next={"after": _closed(rows[-1], keys)} if has_next and rows else None,
    )


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _beyond(order: Sequence[str], mark: Sequence[Any]) -> Q:
    """Rows after `mark`: greater in the first column, or equal there and greater in the second, and so on."""
    condition, equal = Q(), Q()
    for key, value in zip(order, mark, strict=True):
        name, way = key.lstrip("-"), "lt" if key.startswith("-") else "gt"
        condition |= equal & Q(**{f"{name}__{way}": value})
        equal &= Q(**{name: value})
    # Says nothing new, but lets PostgreSQL enter an index on the first column at the mark instead of walking to it.
    first, way = order[0].lstrip("-"), "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{way}": mark[0]}) & condition


def _closed(row: Model, keys: Sequence[str]) -> str:
    values = [getattr(row, key.lstrip("-")) for key in keys]
    # Not Django's encoder, which cuts moments to milliseconds: rows within one would be passed over.
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def _opened(token: str, model: type[Model], keys: Sequence[str]) -> list[Any] | None:
    """The values of a mark, as their columns' types. What cannot be read is the first page, not an error."""
    if not token or len(token) > 1000:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if not isinstance(values, list) or len(values) != len(keys) or None in values:
            return None
        return [_column(model, key).to_python(value) for key, value in zip(keys, values, strict=True)]
    except (binascii.Error, ValueError, TypeError, OverflowError, ValidationError, FieldDoesNotExist):
        return None


def _column(model: type[Model], key: str) -> Any:
    name = key.lstrip("-")
    return model._meta.pk if name == "pk" else model._meta.get_field(name)
