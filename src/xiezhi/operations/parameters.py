"""What would one rule find under other parameters? Asked before anybody proposes them; no run is recorded."""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from xiezhi.evidence.measured import candidate_measures
from xiezhi.kernel.hashing import plain
from xiezhi.kernel.progress import Progress, Silent
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import content_in_force, contracts_in_force
from xiezhi.operations.hits import ExplainedHit, explain_hit, unit_identity_of
from xiezhi.rules.fact import Fact
from xiezhi.rules.rule import Rule
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.hit import Hit
from xiezhi.runs.plan import RunPlan, make_plan
from xiezhi.runs.record import Ending, RuleEnding, RunFolders


@dataclass(frozen=True)
class Tried:
    """One result of the rule. `before` None: it enters with the new values; `after` None: it leaves; both: it stays."""

    before: ExplainedHit | None
    after: ExplainedHit | None

    @property
    def one(self) -> ExplainedHit:
        """As it is with the new values where it is there, else as it was."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class WhatIf:
    """Both sets of values over the same snapshot: whatever differs comes of the values alone.

    `before` and `after`: every parameter's value as JSON has it. `tried` is empty where the rule did not end well.
    """

    code: str
    version: int
    snapshot: str
    state: int
    before: dict[str, Any]
    after: dict[str, Any]
    ending: Ending
    problem: str
    tried: list[Tried]
    seconds: float


def try_parameters(
    config: CoreConfig,
    lake: Path,
    code: str,
    overrides: Mapping[str, Any],
    *,
    base: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> WhatIf:
    """Compare `base` (a site's own values; the shipped ones where None) with `overrides` laid over it.

    Runs in a folder that is thrown away: hits, coverage and runs stay as they are. Raises UserError for an unknown rule or
    parameter and for a value outside its bounds, Cancelled where `progress` says so.
    """
    with Lake.open(lake) as opened:
        content, snapshot = content_in_force(config), opened.snapshot()
        both = [
            make_plan(content, snapshot, codes=[code], overrides={code: values})
            for values in (base or {}, {**(base or {}), **overrides})
        ]
        began = time.perf_counter()
        with tempfile.TemporaryDirectory(dir=opened.paths.scratch_of("try")) as beside:
            settings = Settings(memory=config.memory, threads=config.threads, actor=config.actor)
            # A folder each: in one, the second would be compared with the first by fingerprint, which a new level changes.
            results = [
                _hits(plan, RunFolders(Path(beside) / name), settings, progress or Silent())
                for name, plan in zip(("before", "after"), both, strict=True)
            ]
    (ended, hits_before), (ended_after, hits_after) = results
    worse = ended if ended.ending != "done" else ended_after
    well = worse.ending == "done"
    rule = both[0].rules[0]
    return WhatIf(
        code=code,
        version=rule.version,
        snapshot=snapshot.id,
        state=snapshot.state,
        before=_as_json(both[0].parameters[code]),
        after=_as_json(both[1].parameters[code]),
        ending=worse.ending,
        problem=worse.problem,
        tried=list(_paired(config, rule, content.facts, hits_before, hits_after)) if well else [],
        seconds=round(time.perf_counter() - began, 3),
    )


def _hits(plan: RunPlan, folders: RunFolders, settings: Settings, progress: Progress) -> tuple[RuleEnding, list[Hit]]:
    record = execute(plan, folders, settings, progress)
    return record.rules[0], [Hit.from_row(row, record.run) for row in hit_rows(folders, record.run)]


def _paired(config: CoreConfig, rule: Rule, facts: Mapping[str, Fact], before: list[Hit], after: list[Hit]) -> Iterator[Tried]:
    """By what the hit is about. A fingerprint holds the variant too: who only changes level would seem to leave and enter."""
    identity = unit_identity_of(rule, facts)
    measures = candidate_measures(rule, facts, contracts_in_force(config))
    was, now = _by_key(rule, before), _by_key(rule, after)
    for key in sorted({*was, *now}):
        for one, other in zip_longest(was[key], now[key]):
            earlier, later = (explain_hit(hit, rule, identity, measures) if hit else None for hit in (one, other))
            yield Tried(earlier, later)


def _by_key(rule: Rule, hits: list[Hit]) -> defaultdict[tuple[str, ...], list[Hit]]:
    """A key may come once with each variant."""
    found: defaultdict[tuple[str, ...], list[Hit]] = defaultdict(list)
    for hit in sorted(hits, key=lambda hit: hit.variant):
        found[tuple(str(hit.candidate[column]) for column in rule.hit.key)].append(hit)
    return found


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | str | list) else plain(value) for name, value in values.items()}
