"""What alerts ask of the core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from xiezhi.kernel.progress import Progress
from xiezhi.operations import explain_why, name_organisations, open_evidence, replay_hits, tell_hits, tell_rules
from xiezhi.web.core.gateway import core_config, lake

RuleTold = tell_rules.RuleTold
ToldHit = tell_hits.ToldHit


def has_lake() -> bool:
    """Whether anything was ever received: a new site has no lake."""
    return (lake() / "lake.json").exists()


def hits(run: int | None = None) -> Iterator[list[ToldHit]]:
    """Every rule's hits of its newest run with their sentences, batch by batch."""
    return tell_hits.tell_hits(core_config(), lake(), run=run) if has_lake() else iter(())


@lru_cache(maxsize=4)
def _rules(roots: tuple[str, ...]) -> Mapping[str, RuleTold]:
    return tell_rules.tell_rules(core_config())


def rules() -> Mapping[str, RuleTold]:
    """The rules by code. Content changes with a deployment, so one process reads it once."""
    return _rules(tuple(str(root) for root in core_config().content_roots))


def organisations(numbers: Sequence[int]) -> dict[int, str]:
    """Number of a credit code → registered name."""
    return name_organisations.name_organisations(core_config(), lake(), numbers)


def evidence(fingerprint: str) -> Any:
    return open_evidence.open_evidence(core_config(), lake(), fingerprint)


def why(subject: str, rule: str) -> Any:
    """(rule, answer) of the core for one subject and one rule."""
    return explain_why.explain_why(core_config(), lake(), subject, rule)


def replay(fingerprint: str, actor: str, progress: Progress) -> Any:
    return replay_hits.replay_hits(core_config(actor), lake(), [fingerprint], progress)
