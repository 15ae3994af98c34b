"""The median of a money column against earlier receipts: from where it has jumped, whose history counts, and what is said."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from tests.core.intake.receiving import contracts

from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field, Table
from xiezhi.intake.loading.jumps import METRIC, jumps
from xiezhi.intake.receipts.receipt import ExpectationResult, Profile, Receipt

TABLE = contracts().get("subsidy_payment").table()


def column(median: float | None, positive: int | None = 25, field: str = "amount") -> Profile:
    return Profile(field=field, rows=25, null_share=0, distinct=25, median=median, positive=positive)


def delivery(*profile: Profile, told: Sequence[ExpectationResult] = ()) -> Receipt:
    return Receipt(
        delivery=1,
        file="a.csv",
        contract="subsidy_payment",
        received_at="2024-01-01",
        sha256="",
        bytes=1,
        profile=list(profile),
        expectations=list(told),
    )


def verdict(kept: bool, field: str = "amount", expectation: str = f"{METRIC} < 30") -> ExpectationResult:
    return ExpectationResult(field=field, expectation=expectation, severity="warning", found=1, kept=kept)


def kept(now: Profile, *before: Profile, table: Table = TABLE) -> bool:
    [found] = jumps([table], [now], [delivery(one) for one in before])
    return found.kept


def bounded(jump: Decimal) -> Table:
    """The table with a bound of the amount's own."""

    def own(field: Field) -> Field:
        return field.model_copy(update={"jump": jump}) if field.name == "amount" else field

    return TABLE.model_copy(update={"fields": tuple(map(own, TABLE.fields))})


def test_a_jump_says_both_medians_the_factor_and_the_bound() -> None:
    before = [delivery(column(10_050)), delivery(column(12_000, field="fee"), column(12_000))]
    assert jumps([TABLE], [column(1_000, field="village"), column(110_250_000), column(5, field="fee")], before) == [
        ExpectationResult(
            field="amount",
            expectation="medianAgainstHistory < 30",
            severity="warning",
            found=10_000.0,
            kept=False,
            zh="本次金额中位数 1,102,500.00 元,此前 2 次交付 110.25 元,大约 10,000 倍,请核对单位",
            en="median 1,102,500.00 yuan, of the 2 deliveries before 110.25 yuan: about 10,000 times larger: check the unit",
        )
    ]


def test_a_fall_says_how_many_times_smaller() -> None:
    [found] = jumps([TABLE], [column(100, 19)], [delivery(column(70_000, 19))])
    assert (found.expectation, found.found, found.kept) == ("medianAgainstHistory < 300", 0.001429, False)
    assert found.zh == "本次金额中位数 1.00 元,此前 1 次交付 700.00 元,小约 700 倍,请核对单位"
    assert found.en == "median 1.00 yuan, of the delivery before 700.00 yuan: about 700 times smaller: check the unit"


def test_much_the_same_is_said_as_well() -> None:
    [found] = jumps([TABLE], [column(20_000)], [delivery(column(30_000))])
    assert (found.found, found.kept) == (0.666667, True)
    assert found.zh == "本次金额中位数 200.00 元,此前 1 次交付 300.00 元,相近"
    assert found.en == "median 200.00 yuan, of the delivery before 300.00 yuan: much the same"


@pytest.mark.parametrize(
    ("now", "before", "bound"),
    [
        (20, [20], 30),
        (19, [20], 300),
        (20, [19], 300),
        (20, [10, 9], 300),
        (20, [10, 10], 30),
        (25, [None], 300),
        (None, [25], 300),
        (25, [None, 20], 30),
    ],
)
@pytest.mark.parametrize("smaller", [False, True])
def test_few_amounts_on_either_side_must_jump_farther(
    now: int | None, before: list[int | None], bound: int, smaller: bool
) -> None:
    def at(factor: int) -> bool:
        mine, usual = (100, 100 * factor) if smaller else (100 * factor, 100)
        return kept(column(mine, now), *(column(usual, positive) for positive in before))

    assert (at(bound - 1), at(bound), at(bound + 1)) == (True, False, False)


@pytest.mark.parametrize("positive", [25, 5])
def test_a_bound_of_the_fields_own_goes_first(positive: int) -> None:
    table = bounded(Decimal(5))
    assert [kept(column(factor * 100, positive), column(100, positive), table=table) for factor in (4, 5, 6)] == [
        True,
        False,
        False,
    ]
    assert [kept(column(100, positive), column(factor * 100, positive), table=table) for factor in (4, 5, 6)] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (column(100), []),
        (column(100), [delivery()]),
        (column(100), [delivery(column(None, 0))]),
        (column(100), [delivery(column(100, field="fee"))]),
        (column(None, 0), [delivery(column(100))]),
        (column(100, field="pay_date"), [delivery(column(100, field="pay_date"))]),
        (column(100, field="fee"), [delivery(column(100, field="fee"))]),
    ],
)
def test_without_amounts_now_and_before_nothing_is_said(now: Profile, before: list[Receipt]) -> None:
    assert jumps([TABLE], [now], before) == []


@pytest.mark.parametrize(
    ("calm", "jumped", "usual"),
    [
        (1, 0, "1 次交付 1.00 元"),
        (1, 2, "1 次交付 1.00 元"),
        (1, 3, "4 次交付 900.00 元"),
        (2, 4, "2 次交付 1.00 元"),
        (2, 5, "7 次交付 900.00 元"),
    ],
)
def test_deliveries_that_jumped_count_once_they_outnumber_the_others_two_to_one(calm: int, jumped: int, usual: str) -> None:
    before = [delivery(column(100), told=[verdict(True)])] * calm + [delivery(column(90_000), told=[verdict(False)])] * jumped
    [found] = jumps([TABLE], [column(1_000)], before)
    assert f"此前 {usual}" in found.zh


@pytest.mark.parametrize(
    "told",
    [
        [],
        [verdict(True), verdict(False, expectation="rows > 1000")],
        [verdict(False, field="fee")],
        [verdict(False, expectation="statedTotal = sum")],
    ],
)
def test_only_a_jump_of_the_column_itself_makes_its_delivery_unusual(told: list[ExpectationResult]) -> None:
    jumped = delivery(column(90_000), told=[verdict(False)])
    [found] = jumps([TABLE], [column(100)], [delivery(column(100), told=told), jumped, jumped])
    assert (found.kept, "此前 1 次交付 1.00 元" in found.zh) == (True, True)


def test_of_a_currency_in_a_column_of_its_own_nothing_is_said() -> None:
    fields = tuple(one.model_copy(update={"unit": Unit.MAJOR}) if one.name == "amount" else one for one in TABLE.fields)
    assert jumps([TABLE.model_copy(update={"fields": fields})], [column(100_000)], [delivery(column(100))]) == []
