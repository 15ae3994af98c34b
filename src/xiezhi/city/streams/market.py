"""Firms, their people, what public bodies buy from them and what they bid for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np

from xiezhi.city import codes
from xiezhi.city.cells import NOTHING, Ascii, Days, Fen, Texts, Whole, Words
from xiezhi.city.dice import Index, coprime
from xiezhi.city.names import company_name
from xiezhi.city.places import HOUSEHOLD
from xiezhi.city.plan import CityPlan, block
from xiezhi.city.scenes.purchasing import CATEGORIES
from xiezhi.city.sheet import SheetLayout
from xiezhi.city.stage import YEAR

CHUNK = 10_000
ROLES = ("法定代表人", "股东", "参保", "监事")
ROLE_STREAMS = tuple(f"person in role {role}" for role in ROLES)
NOTICE = date(YEAR, 1, 6).toordinal()


def write_enterprises(plan: CityPlan) -> None:
    """The register of firms, in GB18030; capital in ten thousand yuan."""
    outlet = plan.outlet(SheetLayout("enterprise", "市场主体登记.csv", encoding="gb18030"), blocks=_blocks(plan.companies))
    for number in _chunks(plan.companies):
        size, dice = number.size, plan.dice
        outlet.write(
            block(
                size,
                company=company_cells(number),
                company_name=Texts([company_name(one) for one in number.tolist()]),
                kind=Words(("有限责任公司", "个人独资企业", "个体工商户"), dice.below("kind of firm", number, 3)),
                established=Days(date(2005, 1, 4).toordinal() + dice.below("established", number, 6_000)),
                status=Words(("存续", "注销", "吊销"), np.where(dice.chance("firm closed", number, 0.06), 1 + number % 2, 0)),
                registered_capital=Fen((1 + dice.below("capital", number, 200)) * 10_000_000, unit=1_000_000),
            )
        )
    outlet.close()


def write_roles(plan: CityPlan) -> None:
    """Who stands for each firm. Never a household of village cadres: those are the first three of each village."""
    outlet = plan.outlet(SheetLayout("enterprise_person", "市场主体人员.tsv", separator="\t"), blocks=_blocks(plan.companies))
    for number in _chunks(plan.companies):
        for place, stream in enumerate(ROLE_STREAMS):
            people = plan.people.of(
                _away_from_cadres(plan, plan.dice.below(stream, number, plan.map.households)) * HOUSEHOLD + place % 2
            )
            start = date(2016, 3, 1).toordinal() + plan.dice.below(f"{stream} since", number, 3_000)
            outlet.write(
                block(
                    number.size,
                    company=company_cells(number),
                    person=Ascii(people.ids),
                    role=Words(ROLES, np.full(number.size, place)),
                    share=Whole(np.full(number.size, 100 if place == 1 else NOTHING)),
                    valid_from=Days(start),
                    valid_to=Days(np.full(number.size, NOTHING)),
                )
            )
    outlet.close()


def write_lots(plan: CityPlan) -> None:
    """Lots with three to six bidders, each paying its own deposit; no two bids are equal."""
    lots = np.arange(max(120, plan.map.persons // 800), dtype=np.int64)
    size, dice = lots.size, plan.dice
    limit = (50 + dice.below("limit", lots, 900)) * 1_000_000
    notice = NOTICE + dice.below("notice", lots, 300)
    opened = [datetime.combine(date.fromordinal(int(day)), datetime.min.time()).replace(hour=9, minute=30) for day in notice + 24]
    outlet = plan.outlet(SheetLayout("tender_lot", "招标标段.csv", bom=True))
    outlet.write(
        block(
            size,
            lot_no=_lot_cells(lots),
            tenderer=Ascii(codes.credit_codes("11", dice.below("tenderer", lots, plan.organs))),
            title=Texts([f"霁川市公共工程{number:06d}标段" for number in lots.tolist()]),
            category=Words(("工程", "货物", "服务"), lots % 3),
            limit_price=Fen(limit),
            notice_date=Days(notice),
            open_time=Texts([moment.strftime("%Y-%m-%d %H:%M:%S") for moment in opened]),
        )
    )
    outlet.close()
    bidders = 3 + dice.below("bidders", lots, 4)
    lot = np.repeat(lots, bidders)
    turn = np.arange(lot.size) - np.repeat(np.cumsum(bidders) - bidders, bidders)
    company = (lot * 31 + turn * coprime(plan.companies // 7, plan.companies)) % plan.companies
    price = limit[lot] * (905 + turn * 13 + dice.below("bid", lot * 8 + turn, 9)) // 1000
    _write_bids(plan, lot, company, price, turn == 0)
    _write_deposits(plan, lot, company, np.array([moment.date().toordinal() for moment in opened])[lot] - 2)


def _write_bids(plan: CityPlan, lot: Index, company: Index, price: Index, won: Index) -> None:
    outlet = plan.outlet(SheetLayout("bid", "投标记录.jsonl"))
    outlet.write(
        block(
            lot.size,
            lot_no=_lot_cells(lot),
            bidder=company_cells(company),
            bidder_name=Texts([company_name(one) for one in company.tolist()]),
            price=Fen(price),
            won=Words(("否", "是"), won.astype(np.int64)),
        )
    )
    outlet.close()


def _write_deposits(plan: CityPlan, lot: Index, company: Index, paid: Index) -> None:
    outlet = plan.outlet(SheetLayout("bid_deposit", "投标保证金.tsv", separator="\t", encoding="gb18030", total="amount"))
    size = lot.size
    days = [f"{date.fromordinal(int(day))} {9 + place % 8:02d}:05:00" for place, day in enumerate(paid)]
    outlet.write(
        block(
            size,
            lot_no=_lot_cells(lot),
            bidder=company_cells(company),
            payer_name=Texts([company_name(one) for one in company.tolist()]),
            payer_account=Ascii(codes.accounts(70_000_000_000 + company)),
            amount=Fen(np.full(size, 2_000_000)),
            paid_at=Texts(days),
        )
    )
    outlet.close()


def write_purchases(plan: CityPlan) -> None:
    """Contracts of public bodies: small ones without tender that stay far below the limit together, large ones by open tender."""
    number = np.arange(plan.organs * 12, dtype=np.int64)
    buyer, rest = np.divmod(number, 12)
    budget, turn = np.divmod(rest, 3)
    large = turn == 2
    dice = plan.dice
    wan = np.where(large, 210 + dice.below("large contract", number, 600), 5 + dice.below("small contract", number, 55))
    method = np.where(large, 0, 1 + dice.below("method", number, 5))
    items = tuple(f"{YEAR}-{place + 101:03d}" for place in range(4))
    serial = np.hstack([codes.text("ZC", number.size), codes.digits(number, 9)])
    outlet = plan.outlet(SheetLayout("procurement", "政府采购合同.csv", separator=";", bom=True))
    outlet.write(
        block(
            number.size,
            purchase_no=Ascii(serial),
            buyer=Ascii(codes.credit_codes("11", buyer)),
            budget_item=Words(items, budget),
            category=Words(CATEGORIES, (buyer + budget) % len(CATEGORIES)),
            fiscal_year=Whole(np.full(number.size, YEAR)),
            method=Words(("公开招标", "竞争性谈判", "询价", "单一来源", "直接采购", "邀请招标"), method),
            supplier=company_cells(dice.below("supplier", number, plan.companies)),
            amount=Fen(wan * 1_000_000),
            contract_date=Days(NOTICE + 20 + dice.below("contract day", number, 300)),
        )
    )
    outlet.close()


def company_cells(number: Index) -> Ascii:
    """Credit codes of ordinary enterprises."""
    return Ascii(codes.credit_codes("91", number))


def _lot_cells(lot: Index) -> Ascii:
    return Ascii(np.hstack([codes.text("BD", lot.size), codes.digits(lot, 8)]))


def _away_from_cadres(plan: CityPlan, household: Index) -> Index:
    offset = household - plan.map.first_household(plan.map.village_of(household))
    moved: Index = np.where(offset < 3, household + 3, household)
    return moved


def _chunks(count: int) -> Iterator[Index]:
    for start in range(0, count, CHUNK):
        yield np.arange(start, min(start + CHUNK, count), dtype=np.int64)


def _blocks(count: int) -> int:
    return -(-count // CHUNK)
