"""Subsidy payments: twelve months of three counties, each with its own habits, and the list of items."""

from __future__ import annotations

from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from xiezhi.city import codes
from xiezhi.city.cells import Ascii, Column, Days, Months, Words, month_number
from xiezhi.city.days import months_of
from xiezhi.city.dice import Index
from xiezhi.city.names import AGENCIES, COUNTIES
from xiezhi.city.outlet import Row
from xiezhi.city.people import Residents
from xiezhi.city.plan import CityPlan, block
from xiezhi.city.sheet import ANY, MILD, NONE, Block, SheetLayout
from xiezhi.city.stage import YEAR, after, month
from xiezhi.kernel.errors import UserError

ITEMS = (
    ("GRAIN", "耕地地力保护补贴", True, None, 50),
    ("FOREST", "公益林生态补偿", True, None, 30),
    ("RELIEF", "困难群众生活补助", False, None, 120),
    ("DISABLED", "困难残疾人生活补贴", False, None, 100),
    ("NURSING", "重度残疾人护理补贴", False, None, 150),
    ("STUDENT", "雨露计划补助", False, None, 300),
    ("HOUSING", "农村危房租赁补助", False, None, 600),
    ("ENERGY", "清洁取暖补贴", False, None, 80),
    ("WATER", "移民后期扶持", False, None, 50),
    ("LABOUR", "公益林管护补助", False, None, 400),
    ("TRAVEL", "务工交通补助", False, None, 60),
    ("ELD80", "八十岁以上高龄津贴", False, 80, 100),
    ("ELD90", "九十岁以上高龄津贴", False, 90, 200),
    ("SURVIVOR", "因公牺牲遗属抚恤", False, None, 500),
)
"""Code, title, universal, minimum age, monthly standard in yuan."""

REGULAR = 11
"""The first items are drawn by lot; the old-age items go to everybody old enough."""

DEFAULT_SHARE = 0.35
"""Persons in a hundred who draw something, where the number of payments is not given."""

MONTHS_PAID = 11.6
"""Months that a regular payment runs on average: most all year, some from February, March or April."""

OVERLAP = 25
"""Rows at the head of a month of the first county that were in the month before as well."""

ORDER = (
    *("village", "person", "name", "payee_name", "bank_account", "item"),
    *("benefit_month", "amount", "pay_date", "agency", "payment_id"),
)
"""Columns as the second county has them."""

_ELD80 = REGULAR
_AMOUNTS = tuple(f"{standard // part}.00" for part in (1, 2) for _, _, _, _, standard in ITEMS)


class Payments:
    """All payment files of one county, open side by side while its residents stream by."""

    def __init__(self, plan: CityPlan, county: int) -> None:
        self._plan, self._county = plan, county
        self._outlets = [
            plan.outlet(
                _layout(plan, county, number), blocks=plan.blocks(county), part=partial(_part, plan), of=(county, month(number))
            )
            for number in range(1, 13)
        ]
        self._slots = slots_per_person(plan)
        self._begun = False

    def take(self, people: Residents) -> None:
        """Write every month of these residents."""
        draws = _Draws(self._plan, people, self._slots)
        overlap = self._county == 0 and not self._begun
        for number in range(1, 13):
            rows = draws.month(number)
            if overlap and number > 1:
                before = draws.month(number - 1)[:OVERLAP]
                self._outlets[number - 1].sheet.write(draws.block(before, number - 1, np.full(len(before), NONE)), repeated=True)
            self._outlets[number - 1].write(draws.block(rows, number, draws.guard(rows, spare=OVERLAP if overlap else 0)))
        self._begun = True

    def close(self) -> None:
        for outlet in self._outlets:
            outlet.close()


