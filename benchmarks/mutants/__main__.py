"""How many small mistakes in a package its tests notice, on a random sample of them, with the 95 % interval.

    python -m benchmarks.mutants runs --sample 400 --seed 1

Runs in a copy of the tree. Cut off at any moment (or by --minutes), the same command goes on where it stopped: results lie in
`<dir>/<package>.jsonl`. `--again` asks survivors once more, after tests were added.
How long each test file takes is kept in `<dir>/seconds.json` for the next package; delete it on another machine.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from itertools import accumulate
from pathlib import Path

from benchmarks.mutants.choosing import Tests
from benchmarks.mutants.copy_of_tree import KILLED, ROOT, SURVIVED, TIMEOUT, CopyOfTree
from benchmarks.mutants.planting import Mutant, mutants
from benchmarks.mutants.results import Result, Results, check_equivalents, read_equivalents, wilson
from benchmarks.mutants.seconds import Seconds

PACKAGES = ("kernel", "identity", "intake", "contracts", "rules", "runs", "evidence")
GRACE = 20.0
"""Seconds a mutant may run beyond three times what its tests take without it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", choices=PACKAGES)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, help="stop after this time; the same command goes on")
    parser.add_argument("--reach", type=int, default=1, help="imports that may lie between a test and the module")
    parser.add_argument("--slowest", type=float, default=60, help="leave out test files that take longer, in seconds")
    parser.add_argument(
        "--budget",
        type=float,
        default=120,
        help="seconds of tests that a mutant may cost, quick ones first; the rest are not asked",
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
        tree = CopyOfTree(Path(folder) / "tree")
        bench = _Bench(tree, Tests(tree.folder, asked.reach), Seconds(asked.dir / "seconds.json"), asked)
        for place, mutant in enumerate(waiting, 1):
            if end is not None and time.monotonic() > end:
                print(
                    f"time is up: {len(waiting) - place + 1} of {len(chosen)} are left; the same command goes on", file=sys.stderr
                )
                return
            result = bench.result(mutant)
            results.add(result)
            print(
                f"{place}/{len(waiting)} {result.result} {mutant.module}:{mutant.line} {result.by}", file=sys.stderr, flush=True
            )


class _Bench:
    """Runs the tests near a mutant, quick ones first; how long they take without it is measured when first needed.

    A mutant is asked as many tests as fit into the budget: what only the rest would notice counts as not noticed.
    """

    def __init__(self, tree: CopyOfTree, tests: Tests, known: Seconds, asked: argparse.Namespace) -> None:
        self._tree, self._tests, self._known = tree, tests, known
        self._slowest, self._budget = asked.slowest, asked.budget

    def result(self, mutant: Mutant) -> Result:
        near = self._tests.near(mutant.module)
        seconds = {test: taken for test in near if (taken := self._taken(test)) is not None}
        order = _within(self._budget, seconds)
        with self._tree.planted(mutant.module, mutant.source):
            ran = self._tree.run(order, 3 * sum(seconds[test] for test in order) + GRACE) if order else None
        result, by, taken = (ran.result, ran.by, ran.seconds) if ran else (SURVIVED, "no test is near", 0.0)
        told = (mutant.id, mutant.module, mutant.line, mutant.kind, mutant.before, mutant.after)
        return Result(*told, result, by, round(taken, 1))

    def _taken(self, test: str) -> float | None:
        """Seconds; None where the test fails or takes too long without any mistake, which is said once."""
        if test not in self._known:
            ran = self._tree.run([test], self._slowest)
            self._known[test] = ran.seconds if ran.result == SURVIVED else None
            if ran.result != SURVIVED:
                print(f"left out, it {ran.result} unchanged: {test} {ran.by}", file=sys.stderr)
        return self._known[test]


def _within(budget: float, seconds: dict[str, float]) -> list[str]:
    """The quickest tests whose times together stay within the budget; at least one."""
    order = sorted(seconds, key=lambda test: seconds[test])
    total = accumulate(seconds[test] for test in order)
    return [test for place, (test, spent) in enumerate(zip(order, total, strict=True)) if spent <= budget or place == 0]


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
