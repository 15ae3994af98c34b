"""Which tests run a line, and how long each takes: measured once on the unchanged tree (coverage.py, one context a test)."""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

import coverage
import pytest

from benchmarks.mutants.running import OUTPUT, Chosen, in_child, options

PREPARING = "|setup"
"""Ends the context of what a test's fixtures run: they may serve every test of the file."""


class Covering:
    """`seconds`: test → how long it takes; tests that fail unchanged are not in it, but in `failed`."""

    def __init__(self, tree: Path, files: Sequence[str], timeout: float, kept: Path) -> None:
        """Runs the test files, or reads from folder `kept` what a run on this very tree has told.

        Raises:
            RuntimeError: they did not come to an end; the message tells the last words of the run.
        """
        self._tree = tree
        folder = kept / _digest(tree, files)
        told, data = folder / "seconds.json", folder / "lines.sqlite"
        if not told.exists():
            folder.mkdir(parents=True, exist_ok=True)
            code = in_child(tree, lambda: _watched(tree, files, told.resolve(), data.resolve()), timeout)
            if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
                told.unlink(missing_ok=True)
                raise RuntimeError((tree / OUTPUT).read_text("utf-8", "replace")[-2000:])
        answer = json.loads(told.read_text("utf-8"))
        self.seconds: dict[str, float] = {
            test: taken for test, taken in answer["seconds"].items() if test not in answer["failed"]
        }
        self.failed: list[str] = answer["failed"]
        self._ran_in = Path(answer["tree"])
        self._data = coverage.CoverageData(str(data))
        self._data.read()

    def of(self, path: Path, line: int) -> frozenset[str]:
        """The tests that run the statement in which a line stands; empty where it runs at import alone, or in another process."""
        lines = self._data.contexts_by_lineno(str(self._ran_in / path.relative_to(self._tree)))
        contexts = {context for at in _statement(path, line) for context in lines.get(at, ()) if context}
        prepared = {context.partition("::")[0] for context in contexts if context.endswith(PREPARING)}
        ran = {context.rpartition("|")[0] for context in contexts}
        return frozenset(test for test in self.seconds if test in ran or test.partition("::")[0] in prepared)

    def within(self, budget: float, tests: frozenset[str]) -> frozenset[str]:
        """The quickest of the tests whose times together stay within the budget, in seconds; at least one."""
        order = sorted(tests, key=lambda test: self.seconds[test])
        total = accumulate(self.seconds[test] for test in order)
        return frozenset(
            test for place, (test, spent) in enumerate(zip(order, total, strict=True)) if spent <= budget or place == 0
        )


def _digest(tree: Path, files: Sequence[str]) -> str:
    """Of all that the tests could see, and of which of them run."""
    found = sha256("\0".join(files).encode())
    for path in sorted(path for folder in ("src", "tests", "content") for path in (tree / folder).rglob("*") if path.is_file()):
        if path.suffix != ".pyc":
            found.update(path.relative_to(tree).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def _statement(path: Path, line: int) -> range:
    """The lines of the smallest statement that holds a line; a compound statement's are those of its head."""
    found = range(line, line + 1)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
            if node.lineno <= line <= end and (len(found) == 1 or end - node.lineno < len(found)):
                found = range(node.lineno, end + 1)
    return found


class _Watch(Chosen):
    """Tells coverage which test runs, and keeps the time of each."""

    def __init__(self, told: Path, watching: coverage.Coverage) -> None:
        super().__init__(None, told)
        self._watching = watching
        self._seconds: defaultdict[str, float] = defaultdict(float)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        self._watching.switch_context(f"{item.nodeid}{PREPARING}")
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self._watching.switch_context(f"{item.nodeid}|call")
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        super().pytest_runtest_logreport(report)
        self._seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self) -> None:
        answer = {"tree": str(Path.cwd()), "seconds": self._seconds, "failed": self.failed}
        self.told.write_text(json.dumps(answer), "utf-8")


def _watched(tree: Path, files: Sequence[str], told: Path, data: Path) -> int:
    watching = coverage.Coverage(data_file=str(data), include=[f"{tree}/src/*"], config_file=False)
    watching.start()
    code = int(pytest.main(options(files), plugins=[_Watch(told, watching)]))
    watching.stop()
    watching.save()
    return code
