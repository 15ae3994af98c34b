"""Amounts: binary noise is repaired, exponents are read, decimals beyond the second are told; nothing is rounded in silence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.intake.receiving import Site
from tests.core.intake.releasing import Delivered, award, bid, bids, lines, money, release, tender

from xiezhi.identity.keyring import Keyring
from xiezhi.intake.ocds.amounts import amounts

EXACT = {"100.5": 10050, "1.5E7": 1_500_000_000, "1.005e2": 10050, "1E-2": 1, "0": 0, "-0.0": 0, "100.500000": 10050,
         "12345678901.25": 1_234_567_890_125, '"1,234.5"': 123450}  # fmt: skip
NOISY = {"0.30000000000000004": 30, "1234.5600000000001": 123456, "1234567.8900000001": 123456789, "4.3499999999999996": 435}
FINE = {"12.345": 1235, "12.3449": 1234, "196000.006": 19600001, "2.675000000000000044": 268}
UNREAD = {"-1": "amount_negative", "-0.001": "amount_negative", "0.004": "amount_too_fine", '"lots"': "amount_malformed",
          "1e400": "amount_malformed", "NaN": "wrong_type", "true": "wrong_type", "[1, 2]": "wrong_type"}  # fmt: skip
WRITTEN = [*EXACT, *NOISY, *FINE, *UNREAD]
BESIDE = [
    release("told-apart", bids=bids(bid("1", "A", amount=1.001), bid("2", "B", amount=1.002), bid("3", "C", amount=1.03))),
    release("other-currency", bids=bids(bid("1", "A", amount=1.001), bid("2", "B", value=money(1.002, "EUR")))),
    release("exact-neighbour", awards=[award("1", "A", amount=1.004), award("2", "B", amount=1)]),
    release("noise-neighbour", awards=[award("1", "A", amount=0.1 + 0.2), award("2", "B", amount=0.3)]),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivered]:
    folder = tmp_path_factory.mktemp("amounts")
    site = Site(folder, Keyring.fresh())
    frames = [json.dumps(release(f"w{place}", tender=tender(value=money("@")))) for place in range(len(WRITTEN))]
    alone = [frame.replace('"@"', written) for frame, written in zip(frames, WRITTEN, strict=True)]
    yield Delivered(site, [lines(folder / "a.jsonl", [*alone, *BESIDE])])
    site.close()


def amount(lake: Delivered, written: str) -> int | None:
    found: int | None = lake.tender(f"w{WRITTEN.index(written)}")["value_amount"]
    return found


@pytest.mark.parametrize("written", [*EXACT, *NOISY, *FINE])
def test_the_amount_is_the_one_that_was_meant(written: str, lake: Delivered) -> None:
    assert amount(lake, written) == (EXACT | NOISY | FINE)[written]


def test_what_was_mended_or_rounded_is_counted(lake: Delivered) -> None:
    said = {(one.column, one.repair): one.count for one in lake.receipts[0].repairs}
    assert said[("ocds_tender.value_amount", "binary_noise")] == len(NOISY)
    assert said[("ocds_tender.value_amount", "amount_rounded")] == len(FINE)


@pytest.mark.parametrize("written", UNREAD)
def test_what_is_no_amount_is_not_read_and_told(written: str, lake: Delivered) -> None:
    assert amount(lake, written) is None
    told = {one.remark: [example.row for example in one.examples] for one in lake.receipts[0].remarks if "value" in one.column}
    assert WRITTEN.index(written) + 1 in told[UNREAD[written]]


def test_two_prices_that_differ_never_become_one(lake: Delivered) -> None:
    assert lake.bids("told-apart") == {"1": ("valid", None), "2": ("valid", None), "3": ("valid", 103)}
    assert lake.bids("other-currency") == {"1": ("valid", 100), "2": ("valid", 100)}
    assert lake.awards("exact-neighbour") == {"1": None, "2": 100}
    assert lake.awards("noise-neighbour") == {"1": 30, "2": 30}


_CENTS = st.integers(0, 10**13)


@settings(max_examples=100)
@given(parts=st.lists(_CENTS, min_size=1, max_size=4))
def test_sums_of_doubles_are_the_sums_of_their_decimals(parts: list[int]) -> None:
    total = sum(part / 100 for part in parts)
    [found] = amounts([repr(total)])
    assert found.text is not None
    assert Decimal(found.text) == Decimal(sum(parts)) / 100


@settings(max_examples=100)
@given(said=st.lists(st.decimals(0, 10**6, places=4), min_size=1, max_size=5))
def test_an_amount_is_kept_exactly_or_told(said: list[Decimal]) -> None:
    found = amounts([str(one) for one in said])
    for value, one in zip(said, found, strict=True):
        exact = one.text is not None and Decimal(one.text) == value
        assert exact or one.word is not None
        assert one.text is None or abs(Decimal(one.text) - value) <= Decimal("0.005")
    read = {value: one.text for value, one in zip(said, found, strict=True) if one.text is not None}
    assert len({Decimal(text) for text in read.values()}) == len(read)


def test_an_amount_of_nineteen_digits_is_left_as_it_is() -> None:
    larger, shorter = "1000000000000000000.005", "999999999999999999.005"
    assert amounts([larger, shorter]) == [(larger, None), ("999999999999999999.01", "binary_noise")]
