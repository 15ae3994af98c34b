"""Registers kept on residents: population, deaths, payroll, minimum allowance."""

from __future__ import annotations

from datetime import date
from operator import itemgetter

import numpy as np

from xiezhi.city import codes
from xiezhi.city.cells import NOTHING, Ascii, Days, Fen, Months, Words, month_number
from xiezhi.city.dice import Index
from xiezhi.city.names import COUNTIES
from xiezhi.city.outlet import Outlet
from xiezhi.city.people import REFERENCE, Residents
from xiezhi.city.plan import CityPlan, block
from xiezhi.city.sheet import SheetLayout
from xiezhi.city.stage import YEAR, month

PAYROLL, WELFARE, DIBAO = (0.0, 0.045), (0.045, 0.055), (0.055, 0.085)
"""Bands of households: on the public payroll, in public-welfare posts, on minimum allowance. No household is in two."""


PAYROLL_TWICE = 3
"""The month whose payroll is delivered again under another name."""


def payroll_file(number: int) -> str:
    """The name of a month's payroll file."""
    return f"财政统发{YEAR}{number:02d}.csv"


class Population:
    """One file a county: GB18030, UTF-8, JSON lines."""

    def __init__(self, plan: CityPlan, county: int) -> None:
        self._plan = plan
        name = f"{COUNTIES[county]}人口信息"
        layout = (
            SheetLayout("person_population", f"{name}.csv", office=1, encoding="gb18030"),
            SheetLayout("person_population", f"{name}.tsv", office=2, separator="\t"),
            SheetLayout("person_population", f"{name}.jsonl" if plan.small else f"{name}.jsonl.gz", office=0),
        )[county]
        self._outlet = plan.outlet(layout, blocks=plan.blocks(county), part=plan.county_of, of=county)

    def take(self, people: Residents) -> None:
        size = people.index.size
        status = np.where(people.died > 0, 1, np.where(people.moved > 0, 2, 0))
        since = np.maximum(people.died, people.moved)
        third = np.where(REFERENCE - people.birth > 64 * 365, 3, 2)
        household = np.hstack([codes.text("H", size), codes.digits(people.household, 9)])
        self._outlet.write(
            block(
                size,
                person=Ascii(people.ids),
                name=people.name,
                sex=Words(("女", "男"), people.male.astype(np.int64)),
                birth_date=Days(people.birth),
                household=Ascii(household),
                relation=Words(("户主", "配偶", "子女", "父母"), np.where(people.role == 2, third, people.role)),
                village=village_cells(self._plan, people.village),
                status=Words(("正常", "死亡", "迁出"), status),
                status_date=Days(np.where(status == 0, NOTHING, since)),
            )
        )

    def close(self) -> None:
        self._outlet.close()


class Deaths:
    """One file a source. Everyone who died is in one of the first three, two in five in a second, days later."""

    def __init__(self, plan: CityPlan) -> None:
        self._plan = plan
        layouts = (
            SheetLayout(
                "death_registry", "殡葬火化名单.xlsx" if plan.small else "殡葬火化名单.csv.gz", office=0, titles=("火化人员名单",)
            ),
            SheetLayout("death_registry", "死亡医学证明.csv", office=1, encoding="gb18030"),
            SheetLayout("death_registry", "户籍注销.tsv", office=2, separator="\t"),
            SheetLayout("death_registry", "法院宣告死亡.csv", office=0, bom=True),
        )
        self._outlets = [
            plan.outlet(layout, blocks=plan.blocks(), part=itemgetter("source"), of=source)
            for layout, source in zip(layouts, SOURCES, strict=True)
        ]

    def take(self, people: Residents) -> None:
        dice, dead = self._plan.dice, np.flatnonzero(people.died)
        index = people.index[dead]
        first = dice.below("first source", index, 3)
        again = dice.chance("second source", index, 0.4)
        later = people.died[dead] + 1 + dice.below("days until second source", index, 40)
        for source, outlet in enumerate(self._outlets[:3]):
            here = (first == source) | (again & ((first + 1) % 3 == source))
            day = np.where(first == source, people.died[dead], np.minimum(later, REFERENCE + 20))[here]
            rows = dead[here]
            outlet.write(
                block(
                    rows.size,
                    person=Ascii(people.ids[rows]),
                    name=people.name.take(rows),
                    death_date=Days(day),
                    source=Words(SOURCES, np.full(rows.size, source)),
                )
            )

    def close(self) -> None:
        for outlet in self._outlets:
            outlet.close()


