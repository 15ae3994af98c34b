"""The content in force: read once for each state of its files, and locked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.loader import load_contracts
from xiezhi.kernel.errors import ContentError, Place
from xiezhi.kernel.hashing import sha256
from xiezhi.operations.config import CoreConfig
from xiezhi.processes.loader import ProcessContent, load_processes
from xiezhi.rules.loader import Content, load_content
from xiezhi.rules.lock import LOCK_FILE, ContentChange, changes, lock_of, read_lock, write_lock

OF_CONTRACTS = ("contracts/*/*.yaml", "codelists/*", "code_decisions.csv")
"""Every file that contracts and codelists are read from, below each root."""

OF_RULES = (
    "facts/*.yaml",
    "facts/*/*",
    "norms/*",
    "exclusions.yaml",
    "domains.yaml",
    "rules/*/*/*.yaml",
    "rules/*/*/query.sql",
)
"""Every file that rules, facts, norms, exclusions and lines of work are read from, below each root."""

OF_PROCESSES = ("processes/*.yaml", "processes/*/*.yaml", "chains/*.yaml", "deadlines/*.yaml")
"""Every file that processes, chains and deadlines are read from, below each root."""

CASES = ("facts/*/cases/*.yaml", "rules/*/*/cases/*.yaml")


def content_in_force(config: CoreConfig) -> Content:
    """Rules, facts, norms and exclusions. It is shared: nobody changes it. Raises ContentError as `load_content` does."""
    return _content(config.content_roots, _digest(config.content_roots, OF_RULES))


def contracts_in_force(config: CoreConfig) -> ContractCatalogue:
    """Contracts and codelists. It is shared: nobody changes it. Raises ContentError as `load_contracts` does."""
    return _contracts(config.content_roots, _digest(config.content_roots, OF_CONTRACTS))


def processes_in_force(config: CoreConfig) -> ProcessContent:
    """Processes, chains and deadlines. It is shared: nobody changes it. Raises ContentError as `load_processes` does."""
    return _processes(config.content_roots, _digest(config.content_roots, OF_PROCESSES))


def content_digest(roots: tuple[Path, ...]) -> str:
    """Changes when a file of the content is added, removed or written: its name, size and time, not its bytes.

    A few hundred `stat` calls a page; reading and checking all content takes a hundred times as long.
    """
    return _digest(roots, OF_CONTRACTS + OF_RULES + OF_PROCESSES + CASES)


def _digest(roots: tuple[Path, ...], parts: Sequence[str]) -> str:
    seen = [
        f"{path} {(facts := path.stat()).st_size} {facts.st_mtime_ns}"
        for root in roots
        for part in parts
        for path in root.glob(part)
    ]
    return sha256("\n".join(sorted(seen)).encode())


@lru_cache(maxsize=2)
def _content(roots: tuple[Path, ...], digest: str) -> Content:
    return load_content(roots)


@lru_cache(maxsize=2)
def _contracts(roots: tuple[Path, ...], digest: str) -> ContractCatalogue:
    return load_contracts(roots)


@lru_cache(maxsize=2)
def _processes(roots: tuple[Path, ...], digest: str) -> ProcessContent:
    return load_processes(roots)


def lock_content(config: CoreConfig) -> tuple[Path, list[ContentChange]]:
    """Write the lock of the last content root; returns its path and what changed.

    Raises ContentError, and writes nothing, where a trial or live rule changed without a new version.
    """
    root = config.content_roots[-1]
    lock = lock_of(content_in_force(config))
    found = changes(read_lock(root), lock)
    _refuse([change for change in found if change.forbidden], root)
    return write_lock(root, lock), found


def check_lock(config: CoreConfig) -> int:
    """How many things are locked. Raises ContentError where content and lock differ."""
    root = config.content_roots[-1]
    lock = lock_of(content_in_force(config))
    _refuse(changes(read_lock(root), lock), root)
    return sum(len(kind) for kind in lock.values())


def _refuse(wrong: list[ContentChange], root: Path) -> None:
    if wrong:
        raise ContentError(
            "XZ-LOCK-01",
            zh="内容与锁定文件不符:" + ";".join(f"{change.name} {change.words.zh}" for change in wrong),
            en="content and lock differ: " + "; ".join(f"{change.name} {change.words.en}" for change in wrong),
            place=Place(file=str(root / LOCK_FILE)),
            todo_zh="确认改动后运行 xiezhi rules lock;已启用的模型要先把 version 加一",
            todo_en="if it is meant, run `xiezhi rules lock`; a rule in force needs a higher `version` first",
        )
