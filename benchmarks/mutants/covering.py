"""Which tests run a line, and how long each takes: measured once on the unchanged tree (coverage.py, one context a test)."""

from __future__ import annotations

import ast
import json
import multiprocessing
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

import coverage
import pytest

from benchmarks.mutants.reading_here import read_here
from benchmarks.mutants.running import Chosen, in_child, options

PREPARING = "|setup"
"""Ends the context of what a test's fixtures run: they may serve every test of the file."""


class Covering:
    """`seconds`: test → how long it takes; tests that fail unchanged are not in it, but in `failed`."""

    def __init__(self, tree: Path, files: Sequence[str], timeout: float, kept: Path, jobs: int = 1) -> None:
        """Runs the test files, but for those of which a run kept in `kept` has told: of the same program and the same text.

        `jobs`: in how many processes at a time.

        Raises:
            RuntimeError: they did not come to an end; the message tells the last words of the run.
        """
        self._tree = tree
        folder = (kept / _digest(_program(tree))).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        digests = {file: _digest([tree / file]) for file in files}
        self._runs = [_Run(path) for path in sorted(folder.glob("*.json"))]
        known = self._known(digests)
        if waiting := [file for file in files if file not in known]:
            shares = [share for share in (waiting[job::jobs] for job in range(jobs)) if share]
            # A share that was cut off has left its number unused: the next run must not write over another's.
            free = max((int(path.stem) for path in folder.glob("*.json")), default=-1) + 1
            paths = [folder / f"{place:03d}.json" for place in range(free, free + len(shares))]
            _learn_all(
                tree,
                [({file: digests[file] for file in share}, path) for share, path in zip(shares, paths, strict=True)],
                timeout,
            )
            self._runs += [_Run(path) for path in paths]
            known = self._known(digests)
        self.failed = [test for run in self._runs for test in run.failed if known.get(_file(test)) is run]
        self.seconds = {
            test: seconds
            for run in self._runs
            for test, seconds in run.seconds.items()
            if known.get(_file(test)) is run and test not in run.failed
        }
        self._told_by = known

    def _known(self, digests: Mapping[str, str]) -> dict[str, _Run]:
        """Test file → the last run of it as it is now."""
        return {file: run for run in self._runs for file, digest in run.digests.items() if digests.get(file) == digest}

    def of(self, path: Path, line: int) -> frozenset[str]:
        """The tests that run the statement in which a line stands; empty where it runs at import alone."""
        statement, name = _statement(path, line), path.relative_to(self._tree)
        contexts = {
            context for run in self._runs for context in run.contexts(name, statement) if self._told_by.get(_file(context)) is run
        }
        prepared = {_file(context) for context in contexts if context.endswith(PREPARING)}
        ran = {context.rpartition("|")[0] for context in contexts}
        return frozenset(test for test in self.seconds if test in ran or _file(test) in prepared)

    def within(self, budget: float, tests: frozenset[str]) -> frozenset[str]:
        """The quickest of the tests whose times together stay within the budget, in seconds; at least one."""
        order = sorted(tests, key=lambda test: self.seconds[test])
        total = accumulate(self.seconds[test] for test in order)
        return frozenset(
            test for place, (test, spent) in enumerate(zip(order, total, strict=True)) if spent <= budget or place == 0
        )


class _Run:
    """What one run of some test files told: `<path>` holds times and failures, the file beside it the lines."""

    def __init__(self, path: Path) -> None:
        answer = json.loads(path.read_text("utf-8"))
        self.digests: dict[str, str] = answer["digests"]
        self.seconds: dict[str, float] = answer["seconds"]
        self.failed: list[str] = answer["failed"]
        self._tree = Path(answer["tree"])
        self._data = coverage.CoverageData(str(path.with_suffix(".sqlite")))
        self._data.read()

    def contexts(self, name: Path, statement: range) -> Iterator[str]:
        lines = self._data.contexts_by_lineno(str(self._tree / name))
        return (context for at in statement for context in lines.get(at, ()) if context)


def _learn_all(tree: Path, shares: Sequence[tuple[Mapping[str, str], Path]], timeout: float) -> None:
    """Each share of the test files in a process of its own, its answer in a file of its own."""
    forked = multiprocessing.get_context("fork")
    workers = [forked.Process(target=_learn, args=(tree, digests, path, timeout)) for digests, path in shares]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for worker, (_, path) in zip(workers, shares, strict=True):
        if worker.exitcode:
            raise RuntimeError(path.with_suffix(".output").read_text("utf-8", "replace")[-2000:])


def _learn(tree: Path, digests: Mapping[str, str], path: Path, timeout: float) -> None:
    told, output = path.with_suffix(".told"), path.with_suffix(".output")
    told.unlink(missing_ok=True)
    code = in_child(tree, lambda: _watched(tree, list(digests), told, path.with_suffix(".sqlite")), timeout, output)
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        sys.exit(1)
    path.write_text(json.dumps({**json.loads(told.read_text("utf-8")), "digests": digests}), "utf-8")


def _file(test: str) -> str:
    return test.partition("::")[0]


def _program(tree: Path) -> list[Path]:
    """All that tests could see besides their own file."""
    paths = sorted(path for folder in ("src", "tests", "content") for path in (tree / folder).rglob("*") if path.is_file())
    return [path for path in paths if path.suffix != ".pyc" and not path.name.startswith("test_")]


def _digest(paths: Iterable[Path]) -> str:
    found = sha256()
    for path in paths:
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
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
        read_here(_file(item.nodeid))
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