SOURCES = ("火化", "医学证明", "户籍注销", "法院")


class Payroll:
    """One file a month for the whole city, separated by a vertical bar. One of them, without faults, is delivered twice."""

    def __init__(self, plan: CityPlan) -> None:
        self._plan = plan
        self._outlets = [
            plan.outlet(
                SheetLayout(
                    "fiscal_payroll",
                    payroll_file(number),
                    office=number % 2,
                    separator="|",
                    encoding="gb18030" if number > 6 else "utf-8",
                    faulty=number != PAYROLL_TWICE,
                ),
                part=itemgetter("month"),
                of=month(number),
                blocks=plan.blocks(),
            )
            for number in range(1, 13)
        ]

    def take(self, people: Residents) -> None:
        plan = self._plan
        age = (REFERENCE - people.birth) // 365
        staff = people.here & (people.role < 2) & in_band(plan, people.household, PAYROLL) & (age >= 24)
        welfare = people.here & (people.role == 1) & in_band(plan, people.household, WELFARE) & (age < 60)
        rows = np.flatnonzero(staff | welfare)
        index = people.index[rows]
        unit = codes.credit_codes("11", plan.dice.below("employer", index, plan.organs))
        kind = np.where(welfare[rows], 2, (age[rows] >= 60).astype(np.int64))
        amount = np.array([520_000, 410_000, 230_000])[kind] + plan.dice.below("pay", index, 2_000) * 100
        name, ids = people.name.take(rows), people.ids[rows]
        for number, outlet in enumerate(self._outlets, start=1):
            outlet.write(
                block(
                    rows.size,
                    person=Ascii(ids),
                    name=name,
                    unit=Ascii(unit),
                    month=Months(np.full(rows.size, month_number(month(number)))),
                    amount=Fen(amount),
                    kind=Words(("在编", "退休", "公益性岗位"), kind),
                )
            )

    def close(self) -> None:
        for outlet in self._outlets:
            outlet.close()


class Dibao:
    """Members of households on minimum allowance: a workbook, or an archive in larger cities."""

    def __init__(self, plan: CityPlan) -> None:
        self._plan = plan
        name = "低保对象名册"
        titles = ("霁川市最低生活保障对象名册",)
        layout = (
            SheetLayout("dibao_member", f"{name}.xlsx", titles=titles)
            if plan.small
            else SheetLayout("dibao_member", f"{name}.zip", member=f"{name}.csv", office=1)
        )
        self._outlet: Outlet = plan.outlet(layout, blocks=plan.blocks())

    def take(self, people: Residents) -> None:
        dice, rows = self._plan.dice, np.flatnonzero(people.here & in_band(self._plan, people.household, DIBAO))
        household = people.household[rows]
        start = month_number(date(2020, 1, 1)) + dice.below("allowance from", household, 60)
        ended = dice.chance("allowance ended", household, 0.2)
        end = np.where(ended, start + 1 + dice.below("allowance months", household, 12), NOTHING)
        case = np.hstack([codes.text("DB", rows.size), codes.digits(household, 9)])
        self._outlet.write(
            block(
                rows.size,
                case_no=Ascii(case),
                person=Ascii(people.ids[rows]),
                name=people.name.take(rows),
                relation=Words(("户主", "配偶", "子女"), people.role[rows]),
                case_kind=Words(("城市", "农村"), (people.county[rows] != 2).astype(np.int64)),
                start_month=Months(start),
                end_month=Months(end),
                village=village_cells(self._plan, people.village[rows]),
                agency=Words(("民政服务站",), np.zeros(rows.size, dtype=np.int64)),
            )
        )

    def close(self) -> None:
        self._outlet.close()


def in_band(plan: CityPlan, household: Index, band: tuple[float, float]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Whether households fall into a band of their lot."""
    lot = plan.dice.share("lot of the household", household)
    return (lot >= band[0]) & (lot < band[1])


def village_cells(plan: CityPlan, village: Index) -> Ascii:
    return Ascii(codes.digits(plan.map.village_code(village), 12))
