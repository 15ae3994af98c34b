"""What came of all mutants of one rule or fact, and what a survivor looks like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

from xiezhi.kernel.errors import ContentError
from xiezhi.rules.binding import parse_expression, parse_select
from xiezhi.rules.mutation.bench import Bench
from xiezhi.rules.mutation.equivalents import Equivalents
from xiezhi.rules.mutation.mutant import Draft, Mutant, Subject, named


@dataclass(frozen=True)
class Survivor:
    """A mutant that no case noticed: where, and the lines of formatted SQL that differ."""

    id: str
    place: str
    kind: str
    before: list[str]
    after: list[str]


@dataclass(frozen=True)
class Equivalent:
    """A survivor that is declared to mean the same as the original."""

    survivor: Survivor
    reason: str


@dataclass(frozen=True)
class Score:
    """Counts of one rule or fact. `score`: the killed among those not declared equivalent; 1.0 where there are none."""

    name: str
    cases: int
    killed: int
    equivalents: list[Equivalent]
    survivors: list[Survivor]

    @property
    def mutants(self) -> int:
        return self.killed + len(self.equivalents) + len(self.survivors)

    @property
    def score(self) -> float:
        judged = self.killed + len(self.survivors)
        return self.killed / judged if judged else 1.0


def score(name: str, drafts: Iterable[Draft[Subject]], bench: Bench[Subject], folder: Path) -> Score:
    """Try every mutant. Raises ContentError where the equivalents declared in `folder` do not hold."""
    equivalents = Equivalents(folder)
    known, killed = set[str](), set[str]()
    alive: list[Mutant[Subject]] = []
    for mutant in named(drafts):
        fate = bench.fate(mutant.subject)
        if not fate.computes:
            continue
        known.add(mutant.id)
        if fate.killer is None:
            alive.append(mutant)
        else:
            killed.add(mutant.id)
    equivalents.check(known, killed)
    reasons = equivalents.reasons
    return Score(
        name,
        bench.cases,
        len(killed),
        [Equivalent(_survivor(mutant.id, mutant.draft), reasons[mutant.id]) for mutant in alive if mutant.id in reasons],
        [_survivor(mutant.id, mutant.draft) for mutant in alive if mutant.id not in reasons],
    )


def _survivor(identifier: str, draft: Draft[Subject]) -> Survivor:
    before, after = _lines(draft.whole[0]), _lines(draft.whole[1])
    place = f"{draft.place} {draft.scope}".strip()
    told: tuple[list[str], list[str]] = ([], [])
    for tag, *spans in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            told[0].extend(line.strip() for line in before[spans[0] : spans[1]])
            told[1].extend(line.strip() for line in after[spans[2] : spans[3]])
    return Survivor(identifier, place, draft.kind, *told)


@lru_cache(maxsize=64)
def _lines(text: str) -> list[str]:
    """SQL one part a line; what is no SQL as it stands."""
    for parse in (parse_select, parse_expression):
        try:
            return parse(text).sql(dialect="duckdb", pretty=True, comments=False).splitlines()
        except ContentError:
            continue
    return text.splitlines()
