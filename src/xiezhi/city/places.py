"""The city's map: counties, towns, villages and which household lives where. Arithmetic, so that it needs no memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from xiezhi.city.dice import Index
from xiezhi.city.names import COUNTIES, TOWNS, VILLAGE_FIRST, VILLAGE_SECOND
from xiezhi.kernel.errors import UserError

SMALLEST, LARGEST = 5_000, 10_000_000
HOUSEHOLD = 3
VILLAGES_IN_TOWN = 900
"""A village code has three digits within its town; some are left for villages that were closed."""


@dataclass(frozen=True)
class Map:
    """Households, villages, towns and counties are numbered from 0, each a run of the one below it."""

    persons: int

    def __post_init__(self) -> None:
        if not SMALLEST <= self.persons <= LARGEST:
            raise UserError(
                "XZ-CITY-01",
                zh=f"城市人口须在 {SMALLEST:,} 至 {LARGEST:,} 之间,给的是 {self.persons:,}",
                en=f"a city has between {SMALLEST:,} and {LARGEST:,} persons, not {self.persons:,}",
                todo_zh="换一个 --persons",
                todo_en="choose another --persons",
            )

    @cached_property
    def households(self) -> int:
        return self.persons // HOUSEHOLD

    @cached_property
    def towns(self) -> int:
        """12, more where villages would outgrow their three digits; always the same number in each county."""
        wanted = -(-(self.persons // 400) // VILLAGES_IN_TOWN)
        return max(12, -(-wanted // 3) * 3)

    @cached_property
    def villages(self) -> int:
        """About one per 400 persons, at least 36, the same number in each town."""
        return max(3, round(self.persons / 400 / self.towns)) * self.towns

    @property
    def villages_in_county(self) -> int:
        return self.villages // len(COUNTIES)

    def village_of(self, household: Any) -> Index:
        village: Index = np.asarray(household, dtype=np.int64) * self.villages // self.households
        return village

    def first_household(self, village: Any) -> Index:
        """The first household of a village; of village `villages`, the number of households."""
        first: Index = -(-np.asarray(village, dtype=np.int64) * self.households // self.villages)
        return first

    def county_of_village(self, village: Any) -> Index:
        county: Index = np.asarray(village, dtype=np.int64) // self.villages_in_county
        return county

    def persons_of_county(self, county: int) -> tuple[int, int]:
        """Half-open range of person numbers."""
        first, last = (int(self.first_household(place * self.villages_in_county)) for place in (county, county + 1))
        return first * HOUSEHOLD, last * HOUSEHOLD

    def town_of(self, village: Any) -> Index:
        town: Index = np.asarray(village, dtype=np.int64) * self.towns // self.villages
        return town

    def village_code(self, village: Any) -> Index:
        """12-digit statistical codes: county 6, town 3, village 3."""
        village = np.asarray(village, dtype=np.int64)
        per_town = self.villages // self.towns
        town = self.town_of(village)
        code: Index = self.town_code(town) + village - town * per_town + 1
        return code

    def town_code(self, town: Any) -> Index:
        per_county = self.towns // len(COUNTIES)
        county, place = np.divmod(np.asarray(town, dtype=np.int64), per_county)
        code: Index = self.county_code(county) * 1_000_000 + (place + 1) * 1000
        return code

    def county_code(self, county: Any) -> Index:
        """Six digits."""
        code: Index = 990_101 + np.asarray(county, dtype=np.int64)
        return code

    def village_name(self, village: int) -> str:
        place = village % (self.villages // self.towns)
        second, first = divmod(place, len(VILLAGE_FIRST))
        kind = "社区" if place % 9 == 8 else "村"
        return f"{VILLAGE_FIRST[first]}{VILLAGE_SECOND[(second + first) % len(VILLAGE_SECOND)]}{kind}"

    def town_name(self, town: int) -> str:
        return TOWNS[town]

    @property
    def hospitals(self) -> int:
        """One per 20,000 persons, at least four: transfers and overlaps need more than one."""
        return max(4, self.persons // 20_000)

    @property
    def schools(self) -> int:
        """One per 2,500 persons, at least 24: a price needs peers."""
        return max(24, self.persons // 2_500)
