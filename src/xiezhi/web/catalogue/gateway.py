"""Contracts, codelists and lineage as the core tells them, read once for each state of the content."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal

from xiezhi.operations.config import CoreConfig
from xiezhi.operations.datasets import (
    CodelistDescription,
    DatasetDescription,
    FieldDescription,
    Vocabulary,
    describe_codelists,
    describe_datasets,
    describe_vocabulary,
)
from xiezhi.operations.lineage import Lineage, RuleNode, read_lineage
from xiezhi.operations.templates import make_template
from xiezhi.web.content import content_state
from xiezhi.web.lake import core_config

__all__ = [
    "CodelistDescription",
    "DatasetDescription",
    "FieldDescription",
    "Lineage",
    "RuleNode",
    "Vocabulary",
    "codelists",
    "datasets",
    "lineage",
    "template",
    "vocabulary",
]


def datasets() -> dict[str, DatasetDescription]:
    """Every dataset by name, ordered by department."""
    config = core_config()
    return _datasets(config, content_state(config))


@cache
def vocabulary() -> Vocabulary:
    """What kinds of values, cadences and classifications are called."""
    return describe_vocabulary()


def codelists() -> dict[str, CodelistDescription]:
    config = core_config()
    return _codelists(config, content_state(config))


def lineage() -> Lineage:
    config = core_config()
    return _lineage(config, content_state(config))


def template(name: str, kind: Literal["xlsx", "csv"], language: str) -> bytes:
    """An empty table of a dataset to fill in. UserError where the dataset is no table."""
    return make_template(core_config(), name, kind, language)


@lru_cache(maxsize=2)
def _datasets(config: CoreConfig, digest: str) -> dict[str, DatasetDescription]:
    return describe_datasets(config)


@lru_cache(maxsize=2)
def _codelists(config: CoreConfig, digest: str) -> dict[str, CodelistDescription]:
    return describe_codelists(config)


@lru_cache(maxsize=2)
def _lineage(config: CoreConfig, digest: str) -> Lineage:
    return read_lineage(config)
