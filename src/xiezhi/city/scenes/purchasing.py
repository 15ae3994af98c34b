"""Purchases cut up to stay below the limit for open tender (PRO-103)."""

from __future__ import annotations

from datetime import date, timedelta

from xiezhi.city.stage import YEAR, Stage

RULE = "PRO-103"
METHODS = ("竞争性谈判", "询价", "单一来源", "直接采购", "邀请招标")
CATEGORIES = ("办公设备", "物业服务", "信息化服务", "车辆维修", "印刷服务")


def plant(stage: Stage) -> None:
    """All scenes of PRO-103. Amounts in ten thousand yuan; the limit is 200."""
    for turn in range(stage.many):
        buyer, one = stage.cast.organ(), stage.cast.firm().company
        amounts = (90, 80 + turn % 9, 70) if turn % 2 else (150, 60 + turn % 9)
        hints = _buy(stage, buyer, turn, [(wan, one, "") for wan in amounts])
        stage.planted(RULE, "A", ("company", buyer), counterpart=("company", one), note="同一供应商", **hints)
        buyer = stage.cast.organ()
        hints = _buy(stage, buyer, turn, [(wan, stage.cast.firm().company, "") for wan in (85, 75 + turn % 9, 66)])
        stage.planted(RULE, "B", ("company", buyer), note="多家供应商", **hints)
    for turn in range(stage.few):
        _look_alikes(stage, turn)


def _look_alikes(stage: Stage, turn: int) -> None:
    one = stage.cast.firm().company
    pair = [(120.0, one, ""), (110.0, one, "")]
    buyer = stage.cast.organ()
    stage.look_alike(
        RULE, ("company", buyer), "公开招标", **_buy(stage, buyer, turn, [(wan, by, "公开招标") for wan, by, _ in pair])
    )
    buyer = stage.cast.organ()
    stage.look_alike(RULE, ("company", buyer), "合计差一元", **_buy(stage, buyer, turn, [(120.0, one, ""), (79.9999, one, "")]))
    buyer = stage.cast.organ()
    stage.look_alike(RULE, ("company", buyer), "单笔已超限额", **_buy(stage, buyer, turn, [(260.0, one, "")]))
    buyer = stage.cast.organ()
    stage.look_alike(
        RULE, ("company", buyer), "一笔公开招标一笔询价", **_buy(stage, buyer, turn, [(180.0, one, "公开招标"), (60.0, one, "")])
    )
    for note, change in (
        ("跨两个年度", {"year": YEAR - 1}),
        ("两个预算项目", {"budget": "专项"}),
        ("两个品目", {"category": "会议服务"}),
    ):
        buyer = stage.cast.organ()
        hints = _buy(stage, buyer, turn, pair[:1])
        _buy(stage, buyer, turn, pair[1:], **change)
        stage.look_alike(RULE, ("company", buyer), note, **hints)


def _buy(
    stage: Stage,
    buyer: str,
    turn: int,
    purchases: list[tuple[float, str, str]],
    *,
    year: int = YEAR,
    budget: str = "",
    category: str = "",
) -> dict[str, str | int]:
    """Contracts of one buyer, budget item and category; returns what tells them apart in the truth."""
    item = f"{year}-{turn % 40 + 1:03d}{budget}"
    kind = category or CATEGORIES[turn % len(CATEGORIES)]
    for place, (wan, supplier, method) in enumerate(purchases):
        stage.cast.add(
            "procurement",
            purchase_no=stage.cast.serial("ZCX"),
            buyer=buyer,
            budget_item=item,
            category=kind,
            fiscal_year=year,
            method=method or METHODS[(turn + place) % len(METHODS)],
            supplier=supplier,
            amount=round(wan * 1_000_000),
            contract_date=date(year, 4, 2) + timedelta(days=place * 12 + turn % 100),
        )
    return {"fiscal_year": year, "budget_item": item, "category": kind}
