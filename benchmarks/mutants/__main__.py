"""How many small mistakes in a package its tests notice, on a random sample of them, with the 95 % interval.

    python -m benchmarks.mutants runs --sample 400 --seed 1

Runs in a copy of the tree. Cut off at any moment (or by --minutes), the same command goes on where it stopped: results lie in
`<dir>/<package>.jsonl`. `--again` asks survivors once more, after tests were added.
First all tests run once, unchanged, to learn which of them run which line; a mutant is asked those alone. What is learned lies
in `<dir>/covered`: a test file is run again when it, or the program, has changed. `--jobs` asks several mutants at a time.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutants.choosing import FOLDERS, Tests
from benchmarks.mutants.copy_of_tree import ROOT, CopyOfTree
from benchmarks.mutants.covering import Covering
from benchmarks.mutants.planting import Mutant, mutants
from benchmarks.mutants.results import Result, Results, check_equivalents, read_equivalents, wilson
from benchmarks.mutants.running import KILLED, SURVIVED, TIMEOUT, load, run

PACKAGES = ("kernel", "identity", "intake", "contracts", "rules", "runs", "evidence")
GRACE = 20.0
"""Seconds a mutant may run beyond three times what its tests take without it."""

UNCHANGED = 3600.0
"""Seconds after which the run that learns what the tests cover is given up."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", choices=PACKAGES)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, help="stop after this time; the same command goes on")
    parser.add_argument("--jobs", type=int, default=1, help="mutants asked at a time, each in a copy and a process of its own")
    parser.add_argument("--reach", type=int, default=1, help="imports that may lie between a test and the module")
    parser.add_argument(
        "--budget",
        type=float,
        default=30,
        help="seconds of tests that a mutant may cost, quick ones first; the rest are not asked",
    )
    parser.add_argument(
        "--folder", action="append", help="ask the tests of this folder alone, quickly; what survives is worth asking all --again"
    )
    parser.add_argument("--again", action="store_true", help="ask the survivors once more")
    parser.add_argument("--dir", type=Path, default=Path("bench/mutants"))
    asked = parser.parse_args()
    everything = {package: _mutants(package) for package in PACKAGES}
    population = everything[asked.package]
    chosen = random.Random(asked.seed).sample(population, min(asked.sample, len(population)))
    results = Results(asked.dir / f"{asked.package}.jsonl")
    _measure(chosen, results, asked)
    sys.exit(_tell(asked.package, population, chosen, results, [one.id for found in everything.values() for one in found]))


