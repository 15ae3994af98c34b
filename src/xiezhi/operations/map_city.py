"""The places of a demonstration city: what a commission that oversees it needs to know."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from xiezhi.city.names import CITY, COUNTIES
from xiezhi.city.places import Map


@dataclass(frozen=True)
class Place:
    """`code`: 4 digits of the city, 6 of a county, 9 of a town, 12 of a village. `parent` is the code above it, or ""."""

    code: str
    name: str
    parent: str


def map_city(delivered: Path) -> list[Place]:
    """Every place of the city built in `delivered`, each after the one it lies in."""
    city = Map(int(json.loads((delivered / "city.json").read_text())["persons"]))
    places = [Place("9901", CITY, "")]
    places += [Place(str(city.county_code(county)), name, "9901") for county, name in enumerate(COUNTIES)]
    for town in range(city.towns):
        code = str(city.town_code(town))
        places.append(Place(code[:9], city.town_name(town), code[:6]))
    for village in range(city.villages):
        code = str(city.village_code(village))
        places.append(Place(code, city.village_name(village), code[:9]))
    return places
