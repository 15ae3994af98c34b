"""What alerts ask of the core."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from xiezhi.kernel.progress import Progress
from xiezhi.operations import explain_why, find_seals, open_evidence, replay_hits, tell_hits
from xiezhi.web.core.gateway import core_config, lake
from xiezhi.web.supervision.gateway import has_lake

ToldHit = tell_hits.ToldHit
SealFound = find_seals.SealFound
ReplayReport = replay_hits.ReplayReport
Difference = replay_hits.Difference


def hits(run: int | None = None) -> Iterator[list[ToldHit]]:
    """Every rule's hits of its newest run with their sentences, batch by batch."""
    return tell_hits.tell_hits(core_config(), lake(), run=run) if has_lake() else iter(())


def newest_runs() -> dict[str, int]:
    """Rule → the newest run that evaluated it to its end."""
    return tell_hits.newest_runs(core_config(), lake()) if has_lake() else {}


def vanished(fingerprints: Collection[str]) -> Iterator[list[ToldHit]]:
    """Hits that were gone before the newest runs, with why."""
    return tell_hits.tell_vanished(core_config(), lake(), fingerprints)


def evidence(fingerprint: str) -> Any:
    return open_evidence.open_evidence(core_config(), lake(), fingerprint)


def why(subject: str, rule: str) -> Any:
    """(rule, answer) of the core for one subject and one rule."""
    return explain_why.explain_why(core_config(), lake(), subject, rule)


def sealed(begins: str) -> list[SealFound]:
    """Hits that once had a seal beginning so, as the lake's runs have them."""
    return find_seals.hits_of_seal(core_config(), lake(), begins) if has_lake() else []


def replay(fingerprint: str, actor: str, progress: Progress) -> ReplayReport:
    return replay_hits.replay_hits(core_config(actor), lake(), [fingerprint], progress)


def replay_all(actor: str, progress: Progress) -> ReplayReport:
    """Every current hit of every rule; nothing where nothing was ever received."""
    return replay_hits.replay_hits(core_config(actor), lake(), [], progress) if has_lake() else ReplayReport()
