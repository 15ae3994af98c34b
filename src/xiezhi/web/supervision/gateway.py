"""What supervision asks of the core. Content is read once for each state of its files; runs are never changed, so read once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from xiezhi.kernel.progress import Progress
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.coverage import CoverageRow, list_coverage, reason_words
from xiezhi.operations.hits import ExplainedHit, explain_hits_of_run
from xiezhi.operations.names import MaskedPerson, name_organisations, name_persons
from xiezhi.operations.parameters import Tried, WhatIf, try_parameters
from xiezhi.operations.rule_descriptions import (
    CaseDescription,
    ParameterDescription,
    RuleDescription,
    RuleWithValues,
    describe_cases,
    describe_rules,
    describe_values,
    settle_values,
)
from xiezhi.operations.rules import run_cases_of_rules
from xiezhi.operations.runs import RunRecord, UnfinishedRun, find_unfinished_run, list_runs, missing_facts, run_rules
from xiezhi.web.content import content_state
from xiezhi.web.lake import core_config, has_lake, lake
from xiezhi.web.reveals.gateway import patiently

__all__ = [
    "CaseDescription",
    "CoverageRow",
    "ExplainedHit",
    "MaskedPerson",
    "ParameterDescription",
    "RuleDescription",
    "RuleWithValues",
    "RunRecord",
    "Tried",
    "UnfinishedRun",
    "WhatIf",
    "has_lake",
    "missing_facts",
    "reason_words",
]

Overrides = Mapping[str, Mapping[str, Any]]


def rules() -> Mapping[str, RuleDescription]:
    """Every rule by code, whatever its status."""
    config = core_config()
    return _rules(config, content_state(config))


def cases(code: str) -> Sequence[CaseDescription]:
    config = core_config()
    return _cases(config, content_state(config), code)


def valued(code: str, overrides: Mapping[str, Any]) -> RuleWithValues:
    """Conditions in words and SQL, with a site's values."""
    config = core_config()
    return _valued(config, content_state(config), code, json.dumps(overrides, sort_keys=True))


def settled(code: str, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Every value with `overrides` over the shipped ones. Raises UserError for one that is out of bounds, or unknown."""
    config = core_config()
    return _settled(config, content_state(config), code, json.dumps(overrides, sort_keys=True))


@lru_cache(maxsize=2)
def _rules(config: CoreConfig, digest: str) -> Mapping[str, RuleDescription]:
    return describe_rules(config)


@lru_cache(maxsize=256)
def _cases(config: CoreConfig, digest: str, code: str) -> Sequence[CaseDescription]:
    return describe_cases(config, code)


@lru_cache(maxsize=512)
def _valued(config: CoreConfig, digest: str, code: str, overrides: str) -> RuleWithValues:
    return describe_values(config, code, json.loads(overrides))


@lru_cache(maxsize=512)
def _settled(config: CoreConfig, digest: str, code: str, overrides: str) -> dict[str, Any]:
    return settle_values(config, code, json.loads(overrides))


def runs(after: int = 0) -> list[RunRecord]:
    """Recorded runs above a number, oldest first."""
    return list_runs(core_config(), lake(), after=after) if has_lake() else []


def unfinished() -> UnfinishedRun | None:
    """The run that has no record yet."""
    return find_unfinished_run(core_config(), lake()) if has_lake() else None


def run_hits(run: int, *, parties: bool = True) -> Iterator[list[ExplainedHit]]:
    """`parties`: also those of the rows the hits stand on."""
    return explain_hits_of_run(core_config(), lake(), run, parties=parties)


def coverage(run: int) -> list[CoverageRow]:
    return list_coverage(core_config(), lake(), run)


def organisations(numbers: Sequence[int]) -> dict[int, str]:
    """Number of a credit code → registered name."""
    return name_organisations(core_config(), lake(), numbers)


def persons(numbers: Sequence[int]) -> dict[int, MaskedPerson]:
    """Number of a citizen id → the person as the register of residents has it, masked."""
    return patiently(lambda: name_persons(core_config(), lake(), numbers))


def run(codes: Sequence[str], overrides: Overrides, actor: str, progress: Progress) -> RunRecord:
    """Raises UserError where it was cancelled; what was finished is kept."""
    return run_rules(core_config(actor), lake(), codes=codes, overrides=overrides, progress=progress)


def what_if(code: str, values: Mapping[str, Any], base: Mapping[str, Any], actor: str, progress: Progress) -> WhatIf:
    """Records no run."""
    return try_parameters(core_config(actor), lake(), code, values, base=base, progress=progress)


def tested(code: str) -> list[dict[str, Any]]:
    """Run the cases of a rule now: name, whether it passed, hits found, what was wrong."""
    (results,) = [results for _, results in run_cases_of_rules(core_config(), [code])]
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
