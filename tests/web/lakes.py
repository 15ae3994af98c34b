"""A lake with hits, made once from a small city for all who test at the same time; and the values of it that no page may ever show."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from functools import lru_cache
from pathlib import Path

from xiezhi.kernel.progress import Silent
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.demonstration import build_demo

PERSONS, SEED = 5000, 1
CITIZEN = re.compile(rb"(?<!\d)99\d{4}(?:19|20)\d{9}[\dXx](?!\d)")
ACCOUNT = re.compile(rb"(?<!\d)62\d{14,17}(?!\d)")


@lru_cache(maxsize=1)
def city_for_all(base: Path) -> Path:
    """Folder with `lake` and `delivered`, which nobody writes into. `base`: this worker's folder for its tests.

    XIEZHI_TEST_CITY names one that is ready. Of several workers the first builds it, the others wait; each has a copy
    of its own, because whoever only reads a ledger still makes and removes files beside it, under the hands of others.
    """
    return Path(shutil.copytree(os.environ.get("XIEZHI_TEST_CITY") or _built_once(base), base / "city"))


def _built_once(base: Path) -> Path:
    """The folder that all workers copy from, which nobody opens."""
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "city.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = shared / "city.done"
        if not done.exists():
            demonstration(shared)
            done.touch()
    return shared / "demo"


def demonstration(folder: Path) -> Path:
    """Folder with `lake` and `delivered`, built anew."""
    return build_demo(CoreConfig(), folder / "demo", PERSONS, SEED, Silent()).folder


@lru_cache(maxsize=1)
def personal_values(delivered: Path) -> frozenset[str]:
    """Every citizen id and bank account that was delivered as plain text."""
    found: set[bytes] = set()
    for path in delivered.rglob("*"):
        if path.suffix in (".csv", ".tsv", ".txt", ".json", ".jsonl"):
            text = path.read_bytes()
            found |= {*CITIZEN.findall(text), *ACCOUNT.findall(text)}
    return frozenset(value.decode() for value in found)
