"""A school that pays one supplier more than other schools pay for the same food in the same month (CAN-073)."""

from __future__ import annotations

from datetime import date, timedelta

from xiezhi.city.stage import YEAR, Stage

RULE = "CAN-073"
FOODS = {
    "猪肉": 2800,
    "鸡蛋": 1050,
    "大米": 560,
    "白菜": 240,
    "土豆": 320,
    "西红柿": 620,
    "豆腐": 480,
    "鸡胸肉": 1800,
    "牛肉": 7200,
    "面粉": 450,
    "菜籽油": 1500,
    "胡萝卜": 360,
    "黄瓜": 520,
    "苹果": 880,
    "牛奶": 1100,
    "鲤鱼": 1700,
    "茄子": 480,
    "青椒": 640,
    "芹菜": 420,
    "冬瓜": 260,
}
"""Reference price in fen per kilogram."""

MONTHS = (3, 4, 5, 6, 9, 10, 11, 12)
"""Months in which canteens cook."""


def school(number: int) -> str:
    """The name of a school counted from 0."""
    return f"霁川市第{number + 1}{('小学', '初级中学', '中心学校')[number % 3]}"


def plant(stage: Stage) -> None:
    """Each case takes another food and its own new supplier, at schools spread over the city, so that peers stay honest."""
    foods = list(FOODS)
    for turn in range(stage.many):
        for step, (variant, dearer, count) in enumerate(
            (("A", 1.60 + turn % 3 / 10, 4), ("B", 1.22 + turn % 8 / 50, 3 + turn % 5))
        ):
            place, food = _place(stage, turn * 2 + step), foods[(turn * 2 + step) % len(foods)]
            supplier = stage.cast.firm()
            for number in range(count):
                _buy(stage, place, food, MONTHS[number], dearer, supplier.company)
            told = {"item": food, "year": YEAR, "note": f"高出{round(dearer * 100) - 100}%,{count}次"}
            stage.planted(RULE, variant, ("school", school(place)), counterpart=("company", supplier.company), **told)
    for turn in range(stage.few):
        _look_alikes(stage, turn)
    _bad_season(stage)


def _look_alikes(stage: Stage, turn: int) -> None:
    foods = list(FOODS)
    for step, (note, food, dearer, count, kilos) in enumerate(
        (
            ("全年只两次", foods[turn % 20], 1.40, 2, 120.0),
            ("高百分之八", foods[(turn + 7) % 20], 1.08, 6, 120.0),
            ("不足五所学校采购的特产", f"霁川野菌{turn:03d}", 3.00, 6, 20.0),
            ("金额极小", "大米", 1.30, 4, 2.0),
        )
    ):
        place, supplier = _place(stage, turn * 4 + step + 11), stage.cast.firm()
        for number in range(count):
            _buy(stage, place, food, MONTHS[number], dearer, supplier.company, kilos)
        stage.look_alike(RULE, ("school", school(place)), note, counterpart=("company", supplier.company), item=food)


def _bad_season(stage: Stage) -> None:
    """One food is dear for everyone in one month."""
    supplier = stage.cast.firm()
    for number in range(min(stage.map.schools, 40)):
        for day in range(3):
            _buy(stage, number, "香椿", 4, 1.8 + number % 5 / 100, supplier.company, 30.0, day)
        if number < 3:
            stage.look_alike(RULE, ("school", school(number)), "全市同涨", counterpart=("company", supplier.company), item="香椿")


def _place(stage: Stage, turn: int) -> int:
    return turn * 5 % stage.map.schools if stage.map.schools % 5 else turn * 7 % stage.map.schools


def _buy(
    stage: Stage, place: int, food: str, month: int, dearer: float, supplier: str, kilos: float = 120.0, day: int = 0
) -> None:
    stage.cast.add(
        "canteen_purchase",
        purchase_id=stage.cast.serial("CGX"),
        school=school(place),
        purchase_date=date(YEAR, month, 8) + timedelta(days=day),
        item=food,
        quantity=f"{kilos:.1f}",
        unit_price=round(FOODS.get(food, 4000) * dearer),
        supplier=supplier,
    )
