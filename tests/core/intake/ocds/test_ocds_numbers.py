"""A number of JSON as an amount: which text it becomes, and the word for what was done to it. Boundaries on both sides."""

from __future__ import annotations

import pytest

from xiezhi.intake.ocds.amounts import Amount, amounts, tidy


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("15000000", "15000000"),
        ("15000000.0", "15000000"),
        ("1.5E7", "15000000"),
        ("1.5e+7", "15000000"),
        ("125e-2", "1.25"),
        (" 1.50 ", "1.5"),
        ("100", "100"),
        ("+5.", "5"),
        (".5", "0.5"),
        ("-5.10", "-5.1"),
        ("-0.00", "0"),
        ("0e999", "0"),
        ("007.0", "7"),
        ("1e39", "1" + "0" * 39),
        ("1e40", "1e40"),
        ("1e-39", "0." + "0" * 38 + "1"),
        ("1e-40", "1e-40"),
        ("1e400", "1e400"),
        ("1e1000", "1e1000"),
        ("1,234.50", "1,234.50"),
        ("12万", "12万"),
        ("NaN", "NaN"),
        ("1.5.0", "1.5.0"),
        (".", "."),
        ("", ""),
    ],
)
def test_a_number_is_written_without_exponent_and_idle_zeros(written: str, text: str) -> None:
    assert tidy(written) == text


@pytest.mark.parametrize(
    ("written", "text", "word"),
    [
        (None, None, None),
        ("", "", None),
        ("面议", "面议", None),
        ("1,234.5", "1,234.5", None),
        ("1200.50", "1200.5", None),
        ("1E2", "100", None),
        ("0", "0", None),
        ("-0.0", "0", None),
        ("-0.01", None, "amount_negative"),
        ("-5", None, "amount_negative"),
        ("999999999999999999.00", "999999999999999999", None),
        ("1e18", "1e18", None),
        ("1000000000000000000", "1000000000000000000", None),
        ("-1e18", "-1e18", None),
        ("-999999999999999999", None, "amount_negative"),
        ("12.344", "12.34", "amount_rounded"),
        ("12.345", "12.35", "amount_rounded"),
        ("12.346", "12.35", "amount_rounded"),
        ("0.005", "0.01", "amount_rounded"),
        ("0.00499", None, "amount_too_fine"),
        ("0.00000000000000000001", None, "amount_too_fine"),
        ("0.30000000000000004", "0.3", "binary_noise"),
        ("1.2299999999999998", "1.23", "binary_noise"),
        ("9007199254740.001", "9007199254740", "binary_noise"),
        ("1.2300000000000008", "1.23", "binary_noise"),
        ("1.23000000000000088817841970012523233890533447265625", "1.23", "binary_noise"),
        ("1.2300000000000009", "1.23", "amount_rounded"),
        ("1.2299999999999991", "1.23", "amount_rounded"),
        ("1234567.890000001", "1234567.89", "amount_rounded"),
    ],
)
def test_an_amount_alone(written: str | None, text: str | None, word: str | None) -> None:
    """A double near 1.23 has neighbours 2.2E-16 away: four of them, 8.88E-16, are noise, more is what somebody wrote."""
    assert amounts([written]) == [Amount(text, word)]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ([], []),
        (["1.001", "1.002", "1.03"], [(None, "amount_too_fine"), (None, "amount_too_fine"), ("1.03", None)]),
        (["1.004", "1"], [(None, "amount_too_fine"), ("1", None)]),
        (["1", "0.996", "2.004"], [("1", None), (None, "amount_too_fine"), ("2", "amount_rounded")]),
        (["1.001", "1.0010", "1.001e0"], [("1", "amount_rounded")] * 3),
        (["0.30000000000000004", "0.3"], [("0.3", "binary_noise"), ("0.3", None)]),
        (["0.304", "0.30000000000000004"], [(None, "amount_too_fine"), ("0.3", "binary_noise")]),
        (["5", "5.00", None, "-1", "面议"], [("5", None), ("5", None), (None, None), (None, "amount_negative"), ("面议", None)]),
    ],
)
def test_amounts_beside_one_another_stay_as_many_as_they_were(
    written: list[str | None], found: list[tuple[str | None, str | None]]
) -> None:
    assert amounts(written) == found
