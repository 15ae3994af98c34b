"""The residents: everything about person `i` is arithmetic on the seed and `i`, so ten million need no more memory than one.

Three persons make a household: a head, a spouse and a third. In 60 % of households the head is 30 to 55 and the third a child,
in 25 % the head is 58 to 83 and the third a grown child, in 15 % the third is an old parent. Birth days run through windows of
25 years; each run through a window takes sequence numbers of its own, so that no id occurs twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xiezhi.city import codes, names
from xiezhi.city.cells import Column, Joined, Words
from xiezhi.city.codes import Digits
from xiezhi.city.days import as_numbers, months_of
from xiezhi.city.dice import Dice, Index, coprime
from xiezhi.city.places import HOUSEHOLD, Map

REFERENCE = date(2025, 12, 31).toordinal()
"""Ages are counted at the end of the year that the deliveries cover."""

WINDOW = 9131
"""Days of 25 years."""

_SHARE = np.array([12, 5, 3])
"""Of 20 households: young, ageing, three generations."""

_SHARE_BEFORE = np.array([0, 12, 17])
_AGE_OF_ROLE = np.array([[30, 30, 2], [58, 58, 30], [38, 38, 66]])
"""Youngest age of head, spouse and third in each kind of household."""

CAST_SEQUENCE = 300
"""Sequence numbers from 2 * 300 on are left to persons placed by hand (`cast.py`); residents of 10 million stay below 2 * 250."""


@dataclass(frozen=True)
class Residents:
    """A block of persons: numpy columns, one entry a person."""

    index: Index
    household: Index
    role: Index
    village: Index
    county: Index
    birth: Index
    male: NDArray[np.bool_]
    ids: Digits
    name: Column
    died: Index
    """Ordinal of the day of death, or 0."""
    moved: Index
    """Ordinal of the day the person moved away, or 0."""

    @property
    def here(self) -> NDArray[np.bool_]:
        """Alive and resident throughout."""
        here: NDArray[np.bool_] = (self.died == 0) & (self.moved == 0)
        return here

    def eighty(self) -> Index:
        """Month number in which the person turns eighty."""
        return months_of(self.birth) + 80 * 12


class People:
    """The residents of one city."""

    def __init__(self, dice: Dice, map_: Map) -> None:
        self._dice, self._map = dice, map_

    def block(self, first: int, last: int) -> Residents:
        """Persons first to last - 1."""
        return self.of(np.arange(first, last, dtype=np.int64))

    def of(self, index: Index) -> Residents:
        """The persons with these numbers."""
        dice = self._dice
        household, role = np.divmod(index, HOUSEHOLD)
        village = self._map.village_of(household)
        county = self._map.county_of_village(village)
        head_male = dice.chance("head is male", household, 0.8)
        male = np.where(role == 0, head_male, np.where(role == 1, ~head_male, dice.chance("third is male", household, 0.5)))
        kind, turn = self._kind_and_turn(household, county)
        birth, sequence = self._birth(index, role, kind, turn)
        ids = codes.citizen_ids(self._map.county_code(county), as_numbers(birth), sequence * 2 + male)
        old = REFERENCE - birth > 60 * 365
        died, moved = self._departures(index, household, village, old)
        return Residents(
            index, household, role, village, county, birth, male, ids, self._names(index, household, role), died, moved
        )

    @cached_property
    def _counties(self) -> tuple[tuple[int, int, int, int], ...]:
        """First household, households, multiplier and shift of each county's shuffle."""
        rows = []
        for county in range(3):
            first, last = (person // HOUSEHOLD for person in self._map.persons_of_county(county))
            size = last - first
            rows.append((first, size, coprime(int(size * 0.618), size), self._dice.one("shuffle", county, size)))
        return tuple(rows)

    def _kind_and_turn(self, household: Index, county: Index) -> tuple[Index, Index]:
        """Kind of household, and its number among those of its kind in the county."""
        first, size, times, shift = (np.array(column, dtype=np.int64)[county] for column in zip(*self._counties, strict=True))
        place = ((household - first) * times + shift) % size
        round_, seat = np.divmod(place, 20)
        kind = (seat >= 12).astype(np.int64) + (seat >= 17)
        return kind, round_ * _SHARE[kind] + seat - _SHARE_BEFORE[kind]

    def _birth(self, index: Index, role: Index, kind: Index, turn: Index) -> tuple[Index, Index]:
        """Day of birth (ordinal), and half the sequence number of the id."""
        lap, place = np.divmod(turn, WINDOW)
        spouse = role == 1
        shift = np.where(spouse, self._dice.below("years between", lap * 3 + kind, 1500), 0)
        day = (place * coprime(5077, WINDOW) + shift) % WINDOW
        birth = REFERENCE - _AGE_OF_ROLE[kind, role] * 365 - _AGE_OF_ROLE[kind, role] // 4 - day
        laps = [int(-(-(max(size for _, size, _, _ in self._counties) // 20 + 1) * share // WINDOW)) for share in _SHARE]
        base = np.array([0, 2 * laps[0], 2 * (laps[0] + laps[1])])
        return birth, base[kind] + np.where(spouse, np.array(laps)[kind], 0) + lap

    def _departures(self, index: Index, household: Index, village: Index, old: NDArray[np.bool_]) -> tuple[Index, Index]:
        """Days of death and of moving away; the first three households of a village, whose heads are its cadres, stay."""
        dice = self._dice
        settled = household - self._map.first_household(village) < 3
        dies = dice.chance("dies", index, 0.04) & (old | dice.chance("dies young", index, 0.25)) & ~settled
        late = date(2026, 1, 10).toordinal()
        long_ago = dice.chance("died before", index, 0.6)
        died = (
            late
            - dice.below("day of death", index, 374)
            - np.where(long_ago, dice.below("years since death", index, 1000) + 374, 0)
        )
        moves = dice.chance("moves away", index, 0.008) & ~dies & ~settled
        moved = date(2024, 12, 1).toordinal() - dice.below("day of moving", index, 900)
        return np.where(dies, died, 0), np.where(moves, moved, 0)

    def _names(self, index: Index, household: Index, role: Index) -> Column:
        dice = self._dice
        owner = np.where(role == 1, household + self._map.households, household)
        surname = dice.below("surname", owner, len(names.SURNAMES))
        two_part = dice.chance("two-part name", household, 0.015)
        surname = np.where(two_part, len(names.SURNAMES) + dice.below("which two parts", index, len(names.TWO_PART)), surname)
        first = dice.below("given", index, len(names.GIVEN))
        rare = dice.chance("rare character", index, 0.01)
        first = np.where(rare, len(names.GIVEN) + dice.below("which rare", index, len(names.RARE)), first)
        second = np.where(dice.chance("one character", index, 0.25), -1, dice.below("second given", index, len(names.GIVEN)))
        parts = (
            Words(names.SURNAMES + names.TWO_PART, surname),
            Words(names.GIVEN + names.RARE, np.where(two_part, -1, first)),
            Words(names.GIVEN, np.where(two_part, -1, second)),
        )
        return Joined(parts)
