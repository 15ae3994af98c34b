"""What became of the mutants: kept line by line, so that a cut-off measurement goes on; counted with its uncertainty."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from benchmarks.mutants.planting import Mutant
from benchmarks.mutants.running import SURVIVED

EQUIVALENTS = Path(__file__).with_name("equivalents.yaml")

NORMAL_95 = 1.959964
"""The 97.5 % quantile of the normal distribution: 95 % lie between it and its opposite."""


@dataclass(frozen=True)
class Result:
    """One line of the results file. A timeout counts as killed: the mistake made the tests run for ever."""

    id: str
    module: str
    line: int
    kind: str
    before: str
    after: str
    result: str
    by: str
    seconds: float


class Results:
    """The results file of one package. Lines of mutants that are no longer there are passed over."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.read()

    def read(self) -> None:
        """Anew from the file, to which other processes may have added."""
        lines = self._path.read_text("utf-8").splitlines() if self._path.exists() else []
        self._held = {result.id: result for result in (Result(**json.loads(line)) for line in lines)}

    def of(self, mutant: Mutant, again: bool) -> Result | None:
        """What is known of a mutant; with `again`, survivors are asked once more."""
        held = self._held.get(mutant.id)
        return None if held is None or (again and held.result == SURVIVED) else held

    def add(self, result: Result) -> None:
        self._held[result.id] = result
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")


def read_equivalents(path: Path = EQUIVALENTS) -> dict[str, str]:
    """Mutant → why no test can tell it from the original."""
    return yaml.safe_load(path.read_text("utf-8")) or {} if path.exists() else {}


def check_equivalents(equivalents: Iterable[str], known: Iterable[str], killed: Iterable[str]) -> list[str]:
    """What is wrong with the list: entries that are no mutants of any package, or that a test kills."""
    mutants, dead = set(known), set(killed)
    return [
        *(f"{one}: there is no such mutant" for one in equivalents if one not in mutants),
        *(f"{one}: a test kills it; it is no equivalent" for one in equivalents if one in dead),
    ]


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, Journal of the American Statistical Association 22, 1927); (0, 1) of no trials."""
    if not trials:
        return 0.0, 1.0
    share, square = successes / trials, NORMAL_95**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = NORMAL_95 / (1 + square / trials) * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    return max(0.0, middle - half), min(1.0, middle + half)
