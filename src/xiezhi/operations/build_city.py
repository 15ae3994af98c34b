"""Build the demonstration city: a folder per department as delivered, with truth.csv, faults.csv and city.json beside them."""

from __future__ import annotations

from pathlib import Path

from xiezhi.city.build import Built, build
from xiezhi.kernel.progress import Progress

__all__ = ["Built", "build_city"]


def build_city(folder: Path, *, persons: int, seed: int, payments: int = 0, progress: Progress | None = None) -> Built:
    """Write the city's deliveries into `folder`, which is new or empty. The same arguments give the same bytes.

    `persons` 5,000 to 10 million; `payments` about how many subsidy payments in all, 0 for what the persons bring with them.
    Raises UserError for a city that cannot be.
    """
    return build(folder, persons=persons, seed=seed, payments=payments, progress=progress)
