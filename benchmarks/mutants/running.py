"""Tests run in a child of this process: what they import from others is loaded once, what is ours anew each time."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

LOADED = (
    "cryptography.fernet",
    "duckdb",
    "hypothesis",
    "jinja2",
    "pyarrow.parquet",
    "pydantic",
    "pyiceberg.catalog.sql",
    "sqlglot",
    "yaml",
)
"""Heavy libraries that are loaded before the child is born. None of them may import anything of ours."""

OUTPUT = ".output"
"""What the last child wrote, in the tree."""

KILLED, SURVIVED, TIMEOUT = "killed", "survived", "timeout"


@dataclass(frozen=True)
class Ran:
    """What came of a test run: KILLED where a test failed, by which, in how many seconds."""

    result: str
    by: str
    seconds: float


@dataclass(eq=False)
class Chosen:
    """A plugin of pytest: keeps the chosen tests of the files given, all where `only` is None, and tells what failed."""

    only: frozenset[str] | None
    told: Path
    failed: list[str] = field(default_factory=list)

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        if self.only is not None:
            left = [item for item in items if item.nodeid not in self.only]
            config.hook.pytest_deselected(items=left)
            items[:] = [item for item in items if item.nodeid in self.only]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.told.write_text(json.dumps(self.failed[:1]), "utf-8")


def run(tree: Path, files: Sequence[str], only: frozenset[str] | None, timeout: float) -> Ran:
    """Run the chosen tests of some files of a tree until the first failure.

    Raises:
        RuntimeError: pytest itself failed; the message tells its last words.
    """
    told = tree / ".failed.json"
    told.unlink(missing_ok=True)
    begin = time.perf_counter()
    code = in_child(tree, lambda: int(pytest.main(["-x", *options(files)], plugins=[Chosen(only, told)])), timeout)
    seconds = time.perf_counter() - begin
    if code is None:
        return Ran(TIMEOUT, "", seconds)
    failed = json.loads(told.read_text("utf-8")) if told.exists() else []
    if code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return Ran(SURVIVED, "", seconds)
    # A mistake for which a module cannot be imported shows in the first conftest that needs it: to pytest, wrong usage.
    noticed = {pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}
    if all((tree / file).exists() for file in files):
        noticed.add(pytest.ExitCode.USAGE_ERROR)
    if code > 0 and code not in noticed:
        raise RuntimeError(
            f"the tests could not be run, exit code {code}: {(tree / OUTPUT).read_text('utf-8', 'replace')[-2000:]}"
        )
    return Ran(KILLED, failed[0] if failed else f"exit code {code}", seconds)


def options(files: Sequence[str]) -> list[str]:
    """Without faulthandler: its clock is a thread of the parent, which a child has not, and would wait for at its end.

    The root is where it stands: of any other, named by a stray pyproject.toml above, tests would be called otherwise.
    """
    left_out = ("cacheprovider", "django", "xdist", "faulthandler", "schemathesis")
    return ["-q", "--rootdir", ".", *(word for name in left_out for word in ("-p", f"no:{name}")), *files]


def in_child(tree: Path, work: Callable[[], int], timeout: float, output: Path | None = None) -> int | None:
    """The exit code of `work`, done in a child that stands in `tree`; None where it took too long, and was killed.

    `output`: where it writes what it says; a file in the tree where none is given.
    """
    child = os.fork()
    if child == 0:
        _work(tree, work, output or tree / OUTPUT)
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            _kill(child)
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    _kill(child)
    os.waitpid(child, 0)
    return None


def _kill(session: int) -> None:
    """Processes that tests left behind, too: their session is their own."""
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)


def _work(tree: Path, work: Callable[[], int], output: Path) -> None:
    """Never returns: a child must not go on with its parent's work."""
    code: Any = 99
    try:
        os.setsid()
        os.chdir(tree)
        written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(written, stream)
        os.environ |= {"PYTHONPATH": f"{tree / 'src'}{os.pathsep}{tree}", "HYPOTHESIS_MAX_EXAMPLES": "20"}
        sys.path[:0] = [str(tree / "src"), str(tree)]
        for name in [name for name in sys.modules if name.partition(".")[0] in ("xiezhi", "tests", "benchmarks")]:
            del sys.modules[name]
        code = work()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def load() -> None:
    """Import what all children need."""
    for name in LOADED:
        __import__(name)
