"""Minimum living allowance drawn while on the public payroll (SOC-013)."""

from __future__ import annotations

from datetime import date

from xiezhi.city.cast import Player
from xiezhi.city.stage import Stage, month

RULE = "SOC-013"


def plant(stage: Stage) -> None:
    """All scenes of SOC-013."""
    for turn, player in enumerate(stage.cast.players(stage.many)):
        _case(stage, player, date(2024, 3, 1), None)
        unit = _salary(stage, player, 2, 4 + turn % 4, "在编" if turn % 3 else "退休")
        if not turn % 3:
            _salary(stage, player, 9 + turn % 2, 12, "在编", unit)
        stage.planted(RULE, "A", player, counterpart=("company", unit), note="在编")
    for turn, player in enumerate(stage.cast.players(stage.many)):
        _case(stage, player, date(2023, 9, 1), date(2025, 11, 1))
        unit = _salary(stage, player, 3, 5 + turn % 6, "退休")
        stage.planted(RULE, "B", player, counterpart=("company", unit), note="退休")
    _look_alikes(stage)


def _look_alikes(stage: Stage) -> None:
    for player in stage.cast.players(stage.few):
        _case(stage, player, date(2024, 3, 1), None)
        _salary(stage, player, 1, 12, "公益性岗位")
        stage.look_alike(RULE, player, "公益性岗位")
    for player in stage.cast.players(stage.few):
        _case(stage, player, date(2024, 3, 1), month(6))
        _salary(stage, player, 6, 12, "在编")
        stage.look_alike(RULE, player, "入职当月已退出低保")
    for player in stage.cast.players(stage.few):
        _case(stage, player, date(2024, 3, 1), month(7))
        _salary(stage, player, 6, 12, "在编")
        stage.look_alike(RULE, player, "仅重叠一个月")
    for player in stage.cast.players(stage.few):
        _salary(stage, player, 1, 4, "在编")
        _case(stage, player, month(5), None)
        stage.look_alike(RULE, player, "停薪后才享受低保")
    for player in stage.cast.players(stage.few):
        relative = stage.cast.player(village=player.village)
        _case(stage, player, date(2024, 3, 1), None)
        _salary(stage, relative, 1, 12, "在编")
        stage.look_alike(RULE, relative, "家人在编但不在保障名单")


def _case(stage: Stage, player: Player, start: date, end: date | None) -> None:
    stage.cast.add(
        "dibao_member",
        case_no=stage.cast.serial("DBX"),
        person=player.person,
        name=player.name,
        relation="户主",
        start_month=start,
        end_month=end,
        case_kind="农村" if player.number % 2 else "城市",
        village=player.region,
        agency="民政服务站",
    )


def _salary(stage: Stage, player: Player, first: int, last: int, kind: str, unit: str | None = None) -> str:
    """Monthly rows from month `first` to `last`; returns the unit's credit code."""
    unit = unit or stage.cast.organ()
    for number in range(first, last + 1):
        stage.cast.add(
            "fiscal_payroll", person=player.person, name=player.name, unit=unit, month=month(number), amount=480_000, kind=kind
        )
    return unit
