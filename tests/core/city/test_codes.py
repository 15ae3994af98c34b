"""Numbers computed by the column equal those computed one by one, and belong to no one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiezhi.city import codes
from xiezhi.identity.citizen import check_digit
from xiezhi.identity.organisation import check_character

PROVINCES = {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83}
"""Two-digit prefixes assigned by GB/T 2260, and 83 of the residence permits of people from Taiwan."""


@settings(max_examples=60, deadline=None)
@given(st.integers(100_000, 999_999), st.integers(19000101, 20301231), st.integers(0, 999))
def test_citizen_ids_have_the_check_digit_of_the_standard(region: int, birth: int, sequence: int) -> None:
    (value,) = codes.strings(codes.citizen_ids([region], [birth], [sequence]))
    assert value == f"{region}{birth}{sequence:03d}" + check_digit(f"{region}{birth}{sequence:03d}")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["91", "11", "12"]), st.integers(0, 99_999_999))
def test_credit_codes_have_the_check_character_of_the_standard(kind: str, number: int) -> None:
    (value,) = codes.strings(codes.credit_codes(kind, [number]))
    assert len(value) == 18
    assert value[17] == check_character(value[:17])


def test_the_organisation_code_inside_a_credit_code_is_sound_too() -> None:
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    for value in codes.strings(codes.credit_codes("91", np.arange(500))):
        check = 11 - sum(weight * int(digit) for weight, digit in zip(weights, value[8:16], strict=True)) % 11
        assert value[16] == {10: "X", 11: "0"}.get(check, str(check))


def test_accounts_satisfy_luhn() -> None:
    for value in codes.strings(codes.accounts(np.arange(0, 10**11, 10**9 + 7))):
        digits = [int(digit) for digit in reversed(value)]
        doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits)]
        assert sum(doubled) % 10 == 0
        assert value.startswith(codes.ACCOUNT_PREFIX)


def test_the_region_prefix_is_assigned_to_no_place_and_no_foreigner() -> None:
    assert int(codes.REGION_PREFIX[:2]) not in PROVINCES
    assert codes.REGION_PREFIX[0] == "9"
    assert int(codes.REGION_PREFIX[1:3]) not in PROVINCES, "a foreign resident's number is 9 and a province"


@pytest.mark.parametrize(("value", "width", "shown"), [(0, 3, "000"), (42, 5, "00042"), (990_101_001_001, 12, "990101001001")])
def test_digits_are_padded(value: int, width: int, shown: str) -> None:
    assert codes.strings(codes.digits([value], width)) == [shown]
