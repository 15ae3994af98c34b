"""What a post lets its holder see, said once and held twice: as a queryset filter, and as PostgreSQL row-level security.

A row is seen when its unit lies under one of the scope's paths or the viewer's own unit has it in hand, its business line is
among the lines, its subject's managing level does not exceed the authority, its label does not exceed the clearance, and
neither its subject nor any other of its parties is one the viewer must recuse themselves from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import Q, QuerySet

from xiezhi.web.database.context import (
    CADRE,
    CLEARANCE,
    LINES,
    PATHS,
    RECUSED,
    SYSTEM,
    TRAIL,
    UNIT,
    USER,
    read_context,
    set_context,
)

M = TypeVar("M", bound=models.Model)

HIGHEST = 9


@dataclass(frozen=True)
class Scope:
    """`lines` None means every business line. `system` names the job that sees all rows; no person ever has it."""

    user_id: int | None = None
    paths: tuple[str, ...] = ()
    lines: tuple[str, ...] | None = None
    cadre: int = 0
    clearance: int = 0
    recused: tuple[str, ...] = ()
    trail: bool = False
    system: str = ""
    unit_id: int | None = None
    """The unit of the post: what it has in hand is seen wherever it lies."""

    def variables(self) -> dict[str, Any]:
        """As the context variables that the policies compare."""
        return {
            USER: self.user_id,
            PATHS: list(self.paths),
            LINES: "*" if self.lines is None else list(self.lines),
            CADRE: self.cadre,
            CLEARANCE: self.clearance,
            RECUSED: list(self.recused),
            TRAIL: "read" if self.trail else "",
            SYSTEM: "yes" if self.system else "",
            UNIT: self.unit_id,
        }

    def sees(self, *, path: str, line: str | None = None, cadre: int | None = None, label: int | None = None,
             subject: str | None = None, parties: Collection[str] = (), holders: Collection[int] = ()) -> bool:  # fmt: skip
        """The rule itself, in Python: the oracle of the tests, and the answer for a single row at hand."""
        return bool(self.system) or (
            (any(path.startswith(prefix) for prefix in self.paths) or self.unit_id in holders)
            and (self.lines is None or not line or line in self.lines)
            and (cadre or 0) <= self.cadre
            and (label or 0) <= self.clearance
            and self.concerns_none((subject or "", *parties))
        )

    def concerns_none(self, parties: Collection[str]) -> bool:
        """Whether the viewer need not recuse themselves from any of these."""
        return set(self.recused).isdisjoint(parties)


NOBODY = Scope()


def system_scope_of(name: str) -> Scope:
    return Scope(cadre=HIGHEST, clearance=HIGHEST, system=name)


def seen_by(queryset: QuerySet[M], scope: Scope) -> QuerySet[M]:
    """The rows of a scoped model that `scope` sees. Uses those of the six columns that the model has."""
    if scope.system:
        return queryset
    names = {field.name for field in queryset.model._meta.get_fields()}
    where = [_under(path) for path in scope.paths]
    if "holders" in names and scope.unit_id is not None:
        where.append(Q(holders__contains=[scope.unit_id]))
    if not where:
        return queryset.none()
    found = queryset.filter(reduce(or_, where))
    if "line" in names and scope.lines is not None:
        found = found.filter(Q(line__in=scope.lines) | Q(line=""))
    if "cadre_level" in names:
        found = found.filter(cadre_level__lte=scope.cadre)
    if "label" in names:
        found = found.filter(label__lte=scope.clearance)
    if "subject_key" in names and scope.recused:
        found = found.exclude(subject_key__in=scope.recused)
    if "parties" in names and scope.recused:
        found = found.exclude(parties__overlap=list(scope.recused))
    return found


def _under(path: str) -> Q:
    # A range, not LIKE: the column is in the C collation, so that an ordinary index serves it whatever the plan.
    return Q(unit_path__gte=path, unit_path__lt=path + "\x7f")


@contextmanager
def entered(scope: Scope) -> Iterator[Scope]:
    """Work under `scope` until the block or the transaction ends. The context before it is put back.

    Raises RuntimeError outside a transaction: the context would outlive the work on a pooled connection.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a scope lives inside a transaction")
    before = read_context(connection)
    set_context(connection, scope.variables())
    try:
        yield scope
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            set_context(connection, before)


def narrowed(scope: Scope, *, paths: tuple[str, ...]) -> Scope:
    """The same scope over fewer units; paths outside it are dropped."""
    kept = tuple(path for path in paths if any(path.startswith(prefix) for prefix in scope.paths))
    return replace(scope, paths=kept)
