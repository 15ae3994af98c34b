"""Compare the hits of the latest run with what a demonstration city knows to be true."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xiezhi.identity.vault import Vault
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.hits import CurrentHit, list_hits
from xiezhi.operations.identities import keyring_of

NEEDED = ("rule", "variant", "role", "subject_kind", "subject", "counterpart_kind", "counterpart")
IDENTITY_OF_KIND = {"person": IdentityKind.CITIZEN_ID, "company": IdentityKind.CREDIT_CODE, "party": IdentityKind.PARTY_ID}

Truth = Mapping[str, str]
Number = Callable[[str, str], str | None]
"""(kind, delivered value) → how a hit spells it: the vault's number, or the value itself; None where the lake never saw it."""


@dataclass
class RuleScore:
    """One rule. `planted` counts lines of truth; `flagged` hits; `look_alikes_flagged` lines of truth that were flagged."""

    rule: str
    planted: int = 0
    found: int = 0
    recall: float | None = None
    flagged: int = 0
    precision: float | None = None
    look_alikes: int = 0
    look_alikes_flagged: int = 0
    missed: list[dict[str, str]] = field(default_factory=list)
    fooled: list[dict[str, str]] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    """Fingerprints of hits that nothing planted accounts for."""


def score_truth(config: CoreConfig, lake: Path, truth: Path) -> list[RuleScore]:
    """A score for each rule that the truth or a hit names, by code.

    A planted line is found if a hit of its rule (and variant) has its subject (and counterpart). Precision is the share
    of hits that some planted line accounts for. Raises UserError if `truth` is not a truth.csv.
    """
    lines = read_truth(truth)
    hits = list_hits(config, lake)
    with Lake.open(lake) as opened, Vault.open(opened.paths.vault, keyring_of(config, opened.paths)) as vault:
        return score(lines, hits, _numbers(vault))


def read_truth(path: Path) -> list[dict[str, str]]:
    """The lines of a truth.csv."""
    if not path.is_file():
        raise UserError("XZ-TRUTH-01", zh=f"没有文件 {path}", en=f"there is no file {path}")
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        lacking = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        if lacking:
            raise UserError(
                "XZ-TRUTH-02",
                zh=f"{path} 不是 truth.csv:缺列 {', '.join(lacking)}",
                en=f"{path} is no truth.csv: it lacks {', '.join(lacking)}",
                todo_zh="给出 xiezhi city build 写出的 truth.csv",
                todo_en="give the truth.csv that xiezhi city build wrote",
            )
        return list(reader)


def score(lines: Sequence[Truth], hits: Sequence[CurrentHit], number: Number) -> list[RuleScore]:
    """Scores by rule code, from lines of truth and hits."""
    truths, flagged = defaultdict[str, list[Truth]](list), defaultdict[str, list[CurrentHit]](list)
    for line in lines:
        truths[line["rule"]].append(line)
    for hit in hits:
        flagged[hit.rule].append(hit)
    return [_score_rule(rule, truths[rule], flagged[rule], number) for rule in sorted(truths.keys() | flagged.keys())]


def _score_rule(rule: str, lines: Sequence[Truth], hits: Sequence[CurrentHit], number: Number) -> RuleScore:
    by_subject: defaultdict[str, list[CurrentHit]] = defaultdict(list)
    for hit in hits:
        by_subject[str(hit.subject)].append(hit)
    scored, explained = RuleScore(rule, flagged=len(hits)), set[str]()
    for line in lines:
        subject = number(line["subject_kind"], line["subject"])
        matching = [hit for hit in by_subject.get(subject or "", ()) if _matches(line, hit, number)]
        if line["role"] == "planted":
            scored.planted += 1
            scored.found += bool(matching)
            explained |= {hit.fingerprint for hit in matching}
            if not matching:
                scored.missed.append(dict(line))
        else:
            scored.look_alikes += 1
            scored.look_alikes_flagged += bool(matching)
            if matching:
                scored.fooled.append(dict(line))
    scored.unexpected = [hit.fingerprint for hit in hits if hit.fingerprint not in explained]
    scored.recall = scored.found / scored.planted if scored.planted else None
    scored.precision = (len(hits) - len(scored.unexpected)) / len(hits) if hits else None
    return scored


def _matches(line: Truth, hit: CurrentHit, number: Number) -> bool:
    if line["variant"] and line["variant"] != hit.variant:
        return False
    return not line["counterpart"] or number(line["counterpart_kind"], line["counterpart"]) == str(hit.counterpart)


def _numbers(vault: Vault) -> Number:
    def number(kind: str, value: str) -> str | None:
        identity = IDENTITY_OF_KIND.get(kind)
        if identity is None:
            return value
        found = vault.find(identity, value)
        return None if found is None else str(found)

    return number
