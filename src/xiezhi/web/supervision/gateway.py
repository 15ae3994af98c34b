"""What supervision asks of the core. Content is read once for each state of its files; runs are never changed, so read once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from xiezhi.kernel.progress import Progress
from xiezhi.operations import (
    check_rules,
    describe_rules,
    name_organisations,
    read_runs,
    run_rules,
    tell_coverage,
    tell_hits,
    tell_rules,
    try_parameters,
)
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content_in_force import content_digest
from xiezhi.web.core.gateway import core_config, lake

RuleDescribed = describe_rules.RuleDescribed
ParameterDescribed = describe_rules.ParameterDescribed
CaseDescribed = describe_rules.CaseDescribed
RuleValued = describe_rules.RuleValued
RuleTold = tell_rules.RuleTold
RunRecord = read_runs.RunRecord
Going = read_runs.Going
ToldHit = tell_hits.ToldHit
CoverageTold = tell_coverage.CoverageTold
WhatIf = try_parameters.WhatIf
Tried = try_parameters.Tried

Overrides = Mapping[str, Mapping[str, Any]]


def has_lake() -> bool:
    """Whether anything was ever received: a new site has no lake."""
    return (lake() / "lake.json").exists()


def rules() -> Mapping[str, RuleDescribed]:
    """Every rule by code, whatever its status."""
    config = core_config()
    return _rules(config, content_digest(config.content_roots))


def told() -> Mapping[str, RuleTold]:
    """How delicate the data is that each rule reads."""
    config = core_config()
    return _told(config, content_digest(config.content_roots))


def cases(code: str) -> Sequence[CaseDescribed]:
    config = core_config()
    return _cases(config, content_digest(config.content_roots), code)


def valued(code: str, overrides: Mapping[str, Any]) -> RuleValued:
    """Conditions in words and SQL, with a site's values."""
    config = core_config()
    return _valued(config, content_digest(config.content_roots), code, json.dumps(overrides, sort_keys=True))


def settled(code: str, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Every value with `overrides` over the shipped ones. Raises UserError for one that is out of bounds, or unknown."""
    config = core_config()
    return _settled(config, content_digest(config.content_roots), code, json.dumps(overrides, sort_keys=True))


@lru_cache(maxsize=2)
def _rules(config: CoreConfig, digest: str) -> Mapping[str, RuleDescribed]:
    return describe_rules.describe_rules(config)


@lru_cache(maxsize=2)
def _told(config: CoreConfig, digest: str) -> Mapping[str, RuleTold]:
    return tell_rules.tell_rules(config)


@lru_cache(maxsize=256)
def _cases(config: CoreConfig, digest: str, code: str) -> Sequence[CaseDescribed]:
    return describe_rules.describe_cases(config, code)


@lru_cache(maxsize=512)
def _valued(config: CoreConfig, digest: str, code: str, overrides: str) -> RuleValued:
    return describe_rules.describe_values(config, code, json.loads(overrides))


@lru_cache(maxsize=512)
def _settled(config: CoreConfig, digest: str, code: str, overrides: str) -> dict[str, Any]:
    return describe_rules.settled_values(config, code, json.loads(overrides))


def runs(after: int = 0) -> list[RunRecord]:
    """Recorded runs above a number, oldest first."""
    return read_runs.read_runs(core_config(), lake(), after=after) if has_lake() else []


def going() -> Going | None:
    """The run that has no record yet."""
    return read_runs.read_going(core_config(), lake()) if has_lake() else None


def run_hits(run: int) -> Iterator[list[ToldHit]]:
    return tell_hits.tell_run_hits(core_config(), lake(), run)


def coverage(run: int) -> list[CoverageTold]:
    return tell_coverage.tell_coverage(core_config(), lake(), run)


def organisations(numbers: Sequence[int]) -> dict[int, str]:
    """Number of a credit code → registered name."""
    return name_organisations.name_organisations(core_config(), lake(), numbers)


def run(codes: Sequence[str], overrides: Overrides, actor: str, progress: Progress) -> RunRecord:
    """Raises UserError where it was cancelled; what was finished is kept."""
    return run_rules.run_rules(core_config(actor), lake(), codes=codes, overrides=overrides, progress=progress)


def what_if(code: str, values: Mapping[str, Any], base: Mapping[str, Any], actor: str, progress: Progress) -> WhatIf:
    """Records no run."""
    return try_parameters.try_parameters(core_config(actor), lake(), code, values, base=base, progress=progress)


def tested(code: str) -> list[dict[str, Any]]:
    """Run the cases of a rule now: name, whether it passed, hits found, what was wrong."""
    (results,) = [results for _, results in check_rules.run_rule_cases(core_config(), [code])]
    return [
        {
            "name": result.case.name,
            "passed": result.passed,
            "hits": len(result.hits),
            "problems_zh": [problem.zh for problem in result.problems],
            "problems_en": [problem.en for problem in result.problems],
        }
        for result in results
    ]


def missing_facts(problem: str) -> list[str]:
    """The facts without data that a rule's ending names; none where it ended otherwise."""
    return read_runs.missing_facts(problem)
