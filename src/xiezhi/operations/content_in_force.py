"""Content read once for each state of its files: for whoever asks often, as a page that opens one hit does."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.loader import load_contracts
from xiezhi.kernel.hashing import sha256
from xiezhi.operations.config import CoreConfig
from xiezhi.rules.loader import Content, load_content

PARTS = (
    "contracts/*/*.yaml",
    "codelists/*",
    "facts/*.yaml",
    "facts/*/*",
    "facts/*/cases/*.yaml",
    "norms/*",
    "exclusions.yaml",
    "rules/*/*/*.yaml",
    "rules/*/*/query.sql",
    "rules/*/*/cases/*.yaml",
)
"""Every file that content is read from, below each root."""


def content_in_force(config: CoreConfig) -> Content:
    """Rules, facts, norms and exclusions. It is shared: nobody changes it. Raises ContentError as `load_content` does."""
    return _content(config.content_roots, content_digest(config.content_roots))


def contracts_in_force(config: CoreConfig) -> ContractCatalogue:
    """Contracts and codelists. It is shared: nobody changes it. Raises ContentError as `load_contracts` does."""
    return _contracts(config.content_roots, content_digest(config.content_roots))


def content_digest(roots: tuple[Path, ...]) -> str:
    """Changes when a file of the content is added, removed or written: its name, size and time, not its bytes.

    A few hundred `stat` calls a page; reading and checking all content takes a hundred times as long.
    """
    seen = [
        f"{path} {(facts := path.stat()).st_size} {facts.st_mtime_ns}"
        for root in roots
        for part in PARTS
        for path in root.glob(part)
    ]
    return sha256("\n".join(sorted(seen)).encode())


@lru_cache(maxsize=2)
def _content(roots: tuple[Path, ...], digest: str) -> Content:
    return load_content(roots)


@lru_cache(maxsize=2)
def _contracts(roots: tuple[Path, ...], digest: str) -> ContractCatalogue:
    return load_contracts(roots)
