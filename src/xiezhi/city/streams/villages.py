"""What is kept by village and school: the map, cadres and their kin, village works, canteens."""

from __future__ import annotations

from datetime import date

import numpy as np

from xiezhi.city import codes
from xiezhi.city.cells import NOTHING, Ascii, Days, Fen, Texts, Whole, Words
from xiezhi.city.dice import Index
from xiezhi.city.names import CITY, COUNTIES
from xiezhi.city.places import HOUSEHOLD
from xiezhi.city.plan import CityPlan, block
from xiezhi.city.scenes.canteen import FOODS, MONTHS, school
from xiezhi.city.sheet import SheetLayout
from xiezhi.city.stage import YEAR
from xiezhi.city.streams.market import company_cells

TERM_BEGAN = date(2021, 1, 15).toordinal()
POSTS = ("村党支部书记", "村委会主任", "村会计")
WORKS = ("道路硬化", "沟渠清淤", "路灯安装", "文化广场", "饮水工程", "危桥改造")
SCHOOLS_AT_A_TIME = 50


def write_regions(plan: CityPlan) -> None:
    """All codes of the city, closed villages included."""
    map_ = plan.map
    city = 990_100_000_000
    rows: list[tuple[int, str, int | None]] = [(city, CITY, None)]
    rows += [(int(map_.county_code(place)) * 1_000_000, name, city) for place, name in enumerate(COUNTIES)]
    rows += [
        (code, map_.town_name(place), code // 1_000_000 * 1_000_000)
        for place, code in enumerate(map_.town_code(np.arange(map_.towns)).tolist())
    ]
    codes_ = map_.village_code(np.arange(map_.villages)).tolist()
    rows += [(code, map_.village_name(place), code // 1000 * 1000) for place, code in enumerate(codes_)]
    outlet = plan.outlet(SheetLayout("region", "统计用区划代码.csv", faulty=False))
    outlet.write(
        block(
            len(rows),
            code=Texts([str(row[0]) for row in rows]),
            region_name=Texts([row[1] for row in rows]),
            parent=Texts([None if row[2] is None else str(row[2]) for row in rows]),
            valid_from=Days(np.full(len(rows), date(2010, 1, 1).toordinal())),
            valid_to=Days(np.full(len(rows), NOTHING)),
        )
    )
    outlet.close()


def write_cadres(plan: CityPlan) -> None:
    """Three cadres a village, heads of its first three households, and their spouses and children as kin."""
    village = np.repeat(np.arange(plan.map.villages, dtype=np.int64), 3)
    turn = np.arange(village.size) % 3
    person = (plan.map.first_household(village) + turn) * HOUSEHOLD
    heads = plan.people.of(person)
    outlet = plan.outlet(
        SheetLayout("village_cadre", "村干部名册.xlsx", titles=("霁川市村(社区)干部名册", "填报单位:市委组织部"))
    )
    outlet.write(
        block(
            village.size,
            person=Ascii(heads.ids),
            name=heads.name,
            village=Ascii(codes.digits(plan.map.village_code(village), 12)),
            post=Words(POSTS, turn),
            valid_from=Days(np.full(village.size, TERM_BEGAN)),
            valid_to=Days(np.full(village.size, NOTHING)),
        )
    )
    outlet.close()
    _write_kin(plan, person, heads.ids)


def _write_kin(plan: CityPlan, person: Index, ids: codes.Digits) -> None:
    """Spouse and child of each cadre."""
    size = person.size
    kin = plan.outlet(SheetLayout("kinship", "干部亲属备案.csv", encoding="gb18030"), blocks=2)
    for place, relation in ((1, "配偶"), (2, "子女")):
        kin.write(
            block(
                size,
                person=Ascii(ids),
                kin=Ascii(plan.people.of(person + place).ids),
                relation=Words((relation,), np.zeros(size, dtype=np.int64)),
                degree=Whole(np.ones(size, dtype=np.int64)),
                valid_from=Days(np.full(size, TERM_BEGAN)),
                valid_to=Days(np.full(size, NOTHING)),
            )
        )
    kin.close()


def write_village_projects(plan: CityPlan) -> None:
    """Two works a village, contracted to firms in which no cadre has a part; amounts in ten thousand yuan, as the header says."""
    village = np.repeat(np.arange(plan.map.villages, dtype=np.int64), 2)
    number, dice = np.arange(village.size, dtype=np.int64), plan.dice
    layout = SheetLayout(
        "village_project",
        "村级工程项目.csv",
        titles=("村级工程项目台账",),
        heads={"amount": "合同金额(万元)"},
        ten_thousands=("amount",),
    )
    outlet = plan.outlet(layout)
    outlet.write(
        block(
            number.size,
            project_no=Ascii(np.hstack([codes.text("CJ", number.size), codes.digits(number, 8)])),
            village=Ascii(codes.digits(plan.map.village_code(village), 12)),
            kind=Words(WORKS, dice.below("kind of works", number, len(WORKS))),
            contract_date=Days(date(YEAR - 1, 2, 1).toordinal() + dice.below("works signed", number, 660)),
            contractor=company_cells(dice.below("contractor", number, plan.companies)),
            amount=Fen((2 + dice.below("works cost", number, 60)) * 1_000_000, unit=1_000_000),
        )
    )
    outlet.close()


def write_canteens(plan: CityPlan) -> None:
    """Every school buys every food twice a month, within 3.5 % of its usual price."""
    suffix = ".jsonl" if plan.small else ".jsonl.gz"
    outlet = plan.outlet(
        SheetLayout("canteen_purchase", f"学校食堂采购{suffix}"), blocks=-(-plan.map.schools // SCHOOLS_AT_A_TIME)
    )
    each = len(FOODS) * len(MONTHS) * 2
    names = tuple(school(place) for place in range(plan.map.schools))
    prices = np.array(list(FOODS.values()), dtype=np.int64)
    for first in range(0, plan.map.schools, SCHOOLS_AT_A_TIME):
        last = min(first + SCHOOLS_AT_A_TIME, plan.map.schools)
        number = np.arange(first * each, last * each, dtype=np.int64)
        place, rest = np.divmod(number, each)
        food, rest = np.divmod(rest, len(MONTHS) * 2)
        price = prices[food] * (9_650 + plan.dice.below("food price", number, 701)) // 10_000
        kilos = 40 + plan.dice.below("kilograms", number, 160)
        outlet.write(
            block(
                number.size,
                purchase_id=Ascii(np.hstack([codes.text("CG", number.size), codes.digits(number, 9)])),
                school=Words(names, place),
                purchase_date=Days(_market_day(rest)),
                item=Words(tuple(FOODS), food),
                quantity=Whole(kilos),
                unit_price=Fen(price),
                supplier=company_cells((place * 7 + food) % plan.companies),
            )
        )
    outlet.close()


def _market_day(turn: Index) -> Index:
    """The 5th and 19th of each month in which canteens cook."""
    days = np.array([date(YEAR, month, 5 + 14 * half).toordinal() for month in MONTHS for half in range(2)], dtype=np.int64)
    return days[turn]
