"""Mutant: a rule or a fact with one small mistake in it, under a name that stays the same from run to run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

from xiezhi.rules.fact import Fact
from xiezhi.rules.rule import Rule

Subject = TypeVar("Subject", Rule, Fact)


@dataclass(frozen=True)
class Draft(Generic[Subject]):
    """A mutant without its name. `place`: file or key of the content; `whole`: its text (before, after) to show lines of."""

    place: str
    scope: str
    kind: str
    before: str
    after: str
    whole: tuple[str, str]
    subject: Subject


@dataclass(frozen=True)
class Mutant(Generic[Subject]):
    """`id`: m and ten hex digits of what was changed where, so that it can be named in a file."""

    id: str
    draft: Draft[Subject]

    @property
    def subject(self) -> Subject:
        return self.draft.subject


def named(drafts: Iterable[Draft[Subject]]) -> Iterator[Mutant[Subject]]:
    """Drafts with their names. Of several alike in one place the second, third … are counted."""
    alike: Counter[tuple[str, ...]] = Counter()
    for draft in drafts:
        told: tuple[str, ...] = (draft.place, draft.scope, draft.kind, draft.before, draft.after)
        digest = sha256("\0".join((*told, str(alike[told]))).encode()).hexdigest()
        alike[told] += 1
        yield Mutant(f"m{digest[:10]}", draft)
