"""How a benchmark times: in turn, once to warm up, then the median of three."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 3


def medians(tasks: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Median seconds of each task; the tasks take turns, so that a busy minute slows all of them alike."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for turn in range(rounds + 1):
        for name, task in tasks.items():
            begin = time.perf_counter()
            task()
            if turn:
                times[name].append(time.perf_counter() - begin)
    return {name: statistics.median(taken) for name, taken in times.items()}


def growth_exponent(sizes: tuple[float, float], seconds: tuple[float, float]) -> float:
    """b in seconds ~ size^b."""
    return math.log(seconds[1] / seconds[0]) / math.log(sizes[1] / sizes[0])
