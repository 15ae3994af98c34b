"""What insurers settle for residents: hospital stays and visits, and policies on rural houses."""

from __future__ import annotations

import numpy as np

from xiezhi.city import codes
from xiezhi.city.cells import Ascii, Days, Fen, Words
from xiezhi.city.dice import Index
from xiezhi.city.names import COUNTIES
from xiezhi.city.people import Residents
from xiezhi.city.plan import CityPlan, block
from xiezhi.city.scenes.medical import hospital
from xiezhi.city.sheet import SheetLayout
from xiezhi.city.stage import YEAR, month
from xiezhi.city.streams.registers import village_cells

FIRST_DAY = month(1).toordinal()
DIAGNOSES = ("J18.9", "I10.0", "K29.5", "E11.9", "I63.9", "M51.2", "K80.2", "S72.0", "N20.0", "H25.9", "G45.9", "J44.9")


class Medical:
    """One file a county. Nobody is in two hospitals at once, nor back within forty days."""

    def __init__(self, plan: CityPlan, county: int) -> None:
        self._plan, self._blocks = plan, 0
        suffix = ".csv" if plan.small else ".csv.gz"
        self._outlet = plan.outlet(
            SheetLayout(
                "med_settlement",
                f"{COUNTIES[county]}医保结算{YEAR}{suffix}",
                office=county,
                encoding="gb18030" if county == 1 else "utf-8",
            ),
            part=lambda row: int(str(row["settle_id"])[2:]) % 3,
            of=county,
            blocks=3 * plan.blocks(county),
        )

    def take(self, people: Residents) -> None:
        dice, index = self._plan.dice, people.index
        first = FIRST_DAY + 4 + dice.below("admitted", index, 200)
        nights = 2 + dice.below("nights", index, 11)
        second = first + nights + 40 + dice.below("back after", index, 60)
        once = people.here & dice.chance("in hospital", index, 0.08)
        self._stays(people, np.flatnonzero(once), first, nights, 1, 0)
        self._stays(people, np.flatnonzero(once & dice.chance("twice", index, 0.25)), second, nights, 2, 0)
        visits = np.flatnonzero(people.here & dice.chance("visit", index, 0.3))
        self._stays(people, visits, FIRST_DAY + dice.below("visit day", index, 360), np.zeros_like(first), 3, 1)

    def _stays(self, people: Residents, rows: Index, admit: Index, nights: Index, turn: int, kind: int) -> None:
        dice, index, size = self._plan.dice, people.index[rows], rows.size
        fee = (400_000 if kind == 0 else 9_000) + dice.below(f"fee {turn}", index, 8_000) * 100
        fund = fee * 6 // 10 // 100 * 100
        hospitals = tuple(hospital(number) for number in range(self._plan.map.hospitals))
        serial = np.hstack([codes.text(f"JS{turn}", size), codes.digits(index, 9)])
        self._outlet.write(
            block(
                size,
                settle_id=Ascii(serial),
                person=Ascii(people.ids[rows]),
                hospital=Words(hospitals, dice.below(f"hospital {turn}", index, len(hospitals))),
                kind=Words(("住院", "门诊"), np.full(size, kind)),
                admit=Days(admit[rows]),
                discharge=Days((admit + nights)[rows]),
                diagnosis=Words(DIAGNOSES, dice.below(f"diagnosis {turn}", index, len(DIAGNOSES))),
                total_fee=Fen(fee),
                fund_pay=Fen(fund),
                self_pay=Fen(fee - fund),
            )
        )

    def close(self) -> None:
        self._outlet.close()


class HouseInsurance:
    """Policies of two insurers. Four salesmen work every town, so that none has a village to himself."""

    def __init__(self, plan: CityPlan) -> None:
        self._plan = plan
        first = SheetLayout(
            "house_insurance",
            "农房保险清单_甲公司.xlsx" if plan.small else "农房保险清单_甲公司.csv.gz",
            titles=("农房保险投保清单",),
        )
        second = SheetLayout(
            "house_insurance", "农房保险清单_乙公司.csv", office=1, encoding="gb18030", titles=("投保明细",), total="premium"
        )
        self._outlets = [
            plan.outlet(layout, blocks=plan.blocks(), part=lambda row: int(str(row["policy_no"])[3:]) % 2, of=turn)
            for turn, layout in enumerate((first, second))
        ]
        self._agents = tuple(f"工号{town:03d}{letter}" for town in range(plan.map.towns) for letter in "ABCD")

    def take(self, people: Residents) -> None:
        plan, dice = self._plan, self._plan.dice
        insured = (
            (people.role == 0) & dice.chance("insured", people.household, 0.6) & ~np.isin(people.village, plan.taken_villages)
        )
        agent = plan.map.town_of(people.village) * 4 + dice.below("salesman", people.household, 4)
        for turn, outlet in enumerate(self._outlets):
            rows = np.flatnonzero(insured & (agent % 2 == turn))
            household = people.household[rows]
            outlet.write(
                block(
                    rows.size,
                    policy_no=Ascii(np.hstack([codes.text("NF", rows.size), codes.digits(household, 9)])),
                    person=Ascii(people.ids[rows]),
                    village=village_cells(plan, people.village[rows]),
                    agent=Words(self._agents, agent[rows]),
                    sign_date=Days(FIRST_DAY + 60 + dice.below("signed", household, 200)),
                    premium=Fen(np.full(rows.size, 3_000)),
                )
            )

    def close(self) -> None:
        for outlet in self._outlets:
            outlet.close()
