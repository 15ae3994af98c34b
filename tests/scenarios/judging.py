"""Deliver situations, run their rule, and hold what it found against the truth."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.scenarios.situation import Situation, Situations, Written, situation_of, write_files
from xiezhi.evidence.sentence import sentence
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery
from xiezhi.operations.runs import run_rules
from xiezhi.rules.loader import load_content
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.record import COVERAGE, STANDING, RunFolders

Hit = dict[str, Any]


@dataclass
class Judged:
    """What a rule said of each situation. `coverage`: (unit, month, outcome, rows) of the rule; `refused`: rows set aside."""

    hits: dict[str, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    coverage: list[dict[str, Any]] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    strangers: list[Hit] = field(default_factory=list)

    def wrong(self, situation: Situation) -> list[str]:
        """Every way in which the situation did not come out as it should."""
        found = self.hits[situation.name]
        if situation.truth != "violation":
            return [f"FALSE ACCUSATION ({hit['level']}): {hit['said']}" for hit in found]
        if not found:
            return ["MISS"]
        return _compared(situation, found)


def judge(said: Situations, folder: Path) -> Judged:
    """Receive the situations' files round by round into a lake of `folder`, run the rule, and tell whose each hit is."""
    written, lake, config = write_files(said, folder / "delivered"), folder / "lake", CoreConfig(memory="1GB", threads=1)
    judged, delivered = Judged(), dict[int, tuple[int, str]]()
    for number, paths in enumerate(written.rounds):
        for contract, path in paths.items():
            for receipt in receive_delivery(config, [path], lake, contract=contract):
                delivered[receipt.delivery] = (number, contract)
                if receipt.refused or receipt.set_aside:
                    judged.set_aside.append(f"{contract} round {number}: {receipt.refusal or receipt.reasons}")
    record = run_rules(config, lake, codes=[said.rule])
    ending = record.rule(said.rule)
    assert ending is not None
    assert ending.ending == "done", (ending, judged.set_aside)
    _sort_hits(judged, said, written, delivered, lake, record.run)
    return judged


def _sort_hits(
    judged: Judged, said: Situations, written: Written, delivered: Mapping[int, tuple[int, str]], lake: Path, run: int
) -> None:
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    rule = load_content(CoreConfig().content_roots).rules[said.rule]
    owners: dict[str, set[str]] = defaultdict(set)
    for row in pq.read_table(folders.folder(run) / STANDING).to_pylist():
        number, contract = delivered[row["delivery"]]
        if owner := written.owner.get((number, contract, row["row"])):
            owners[row["fingerprint"]].add(owner)
    for stored in hit_rows(folders, run, said.rule):
        candidate = json.loads(str(stored["candidate"]))
        hit = candidate | {name: value for name, value in stored.items() if name not in ("candidate", "shown")}
        hit["said"] = sentence(rule, candidate).zh
        whose = {situation_of(candidate["ocid"])} if "ocid" in candidate else owners.get(str(stored["fingerprint"]), set())
        for owner in whose:
            judged.hits[owner].append(hit)
        if not whose:
            judged.strangers.append(hit)
    coverage = pq.read_table(folders.folder(run) / COVERAGE).to_pylist()
    judged.coverage = [row for row in coverage if row["rule"] == said.rule]


def _compared(situation: Situation, found: list[Hit]) -> list[str]:
    """Each expected hit must be one of those found, in every column it names; none may be left over."""
    if not situation.expect:
        return []
    left, problems = list(found), []
    for expected in situation.expect:
        match = next((hit for hit in left if all(_same(hit.get(key), value) for key, value in expected.items())), None)
        if match is None:
            problems.append(f"expected {dict(expected)}, found {[{key: hit.get(key) for key in expected} for hit in left]}")
        else:
            left.remove(match)
    return [*problems, *(f"one hit too many: {hit['said']}" for hit in left if not problems)]


def _same(found: Any, expected: Any) -> bool:
    return found == expected or str(found) == str(expected)