def _mutants(package: str) -> list[Mutant]:
    """All mutants of a package, in the order of its files."""
    found: list[Mutant] = []
    for path in sorted((ROOT / "src/xiezhi" / package).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
        found += mutants(module, path.read_text("utf-8"))
    return found


def _measure(chosen: list[Mutant], results: Results, asked: argparse.Namespace) -> None:
    end = time.monotonic() + asked.minutes * 60 if asked.minutes else None
    waiting = [mutant for mutant in chosen if results.of(mutant, asked.again) is None]
    if not waiting:
        return
    with tempfile.TemporaryDirectory(prefix="xz-mutants-") as folder:
        trees = Path(folder).resolve()
        tests = _Nearby(CopyOfTree(trees / "unchanged"), {mutant.module for mutant in waiting}, asked)
        questions = [_Question(place, mutant, tests.of(mutant)) for place, mutant in enumerate(waiting, 1)]
        # Forked: what is loaded is shared. Not threads: a child born while another thread holds a lock may hang.
        workers = [
            multiprocessing.get_context("fork").Process(
                target=_ask, args=(questions[job :: asked.jobs], trees / f"job{job}", tests.seconds, results, end)
            )
            for job in range(asked.jobs)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if any(worker.exitcode for worker in workers):
            sys.exit("a process that asked mutants came to no good end; its words are above")
    if end is not None and time.monotonic() > end:
        print("time is up; the same command goes on with what is left", file=sys.stderr)
    results.read()


@dataclass(frozen=True)
class _Question:
    place: int
    mutant: Mutant
    tests: frozenset[str]


def _ask(questions: list[_Question], folder: Path, seconds: Mapping[str, float], results: Results, end: float | None) -> None:
    """One process's share, in a tree of its own, until the time is up."""
    tree = CopyOfTree(folder)
    for question in questions:
        if end is not None and time.monotonic() > end:
            return
        result = _result(tree, question, seconds)
        results.add(result)
        words = f"{question.place} {result.result} {result.module}:{result.line} {result.by}"
        print(words, file=sys.stderr, flush=True)


def _result(tree: CopyOfTree, question: _Question, seconds: Mapping[str, float]) -> Result:
    mutant = question.mutant
    told = (mutant.id, mutant.module, mutant.line, mutant.kind, mutant.before, mutant.after)
    if not question.tests:
        return Result(*told, SURVIVED, "no test is near", 0.0)
    cost: defaultdict[str, float] = defaultdict(float)
    for test in question.tests:
        cost[test.partition("::")[0]] += seconds[test]
    files = sorted(cost, key=lambda file: cost[file])
    with tree.planted(mutant.module, mutant.source):
        ran = run(tree.folder, files, question.tests, 3 * sum(cost.values()) + GRACE)
    return Result(*told, ran.result, ran.by, round(ran.seconds, 1))


class _Nearby:
    """Which tests a mutant is asked: those that run its line, quick ones first; those near its module where it runs at import.

    As many as fit into the budget: what only the rest would notice counts as not noticed.
    """

    def __init__(self, tree: CopyOfTree, modules: set[str], asked: argparse.Namespace) -> None:
        load()
        self._tree, self._budget = tree, asked.budget
        tests = Tests(tree.folder, asked.reach, asked.folder or FOLDERS)
        self._near = {module: tests.near(module) for module in modules}
        print("learning which tests run which line", file=sys.stderr, flush=True)
        self._covering = Covering(tree.folder, tests.files, UNCHANGED, asked.dir / "covered", asked.jobs)
        self.seconds = self._covering.seconds
        for failed in self._covering.failed:
            print(f"left out, it fails unchanged: {failed}", file=sys.stderr)
        print(f"{len(self.seconds)} tests in {sum(self.seconds.values()):.0f} s", file=sys.stderr, flush=True)

    def of(self, mutant: Mutant) -> frozenset[str]:
        tests = self._covering.of(self._tree.path(mutant.module), mutant.line)
        if not tests:
            near = frozenset(self._near[mutant.module])
            tests = frozenset(test for test in self.seconds if test.partition("::")[0] in near)
        return self._covering.within(self._budget, tests) if tests else tests


def _tell(package: str, population: list[Mutant], chosen: list[Mutant], results: Results, known: list[str]) -> int:
    """Print survivors and the interval. Exit code: 1 where the list of equivalents does not hold."""
    held = [result for mutant in chosen if (result := results.of(mutant, again=False)) is not None]
    equivalents = read_equivalents()
    counts = Counter(result.result for result in held if result.id not in equivalents)
    for result in held:
        if result.result == SURVIVED and result.id not in equivalents:
            print(f"{result.id} {result.module}:{result.line} {result.kind}\n    - {result.before}\n    + {result.after}")
    declared = sum(result.id in equivalents for result in held)
    dead, judged = counts[KILLED] + counts[TIMEOUT], sum(counts.values())
    low, high = wilson(dead, judged)
    print(
        f"{package}: {len(held)} of {len(chosen)} drawn from {len(population)} mutants; killed {counts[KILLED]}, "
        f"timeouts {counts[TIMEOUT]}, survived {counts[SURVIVED]}, equivalent {declared}; "
        f"killed share {dead / judged if judged else 0:.3f}, 95 % interval {low:.3f}–{high:.3f}"
    )
    wrong = check_equivalents(equivalents, known, [result.id for result in held if result.result != SURVIVED])
    for problem in wrong:
        print(f"equivalents.yaml: {problem}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    main()
