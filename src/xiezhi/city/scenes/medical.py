"""Stays in two hospitals at once (MED-047) and one stay billed as several (MED-049)."""

from __future__ import annotations

from datetime import date, timedelta

from xiezhi.city.cast import Player
from xiezhi.city.stage import Stage

OVERLAP, SPLIT = "MED-047", "MED-049"


def hospital(number: int) -> str:
    """The name of a hospital counted from 0."""
    return f"霁川市第{number + 1}人民医院"


def plant(stage: Stage) -> None:
    """All scenes of both models."""
    _overlaps(stage)
    _overlap_look_alikes(stage)
    _splits(stage)
    _split_look_alikes(stage)


def _stay(
    stage: Stage, player: Player, place: int, admit: date, nights: int, diagnosis: str = "K35.8", kind: str = "住院"
) -> str:
    """One settlement; returns the hospital's name."""
    name = hospital(place % stage.map.hospitals)
    stage.cast.add(
        "med_settlement",
        settle_id=stage.cast.serial("JX"),
        person=player.person,
        hospital=name,
        kind=kind,
        admit=admit,
        discharge=admit + timedelta(days=nights),
        diagnosis=diagnosis,
        total_fee=620_000,
        fund_pay=410_000,
        self_pay=210_000,
    )
    return name


def _day(turn: int) -> date:
    return date(2025, 2, 3) + timedelta(days=turn % 240)


def _overlaps(stage: Stage) -> None:
    for variant, common in (("A", 3), ("B", 1)):
        for turn, player in enumerate(stage.cast.players(stage.many)):
            days = common + turn % 2
            _stay(stage, player, turn, _day(turn), 9)
            later = _stay(stage, player, turn + 1, _day(turn) + timedelta(days=9 - days), 7, "I63.9")
            stage.planted(OVERLAP, variant, player, counterpart=("hospital", later), days=days, note="交叉住院")


def _overlap_look_alikes(stage: Stage) -> None:
    for turn, player in enumerate(stage.cast.players(stage.few)):
        _stay(stage, player, turn, _day(turn), 6)
        _stay(stage, player, turn + 1, _day(turn) + timedelta(days=6), 8, "I63.9")
        stage.look_alike(OVERLAP, player, "当日转院")
    for turn, player in enumerate(stage.cast.players(stage.few)):
        _stay(stage, player, turn, _day(turn), 10, "I63.9")
        _stay(stage, player, turn + 1, _day(turn) + timedelta(days=3), 0, "M54.5", kind="门诊")
        stage.look_alike(OVERLAP, player, "住院期间外院门诊")
    for turn, player in enumerate(stage.cast.players(stage.few, male=False)):
        _stay(stage, player, turn, _day(turn), 5, "O80.0")
        _stay(stage, player, turn + 1, _day(turn) + timedelta(days=1), 6, "P59.9" if turn % 2 else "Z38.0")
        stage.look_alike(OVERLAP, player, "新生儿用母亲证号")
    for turn, player in enumerate(stage.cast.players(stage.few)):
        _stay(stage, player, turn, _day(turn), 8)
        _stay(stage, player, turn + 1, _day(turn) + timedelta(days=4), 0, "H25.9")
        stage.look_alike(OVERLAP, player, "日间手术,零天")
    for turn, player in enumerate(stage.cast.players(stage.few)):
        _stay(stage, player, turn, _day(turn), 8, "S72.0")
        _stay(stage, player, turn, _day(turn) + timedelta(days=2), 8, "I10.0")
        stage.look_alike(OVERLAP, player, "同院两科并行结算")


def _splits(stage: Stage) -> None:
    for variant, stays in (("A", 3), ("B", 2)):
        for turn, player in enumerate(stage.cast.players(stage.many)):
            admit = _day(turn % 200)
            for number in range(stays + (variant == "A" and turn % 2)):
                name = _stay(stage, player, turn, admit, 6, f"J18.{number % 3}")
                admit += timedelta(days=6 + (turn + number) % 16)
            stage.planted(SPLIT, variant, player, counterpart=("hospital", name), diagnosis="J18", note="短期重复入院")


def _split_look_alikes(stage: Stage) -> None:
    quiet = (
        ("间隔十六天以上", 16, "J18.0", "J18.1", 0),
        ("不同诊断", 5, "J18.0", "K80.2", 0),
        ("转往他院", 5, "J18.0", "J18.0", 1),
        ("血液透析", 2, "N18.5", "N18.5", 0),
        ("化疗", 13, "Z51.1", "Z51.1", 0),
        ("精神科按月结算", 0, "F20.0", "F20.0", 0),
    )
    for note, gap, first, second, elsewhere in quiet:
        for turn, player in enumerate(stage.cast.players(stage.few)):
            _stay(stage, player, turn, _day(turn % 200), 7, first)
            _stay(
                stage, player, turn + elsewhere, _day(turn % 200) + timedelta(days=7 + gap + (gap == 16) * (turn % 9)), 7, second
            )
            stage.look_alike(SPLIT, player, note)
