"""The wrong column: a hit's unit, region, period, amount or shown value, or a fact's, is another column of the same type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xiezhi.rules.fact import PROVENANCE, Fact
from xiezhi.rules.mutation.mutant import Draft
from xiezhi.rules.render import name
from xiezhi.rules.rule import Rule


def swap_drafts(rule: Rule, types: Mapping[str, str]) -> Iterator[Draft[Rule]]:
    """One mutant per column a hit shows: in its place stands the next of its type. `types`: of the candidate columns."""
    for place, column in _shown(rule).items():
        other = _next(column, types)
        if other is None:
            continue
        before, after = f"{place}: {column}", f"{place}: {other}"
        yield Draft(
            place, "", "swap", column, other, (before, after), rule.model_copy(update={"sql": _replaced(rule.sql, column, other)})
        )


def fact_swap_drafts(fact: Fact) -> Iterator[Draft[Fact]]:
    """One mutant per column of a fact: in its place stands the next of its declared type, `_delivery` and `_row` apart."""
    types = {column: kind for column, kind in fact.types.items() if column not in PROVENANCE}
    for column in types:
        other = _next(column, types)
        if other is not None:
            before, after = f"{column}: {column}", f"{column}: {other}"
            changed = fact.model_copy(update={"sql": _replaced(fact.sql, column, other)})
            yield Draft(f"columns.{column}", "", "swap", column, other, (before, after), changed)


def _replaced(sql: str, column: str, other: str) -> str:
    return f"SELECT * REPLACE ({name(other)} AS {name(column)}) FROM ({sql}\n) AS q"


def _shown(rule: Rule) -> dict[str, str]:
    """Where a hit shows a column → the column. One that is shown in several places comes with the first of them."""
    hit = rule.hit
    places = {"hit.subject": hit.subject.column, "hit.unit": hit.unit, "hit.region": hit.region, "hit.amount": hit.amount}
    if hit.counterpart:
        places["hit.counterpart"] = hit.counterpart.column
    if hit.period:
        places |= {"hit.period.from": hit.period[0], "hit.period.to": hit.period[1]}
    places |= {f"hit.shows.{column}": column for column in hit.shows}
    shown: dict[str, str] = {}
    for place, column in places.items():
        if column is not None and column not in shown.values():
            shown[place] = column
    return shown


def _next(column: str, types: Mapping[str, str]) -> str | None:
    """The next column of the same type in the candidates' order, from the first again after the last."""
    alike = [other for other, kind in types.items() if kind == types.get(column)]
    if column not in alike or len(alike) == 1:
        return None
    return alike[(alike.index(column) + 1) % len(alike)]
