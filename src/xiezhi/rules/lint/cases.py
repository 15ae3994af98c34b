"""CASE: enough cases that fire (one per variant at least) and enough that nearly do."""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.rules.case_file import STANDS_ON, Case
from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.lint.target import Target

LEAST_FIRING = 2
LEAST_NEAR = 3
OWN_COLUMNS = ("variant", "level", STANDS_ON)


def check(target: Target) -> Iterator[Finding]:
    """All findings of this family."""
    firing = [case for case in target.cases if case.fires]
    near = [case for case in target.cases if not case.fires]
    if len(firing) < LEAST_FIRING:
        yield target.at(
            "CASE-01",
            ("code",),
            f"只有 {len(firing)} 个命中案例,至少 {LEAST_FIRING} 个",
            f"{len(firing)} cases fire; at least {LEAST_FIRING} must",
        )
    if len(near) < LEAST_NEAR:
        yield target.at(
            "CASE-02",
            ("code",),
            f"只有 {len(near)} 个近似案例,至少 {LEAST_NEAR} 个",
            f"{len(near)} cases nearly fire; at least {LEAST_NEAR} must",
        )
    yield from _expectations(target, firing)


def _expectations(target: Target, firing: list[Case]) -> Iterator[Finding]:
    """Every variant is expected somewhere, and only columns that there are."""
    shown = {expected.get("variant") for case in firing for expected in case.expect}
    for place, variant in enumerate(target.rule.variants):
        if variant.code not in shown:
            yield target.at(
                "CASE-03", ("variants", place), f"规则 {variant.code} 没有命中案例", f"no case fires variant {variant.code}"
            )
    for case in firing:
        for place, expected in enumerate(case.expect):
            for column in sorted(set(expected) - set(OWN_COLUMNS) - set(target.candidates)):
                if target.candidates:
                    where = case.document.place("expect", place, column)
                    yield Finding(
                        "CASE-04", target.rule.code, f"候选没有列 {column}", f"there is no candidate column {column}", where
                    )
