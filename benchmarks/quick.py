"""What a change touches, in under a minute: its files as ruff sees them, and the tests that import them, nearest first.

    make quick              # what differs from the last commit
    make quick BASE=main    # what differs from a branch

Not what lands: that is `make test`. What did not fit into the time is counted and named, never left out unsaid.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from benchmarks.mutants.choosing import Tests

ROOT = Path(__file__).parents[1]
FOLDERS = ("tests/core", "tests/content", "tests/web", "tests/architecture", "tests/benchmarks")
SECONDS = 45.0
"""After which no further test is begun."""


class Budget:
    """Ends the run between two tests once the time is up, and says what was left."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._begun = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
        self._begun += 1
        if nextitem is not None and time.monotonic() > self._end:
            every = len(item.session.items)
            item.session.shouldstop = f"the time is up: {every - self._begun} of {every} tests were NOT run; make test runs all"
        return (yield)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("base", nargs="?", default="HEAD", help="the commit or branch to compare with")
    base = parser.parse_args().base
    changed = changed_files(base)
    if not changed:
        print(f"nothing differs from {base}: nothing was run")
        return 0
    python = [path for path in changed if path.endswith(".py")]
    if python and subprocess.run([sys.executable, "-m", "ruff", "check", *python], cwd=ROOT, check=False).returncode:
        return 1
    files = nearest_tests(changed)
    if not files:
        print(f"no test imports what differs from {base}: {', '.join(changed)}")
        return 0
    return pytest.main(["-q", "-n0", *files], plugins=[Budget(SECONDS)])


def changed_files(base: str) -> list[str]:
    """Paths that differ from `base` and are still there, new ones too."""
    asked = (("git", "diff", "--name-only", "--diff-filter=d", base), ("git", "ls-files", "--others", "--exclude-standard"))
    lines = [line for command in asked for line in subprocess.check_output(command, cwd=ROOT, text=True).splitlines()]
    return sorted(set(lines))


def nearest_tests(changed: Sequence[str]) -> list[str]:
    """Test files that a change touches: those changed themselves, then the nearest by imports."""
    tests = Tests(ROOT, reach=1, folders=FOLDERS)
    nearest = {path: 0 for path in changed if path in tests.files}
    for path in changed:
        for place, test in enumerate(_near(path, tests), start=1):
            nearest[test] = min(place, nearest.get(test, place))
    return sorted(nearest, key=lambda test: (nearest[test], test))


def _near(path: str, tests: Tests) -> list[str]:
    """By imports; of the web, whose tests enter through the address and import nothing of it, the app's own folder too."""
    parts = Path(path).parts
    imported: list[str] = []
    if path.startswith("src/xiezhi/") and path.endswith(".py"):
        imported = tests.near(".".join(Path(path).with_suffix("").parts[1:]).removesuffix(".__init__"))
    return [*imported, *(test for test in tests.files if test.startswith(_own(parts)) and test not in imported)]


def _own(parts: Sequence[str]) -> tuple[str, ...]:
    """Folders of the tests that belong to a path whatever they import."""
    match parts:
        case ("src", "xiezhi", "web", app, *_):
            return (f"tests/web/{app}/",)
        case ("content", *_):
            return ("tests/content/",)
        case ("benchmarks", *_):
            return ("tests/benchmarks/",)
    return ()


if __name__ == "__main__":
    sys.exit(main())
