"""The demonstration city: built, and where its divisions lie."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from xiezhi.city.build import Built, build
from xiezhi.city.names import CITY, COUNTIES
from xiezhi.city.places import Map
from xiezhi.kernel.progress import Progress

__all__ = ["Built", "build_city"]


def build_city(folder: Path, *, persons: int, seed: int, payments: int = 0, progress: Progress | None = None) -> Built:
    """Write the city's deliveries into `folder`, which is new or empty. The same arguments give the same bytes.

    `persons` 5,000 to 10 million; `payments` about how many subsidy payments in all, 0 for what the persons bring with them.
    Raises UserError for a city that cannot be.
    """
    return build(folder, persons=persons, seed=seed, payments=payments, progress=progress)


@dataclass(frozen=True)
class Division:
    """`code`: 4 digits of the city, 6 of a county, 9 of a town, 12 of a village. `parent` is the code above it, or ""."""

    code: str
    name: str
    parent: str


def list_divisions(delivered: Path) -> list[Division]:
    """Every administrative division of the city built in `delivered`, each after the one it lies in."""
    city = Map(int(json.loads((delivered / "city.json").read_text())["persons"]))
    divisions = [Division("9901", CITY, "")]
    divisions += [Division(str(city.county_code(county)), name, "9901") for county, name in enumerate(COUNTIES)]
    for town in range(city.towns):
        code = str(city.town_code(town))
        divisions.append(Division(code[:9], city.town_name(town), code[:6]))
    for village in range(city.villages):
        code = str(city.village_code(village))
        divisions.append(Division(code, city.village_name(village), code[:9]))
    return divisions
