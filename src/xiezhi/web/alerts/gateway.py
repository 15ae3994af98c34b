"""What alerts ask of the core."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xiezhi.kernel.progress import Progress
from xiezhi.operations.evidence import (
    Difference,
    Evidence,
    ReplayReport,
    Rule,
    SealFound,
    Why,
    explain_why,
    find_hits_of_seal,
    open_evidence,
    replay_hits,
)
from xiezhi.operations.hits import ExplainedHit, explain_hits, explain_vanished_hits
from xiezhi.operations.runs import list_newest_runs
from xiezhi.web.lake import core_config, has_lake, lake

__all__ = ["Difference", "Evidence", "ExplainedHit", "ReplayReport", "Rule", "SealFound", "Why", "has_lake"]


def hits(run: int | None = None) -> Iterator[list[ExplainedHit]]:
    """Every rule's hits of its newest run with their sentences, batch by batch."""
    return explain_hits(core_config(), lake(), run=run) if has_lake() else iter(())


def newest_runs() -> dict[str, int]:
    """Rule → the newest run that evaluated it to its end."""
    return list_newest_runs(core_config(), lake()) if has_lake() else {}


def vanished(fingerprints: Collection[str]) -> Iterator[list[ExplainedHit]]:
    """Hits that were gone before the newest runs, with why."""
    return explain_vanished_hits(core_config(), lake(), fingerprints)


def evidence(fingerprint: str, rule: str) -> Evidence:
    return open_evidence(core_config(), lake(), fingerprint, rule)


def why(subject: str, rule: str) -> tuple[Rule, Why]:
    """(rule, answer) of the core for one subject and one rule."""
    return explain_why(core_config(), lake(), subject, rule)


def sealed(begins: str) -> list[SealFound]:
    """Hits that once had a seal beginning so, as the lake's runs have them."""
    return find_hits_of_seal(core_config(), lake(), begins) if has_lake() else []


def replay(fingerprint: str, actor: str, progress: Progress) -> ReplayReport:
    return replay_hits(core_config(actor), lake(), [fingerprint], progress)


def replay_all(actor: str, progress: Progress) -> ReplayReport:
    """Every current hit of every rule; nothing where nothing was ever received."""
    return replay_hits(core_config(actor), lake(), [], progress) if has_lake() else ReplayReport()
