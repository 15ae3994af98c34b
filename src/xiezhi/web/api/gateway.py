"""What the machine interface asks of the core: what the rules are called."""

from __future__ import annotations

from functools import lru_cache

from xiezhi.operations.config import CoreConfig
from xiezhi.operations.tell_rules import RuleTold, tell_rules
from xiezhi.web.catalogue.gateway import content_digest
from xiezhi.web.core.gateway import core_config

__all__ = ["RuleTold", "rules"]


def rules() -> dict[str, RuleTold]:
    """Every rule by code, read once for each state of the content."""
    config = core_config()
    return _rules(config, content_digest(config.content_roots))


@lru_cache(maxsize=2)
def _rules(config: CoreConfig, digest: str) -> dict[str, RuleTold]:
    return tell_rules(config)
