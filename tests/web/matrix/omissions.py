"""Proof that the tests would notice: each planted omission is put into a copy of the source, and the tests that should catch it run.

    python -m tests.web.matrix.omissions [--only WORD] [--part 1/2] [--walls] [--check] [--city FOLDER]

Half an hour or so. Nothing in the working tree is touched. An omission that nothing catches is a hole in the tests: mend them.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.web.matrix.planted import PLANTED, Omission

ROOT = Path(__file__).parents[3]
COPIED = ("src", "tests", "content", "docs", "benchmarks", "pyproject.toml", "README.md")
WEB = Path("src/xiezhi/web")
LONGEST = 400


@dataclass(frozen=True)
class Outcome:
    omission: Omission
    caught: bool
    seconds: float
    said: str


def main() -> int:
    given = _arguments()
    part, parts = (int(number) for number in given.part.split("/"))
    named = [one for one in PLANTED if given.only in f"{one.opens} {one.file} {one.wall}" and (given.walls or not one.wall)]
    chosen = named[part - 1 :: parts]
    with tempfile.TemporaryDirectory(prefix="omissions-") as folder:
        copy = _copy(Path(folder) / "source")
        if given.check:
            for one in chosen:
                _plant(copy, one).restore()
            print(f"{len(chosen)} omissions can be planted")
            return 0
        city = given.city or _city(copy, Path(folder))
        _sound(copy, city, chosen)
        outcomes = [_tried(copy, city, one) for one in chosen]
    return _report(outcomes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="those whose words hold this")
    parser.add_argument("--part", default="1/1", help="every n-th only, to share the work: 1/2 and 2/2")
    parser.add_argument("--walls", action="store_true", help="also those behind which one of the two walls still stands")
    parser.add_argument("--check", action="store_true", help="only see whether each can be planted")
    parser.add_argument("--city", type=Path, help="a demonstration's folder that is ready")
    return parser.parse_args()


def _copy(target: Path) -> Path:
    """The source as it is now. What the copy's tests import is the copy: pytest puts its `src` first on the path."""
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", ".mypy_cache", ".ruff_cache")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=ignored)
        elif (ROOT / name).exists():
            shutil.copy2(ROOT / name, target / name)
    return target


def _city(copy: Path, folder: Path) -> Path:
    made = "from pathlib import Path; from tests.web.lakes import demonstration; import sys; demonstration(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", made, str(folder)], cwd=copy, check=True, env=_environment(copy))
    return folder / "demo"


def _environment(copy: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XIEZHI_", "DJANGO_", "PYTEST_"))}
    return {**kept, "PYTHONPATH": f"{copy / 'src'}{os.pathsep}{copy}", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **more}


@dataclass(frozen=True)
class _Planted:
    path: Path
    before: str

    def restore(self) -> None:
        self.path.write_text(self.before, encoding="utf-8")


def _plant(copy: Path, one: Omission) -> _Planted:
    """Raises SystemExit where the text is no longer there: then the omission has to be thought of anew."""
    path = copy / WEB / one.file
    before = path.read_text(encoding="utf-8")
    if before.count(one.old) != 1:
        raise SystemExit(f"{one.file}: {one.old!r} stands there {before.count(one.old)} times, not once ({one.opens})")
    after = before.replace(one.old, one.new)
    if path.suffix == ".py":
        ast.parse(after)
    path.write_text(after, encoding="utf-8")
    return _Planted(path, before)


def _sound(copy: Path, city: Path, chosen: list[Omission]) -> None:
    """Raises SystemExit where the tests fail with nothing planted: then a failure would prove nothing."""
    done = _pytest(copy, city, sorted({given for one in chosen for given in one.caught_by if given.endswith(".py")}), LONGEST * 4)
    if done.returncode:
        raise SystemExit(f"the tests fail with nothing planted:\n{done.stdout[-2000:]}")


def _tried(copy: Path, city: Path, one: Omission) -> Outcome:
    planted, began = _plant(copy, one), time.monotonic()
    try:
        done = _pytest(copy, city, one.caught_by, LONGEST)
    finally:
        planted.restore()
    # 1: tests failed. Anything else but 0 means that they did not run, which is no proof of anything.
    reached = done.returncode == 1 and "ERROR " not in done.stdout
    outcome = Outcome(one, reached, time.monotonic() - began, _why(done.stdout))
    word = "caught" if reached else "NOT CAUGHT" if done.returncode == 0 else f"DID NOT RUN ({done.returncode})"
    print(f"{word:12} {outcome.seconds:5.0f} s  {one.file}: {one.opens}\n{'':21}{outcome.said}", flush=True)
    return outcome


def _pytest(copy: Path, city: Path, tests: Sequence[str], seconds: float) -> subprocess.CompletedProcess[str]:
    # Only the plugin that these tests need: loading the others takes as long as many a test.
    plugins = ["-p", "pytest_django.plugin", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-x", "-q", *plugins, "--show-capture=no", *tests]
    environment = _environment(copy, XIEZHI_TEST_CITY=str(city))
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=seconds, check=False)


def _why(said: str) -> str:
    lines = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return lines[0][:200] if lines else said.strip().splitlines()[-1][:200] if said.strip() else ""


def _report(outcomes: list[Outcome]) -> int:
    caught = sum(one.caught for one in outcomes)
    walls = Counter(one.omission.wall or "nothing else" for one in outcomes)
    seconds = sum(one.seconds for one in outcomes)
    print(f"\n{caught} of {len(outcomes)} caught in {seconds / 60:.0f} minutes")
    print("What still stood behind them: " + ", ".join(f"{wall} {count}" for wall, count in walls.most_common()))
    return 0 if caught * 50 >= len(outcomes) * 49 else 1


if __name__ == "__main__":
    sys.exit(main())
