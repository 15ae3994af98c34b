"""Contracts, codelists and lineage as the core tells them, read once for each state of the content."""

from __future__ import annotations

from functools import lru_cache

from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content_in_force import content_digest
from xiezhi.operations.read_lineage import Lineage, RuleNode, read_lineage
from xiezhi.operations.tell_datasets import CodelistTold, DatasetTold, FieldTold, tell_codelists, tell_datasets
from xiezhi.web.core.gateway import core_config

__all__ = [
    "CodelistTold",
    "DatasetTold",
    "FieldTold",
    "Lineage",
    "RuleNode",
    "codelists",
    "datasets",
    "lineage",
]


def datasets() -> dict[str, DatasetTold]:
    """Every dataset by name, ordered by department."""
    config = core_config()
    return _datasets(config, content_digest(config.content_roots))


def codelists() -> dict[str, CodelistTold]:
    config = core_config()
    return _codelists(config, content_digest(config.content_roots))


def lineage() -> Lineage:
    config = core_config()
    return _lineage(config, content_digest(config.content_roots))


@lru_cache(maxsize=2)
def _datasets(config: CoreConfig, digest: str) -> dict[str, DatasetTold]:
    return tell_datasets(config)


@lru_cache(maxsize=2)
def _codelists(config: CoreConfig, digest: str) -> dict[str, CodelistTold]:
    return tell_codelists(config)


@lru_cache(maxsize=2)
def _lineage(config: CoreConfig, digest: str) -> Lineage:
    return read_lineage(config)
