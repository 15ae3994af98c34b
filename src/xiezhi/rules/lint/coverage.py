"""COV: every fact a rule reads bounds what it can judge, or the rule says why not; and a candidate's rows can be found."""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.lint.languages import unwritten
from xiezhi.rules.lint.target import Target


def check(target: Target) -> Iterator[Finding]:
    """All findings of this family."""
    yield from _facts(target)
    yield from _candidate(target)


def _facts(target: Target) -> Iterator[Finding]:
    population, reads = target.rule.population, target.rule.reads
    for fact in sorted(set(reads) - population.facts - set(population.unaffected)):
        yield target.at(
            "COV-01",
            ("reads", fact),
            f"缺了 {fact} 会怎样没有说:写进 finds 或 horizon,或在 unaffected 里说明为何不影响",
            f"what if {fact} is missing? say it under finds or horizon, or under unaffected why it changes nothing",
        )
    for name, why in population.unaffected.items():
        where, (fact, _, column) = ("population", "unaffected", name), name.partition(".")
        counted = fact in population.facts and not column
        if fact not in reads or counted or (column and column not in reads[fact]):
            yield target.at("COV-02", where, f"{name} 不必说明", f"{name} needs no such word: it is not read, or counted already")
        if wrong := unwritten(why.zh, why.en):
            yield target.at("META-01", where, *wrong)
    if population.horizon and not population.month:
        yield target.at(
            "COV-03", ("population", "horizon"), "没有月份就没有期限可比", "without a month there is nothing to reach"
        )


def _candidate(target: Target) -> Iterator[Finding]:
    candidates = target.rule.population.candidates
    if not candidates:
        yield target.at(
            "COV-04",
            ("population",),
            "没有写 candidate:条件无法判断的候选应计入哪些行",
            "no `candidate`: which rows are those of a candidate that could not be judged?",
        )
    for column in (column for one in candidates for column in one.values()):
        if target.candidates and column not in target.candidates:
            yield target.at(
                "META-08", ("population", "candidate"), f"候选没有列 {column}", f"there is no candidate column {column}"
            )
