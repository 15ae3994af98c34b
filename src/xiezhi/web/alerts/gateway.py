"""What alerts ask of the core."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xiezhi.kernel.progress import Progress
from xiezhi.operations import explain_why, open_evidence, replay_hits, tell_hits
from xiezhi.web.core.gateway import core_config, lake
from xiezhi.web.supervision.gateway import has_lake

ToldHit = tell_hits.ToldHit


def hits(run: int | None = None) -> Iterator[list[ToldHit]]:
    """Every rule's hits of its newest run with their sentences, batch by batch."""
    return tell_hits.tell_hits(core_config(), lake(), run=run) if has_lake() else iter(())


def evidence(fingerprint: str) -> Any:
    return open_evidence.open_evidence(core_config(), lake(), fingerprint)


def why(subject: str, rule: str) -> Any:
    """(rule, answer) of the core for one subject and one rule."""
    return explain_why.explain_why(core_config(), lake(), subject, rule)


def replay(fingerprint: str, actor: str, progress: Progress) -> Any:
    return replay_hits.replay_hits(core_config(actor), lake(), [fingerprint], progress)
