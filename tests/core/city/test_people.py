"""Residents: no id twice, households that could live, places that add up."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from xiezhi.city.codes import strings
from xiezhi.city.dice import Dice
from xiezhi.city.people import CAST_SEQUENCE, REFERENCE, People
from xiezhi.city.places import Map
from xiezhi.kernel.errors import UserError


@pytest.fixture(scope="module")
def people() -> People:
    return People(Dice(5), Map(60_000))


def test_no_id_occurs_twice(people: People) -> None:
    ids = strings(people.block(0, 60_000).ids)
    assert len(set(ids)) == 60_000
    assert {value[:4] for value in ids} == {"9901"}


def test_ten_million_leave_sequence_numbers_for_the_cast() -> None:
    map_ = Map(10_000_000)
    last = map_.persons_of_county(2)[1]
    ids = People(Dice(1), map_).block(last - 30_000, last).ids
    half = ((ids[:, 14:17].astype(np.int64) - 48) @ [100, 10, 1]) // 2
    assert half.max() < CAST_SEQUENCE


def test_a_person_is_the_same_alone_and_in_a_block(people: People) -> None:
    block, alone = people.block(300, 400), people.of(np.array([377]))
    assert strings(block.ids)[77] == strings(alone.ids)[0]
    assert block.name.cells("utf-8")[77] == alone.name.cells("utf-8")[0]


def test_birth_dates_and_sexes_are_those_in_the_ids(people: People) -> None:
    block = people.block(0, 3_000)
    for value, birth, male in zip(strings(block.ids), block.birth.tolist(), block.male.tolist(), strict=True):
        assert value[6:14] == f"{date.fromordinal(birth):%Y%m%d}"
        assert int(value[16]) % 2 == male


def test_children_are_younger_and_old_parents_older_than_the_head(people: People) -> None:
    block = people.block(0, 9_000)
    head, third = block.birth[0::3], block.birth[2::3]
    assert (np.abs(head - third) > 10_000).all()
    assert (REFERENCE - block.birth).max() < 105 * 366
    assert 0.02 < (block.eighty() <= 2025 * 12 + 11).mean() < 0.06


def test_cadres_live_and_stay(people: People) -> None:
    map_ = Map(60_000)
    cadres = people.of(map_.first_household(np.arange(map_.villages)) * 3)
    assert cadres.here.all()


@pytest.mark.parametrize("persons", [5_000, 50_000, 1_000_000, 10_000_000])
def test_villages_of_every_size_of_city(persons: int) -> None:
    map_ = Map(persons)
    codes = map_.village_code(np.arange(map_.villages))
    assert map_.villages >= 36
    assert len(np.unique(codes)) == map_.villages
    assert codes.max() < 10**12
    assert (codes % 1000).max() < 990
    assert {int(code) // 1_000_000 for code in codes} == {990_101, 990_102, 990_103}
    sizes = np.diff(map_.first_household(np.arange(map_.villages + 1)))
    assert sizes.min() > 6
    assert sizes.sum() == map_.households
    assert len({(int(codes[place]) // 1000, map_.village_name(place)) for place in range(map_.villages)}) == map_.villages


@pytest.mark.parametrize("persons", [4_999, 10_000_001])
def test_a_city_too_small_or_too_large_is_refused(persons: int) -> None:
    with pytest.raises(UserError, match="XZ-CITY-01"):
        Map(persons)