class _Draws:
    """What each of a block of residents draws in each month."""

    def __init__(self, plan: CityPlan, people: Residents, slots: float) -> None:
        self._plan, self._people = plan, people
        dice, index = plan.dice, people.index
        count = int(slots) + dice.chance("one payment more", index, slots % 1)
        late = dice.chance("begins late", index, 0.15)
        self._first = np.where(late, 2 + dice.below("begins when", index, 3), 1)
        year, months = np.divmod(np.where(people.died > 0, months_of(people.died), month_number(date(2100, 1, 1))), 12)
        self._last = np.where(people.moved > 0, 0, (year - YEAR) * 12 + months + 1)
        self._eighty = people.eighty() - month_number(month(1)) + 1
        self._person = np.concatenate([np.flatnonzero(count > slot) for slot in range(int(slots) + 1)] + [np.arange(index.size)])
        self._slot = np.concatenate(
            [np.full(int((count > slot).sum()), slot) for slot in range(int(slots) + 1)] + [np.full(index.size, 99)]
        )
        lucky = dice.below("item", index, REGULAR)[self._person]
        self._item = np.where(self._slot == 99, _ELD80, (lucky + self._slot * 4) % REGULAR)
        half = dice.chance("half the standard", index, 0.1)[self._person] & (self._slot != 99)
        self._amount = self._item + half * len(ITEMS)
        self._columns = self._fixed()

    def month(self, number: int) -> Index:
        """Which of the payments run in month `number`."""
        old = self._slot == 99
        first = np.where(old, self._eighty[self._person], self._first[self._person])
        return np.flatnonzero((first <= number) & (number <= self._last[self._person]))

    def guard(self, rows: Index, spare: int) -> NDArray[np.uint8]:
        """Old-age rows are never lost; the first `spare` rows come again next month and must be sound in both."""
        guard = np.where(self._slot[rows] == 99, MILD, ANY)
        guard[:spare] = NONE
        return guard.astype(np.uint8)

    def block(self, rows: Index, number: int, guard: NDArray[np.uint8]) -> Block:
        """The payments `rows` of one month."""
        size = rows.size
        serial = np.hstack([codes.text(f"P{YEAR}{number:02d}", size), self._serial[rows]])
        paid = after(month(number), 1).toordinal() + 9 + self._person[rows] % 11
        columns: dict[str, Column] = {name: column.take(rows) for name, column in self._columns.items()}
        columns |= {
            "payment_id": Ascii(serial),
            "benefit_month": Months(np.full(size, month_number(month(number)))),
            "pay_date": Days(paid),
        }
        return block(size, guard, **columns)

    def _fixed(self) -> dict[str, Column]:
        """What does not change from month to month."""
        people, person = self._people, self._person
        self._serial = np.hstack([codes.digits(people.index[person], 8), codes.digits(self._slot, 2)])
        name = people.name.take(person)
        places = Ascii(codes.digits(self._plan.map.village_code(people.village), 12))
        return {
            "person": Ascii(people.ids[person]),
            "name": name,
            "item": Words(tuple(item[0] for item in ITEMS), self._item),
            "amount": Words(_AMOUNTS, self._amount),
            "bank_account": Ascii(codes.accounts(people.index)[person]),
            "payee_name": name,
            "village": places.take(person),
            "agency": Words(AGENCIES, self._item % len(AGENCIES)),
        }


def slots_per_person(plan: CityPlan) -> float:
    """How many regular items a resident draws on average, so that the city pays about `plan.payments` times."""
    if not plan.payments:
        return DEFAULT_SHARE
    old = plan.map.persons * 0.041 * 11.4
    slots = (plan.payments - old) / (plan.map.persons * 0.981 * MONTHS_PAID)
    most = plan.map.persons * 110
    if not 0 <= slots <= REGULAR - 1:
        raise UserError(
            "XZ-CITY-02",
            zh=f"{plan.map.persons:,} 人的城市一年可发 {old:,.0f} 至 {most:,} 笔,给的是 {plan.payments:,}",
            en=f"a city of {plan.map.persons:,} pays between {old:,.0f} and {most:,} times, not {plan.payments:,}",
            todo_zh="调整 --payments 或 --persons",
            todo_en="change --payments or --persons",
        )
    return float(slots)


def write_items(plan: CityPlan) -> None:
    """The catalogue of items."""
    for code, title, universal, age, standard in ITEMS:
        plan.cast.add("subsidy_item", item=code, title=title, universal=universal, min_age=age, monthly_standard=standard * 100)
    plan.outlet(SheetLayout("subsidy_item", "补贴项目目录.csv", faulty=False)).close()


def _part(plan: CityPlan, row: Row) -> tuple[int, date]:
    """County and month with which a payment of the cast is delivered: the month before the one in which it was paid."""
    return plan.county_of(row), after(row["pay_date"], -1)


def _layout(plan: CityPlan, county: int, number: int) -> SheetLayout:
    """Three counties, three habits: GB18030 with titles and totals; UTF-8 in other names and order; workbooks or archives."""
    name = f"{COUNTIES[county]}{YEAR}{number:02d}"
    if county == 0:
        titles = (f"{COUNTIES[0]}惠民惠农财政补贴资金发放明细表", f"所属期:{YEAR}年{number}月")
        return SheetLayout("subsidy_payment", f"{name}惠民补贴发放明细.csv", encoding="gb18030", titles=titles, total="amount")
    if county == 1:
        return SheetLayout("subsidy_payment", f"{name}_一卡通.csv", office=1, order=ORDER, bom=True)
    if plan.small and slots_per_person(plan) <= 1:
        return SheetLayout("subsidy_payment", f"{name}补贴.xlsx", office=2, titles=(f"{COUNTIES[2]}补贴发放表",))
    if number % 2:
        return SheetLayout("subsidy_payment", f"{name}补贴.csv.gz", office=2)
    return SheetLayout("subsidy_payment", f"{name}补贴.zip", office=2, member=f"{name}.tsv", separator="\t")
