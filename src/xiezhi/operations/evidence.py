"""What stands behind a hit: its evidence and seals, the proof anew, why a subject is flagged or not, why a hit is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xiezhi.evidence.bundle import Evidence
from xiezhi.evidence.bundle import open_evidence as bundle
from xiezhi.evidence.gone import causes_of, in_one_line
from xiezhi.evidence.page import page
from xiezhi.evidence.replay import Difference, ReplayReport, replay
from xiezhi.evidence.seals import SealFound, find_seals, seals_of
from xiezhi.evidence.why import Why, why
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.progress import Progress
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import content_in_force, contracts_in_force
from xiezhi.operations.identities import open_vault
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.rule import Rule
from xiezhi.runs.execute import Settings
from xiezhi.runs.record import RunFolders

__all__ = ["Difference", "Evidence", "ReplayReport", "Rule", "SealFound", "Why"]


def open_evidence(config: CoreConfig, lake: Path, fingerprint: str, rule: str | None = None) -> Evidence:
    """The evidence of the hit (of `rule`, where it is known) whose fingerprint starts so.

    Raises UserError if none or several do.
    """
    with Lake.open(lake) as opened:
        return bundle(opened, content_in_force(config), contracts_in_force(config), fingerprint, rule)


def evidence_page(evidence: Evidence, language: str) -> str:
    """The evidence as one self-contained HTML page."""
    return page(evidence, language)


def find_hits_of_seal(config: CoreConfig, lake: Path, seal: str) -> list[SealFound]:
    """Hits that once had a seal beginning so, gone ones too; empty where none had."""
    with Lake.open(lake) as opened:
        return find_seals(RunFolders(opened.paths.runs), seal)


def list_seals_of_hit(config: CoreConfig, lake: Path, fingerprint: str, rule: str) -> list[SealFound]:
    """Every seal that a hit has had, oldest first."""
    with Lake.open(lake) as opened:
        return seals_of(RunFolders(opened.paths.runs), fingerprint, rule)


def replay_hits(config: CoreConfig, lake: Path, fingerprints: Sequence[str], progress: Progress | None = None) -> ReplayReport:
    """Recompute the given hits, or every current one where none is given, and compare."""
    settings = Settings(memory=config.memory, threads=config.threads, actor=config.actor)
    with Lake.open(lake) as opened:
        return replay(opened, content_in_force(config), fingerprints, settings, progress)


def explain_why(
    config: CoreConfig, lake: Path, subject: str, rule_code: str, overrides: Mapping[str, Any] | None = None
) -> tuple[Rule, Why]:
    """Answer for `subject`: a vault number (`#123` or `123`), an identity value such as a citizen id, or a plain text."""
    with Lake.open(lake) as opened:
        content = content_in_force(config)
        if rule_code not in content.rules:
            raise UserError("XZ-RUN-02", zh=f"没有代码为 {rule_code} 的模型", en=f"there is no rule with code {rule_code}")
        rule = content.rules[rule_code]
        identity = rule.hit.subject.number_kind
        asked = _number(config, opened, subject, identity) if identity else subject
        values = parameter_values(rule, overrides or {}, content.norms)
        return rule, why(rule, values, content.facts, opened.snapshot(), asked, config.memory, contracts_in_force(config))


def _number(config: CoreConfig, lake: Lake, subject: str, identity: str) -> int:
    text = subject.removeprefix("#")
    if text.isdigit() and len(text) < 11:
        return int(text)
    with open_vault(config, lake.paths.root) as vault:
        number = vault.find(IdentityKind(identity), text)
    if number is None:
        raise UserError(
            "XZ-WHY-01",
            zh="数据湖中没有该主体的任何有效记录",
            en="the lake holds no sound record of this subject",
            todo_zh="核对号码;号码不合格的记录在回执中列出",
            todo_en="check the number; rows whose number is unsound are listed in the receipts",
        )
    return number


def explain_gone(config: CoreConfig, lake: Path, *, rule: str | None = None) -> dict[str, Words]:
    """Fingerprint → all causes in one line. `rule`: only its hits."""
    with Lake.open(lake) as opened:
        found: dict[str, Words] = {}
        for code, record in RunFolders(opened.paths.runs).latest_by_rule().items():
            if rule in (None, code):
                causes = causes_of(opened, contracts_in_force(config), record, code, memory=config.memory)
                found |= {fingerprint: in_one_line(listed) for fingerprint, listed in causes.items()}
    return found
