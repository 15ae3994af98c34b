"""How many small mistakes in a package its tests notice, on a random sample of them, with the 95 % interval.

    python -m benchmarks.mutants runs --sample 400 --seed 1

Runs in a copy of the tree. Cut off at any moment (or by --minutes), the same command goes on where it stopped: results lie in
`<dir>/<package>.jsonl`. `--again` asks survivors once more, after tests were added.
First all tests run once, unchanged, to learn which of them run which line; a mutant is asked those alone. What is learned lies
in `<dir>/covered`: a test file is run again when it, or the program, has changed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.mutants.choosing import FOLDERS, Tests
from benchmarks.mutants.copy_of_tree import ROOT, CopyOfTree
from benchmarks.mutants.covering import Covering
from benchmarks.mutants.planting import Mutant, mutants
from benchmarks.mutants.results import Result, Results, check_equivalents, read_equivalents, wilson
from benchmarks.mutants.running import KILLED, SURVIVED, TIMEOUT, Ran, load, run

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
        bench = _Bench(CopyOfTree(Path(folder).resolve() / "tree"), {mutant.module for mutant in waiting}, asked)
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
    """Asks each mutant the tests that run its line, quick ones first; those near its module where it runs at import.

    A mutant is asked as many tests as fit into the budget: what only the rest would notice counts as not noticed.
    """

    def __init__(self, tree: CopyOfTree, modules: set[str], asked: argparse.Namespace) -> None:
        load()
        self._tree, self._budget = tree, asked.budget
        tests = Tests(tree.folder, asked.reach, asked.folder or FOLDERS)
        self._near = {module: tests.near(module) for module in modules}
        print("learning which tests run which line", file=sys.stderr, flush=True)
        self._covering = Covering(tree.folder, tests.files, UNCHANGED, asked.dir / "covered")
        for failed in self._covering.failed:
            print(f"left out, it fails unchanged: {failed}", file=sys.stderr)
        print(f"{len(self._covering.seconds)} tests in {sum(self._covering.seconds.values()):.0f} s", file=sys.stderr, flush=True)

    def result(self, mutant: Mutant) -> Result:
        tests = self._covering.of(self._tree.path(mutant.module), mutant.line)
        if not tests:
            near = frozenset(self._near[mutant.module])
            tests = frozenset(test for test in self._covering.seconds if test.partition("::")[0] in near)
        ran = self._ran(mutant, self._covering.within(self._budget, tests)) if tests else None
        result, by, taken = (ran.result, ran.by, ran.seconds) if ran else (SURVIVED, "no test is near", 0.0)
        told = (mutant.id, mutant.module, mutant.line, mutant.kind, mutant.before, mutant.after)
        return Result(*told, result, by, round(taken, 1))

    def _ran(self, mutant: Mutant, tests: frozenset[str]) -> Ran:
        cost: Counter[str] = Counter()
        for test in tests:
            cost[test.partition("::")[0]] += self._covering.seconds[test]
        files = sorted(cost, key=lambda file: cost[file])
        with self._tree.planted(mutant.module, mutant.source):
            return run(self._tree.folder, files, tests, 3 * sum(cost.values()) + GRACE)


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
