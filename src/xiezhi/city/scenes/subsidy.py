"""Subsidies: paid after death (SUB-001), paid twice (SUB-002), in two villages (SUB-003), and due but never paid (SUB-009)."""

from __future__ import annotations

from datetime import date, timedelta

from xiezhi.city.cast import Player
from xiezhi.city.stage import Stage, after, month

STANDARD = {"RELIEF": 120.0, "DISABLED": 100.0, "NURSING": 150.0, "STUDENT": 300.0, "HOUSING": 600.0}
"""Monthly standards in yuan of the items that scenes use; none is universal."""

UNIVERSAL = "GRAIN"
NAMESAKE = "同名的另一人死亡"
SOURCES = ("火化", "医学证明", "户籍注销", "法院")


def plant(stage: Stage) -> None:
    """All scenes of the subsidy models."""
    _after_death(stage)
    _after_death_look_alikes(stage)
    _twice(stage)
    _twice_look_alikes(stage)
    _two_villages(stage)
    _two_villages_look_alikes(stage)
    _never_paid(stage)
    _never_paid_look_alikes(stage)


def _die(stage: Stage, player: Player, day: date, source: str = "火化") -> None:
    stage.cast.add("death_registry", person=player.person, name=player.name, death_date=day, source=source)


def _after_death(stage: Stage) -> None:
    for turn, player in enumerate(stage.cast.players(stage.many, status="死亡", status_date=date(2025, 3, 9))):
        _die(stage, player, date(2025, 3, 3 + turn % 20), SOURCES[turn % 4])
        if turn % 2:
            _die(stage, player, date(2025, 5, 20), SOURCES[(turn + 1) % 4])
        for number in (*range(1, 4), *range(6, 6 + 2 + turn % 4)):
            stage.pay(player, "RELIEF", month(number), 120)
        stage.planted("SUB-001", "A", player, item="RELIEF", note="两个月以上")
    for turn, player in enumerate(stage.cast.players(stage.many)):
        _die(stage, player, date(2025, 6, 2 + turn % 25), SOURCES[turn % 4])
        for number in (*range(1, 7), 8):
            stage.pay(player, "DISABLED", month(number), 100)
        stage.planted("SUB-001", "B", player, item="DISABLED", month=month(8), note="一个月")


def _after_death_look_alikes(stage: Stage) -> None:
    """Note, day of death (of a namesake if so said), item, months paid for, and when they were paid if not in due course."""
    whole_year = range(1, 13)
    quiet: tuple[tuple[str, date, str, range, date | None], ...] = (
        ("死亡当月及宽限月照发", date(2025, 7, 30), "RELIEF", range(1, 9), None),
        ("补发生前月份", date(2025, 5, 11), "RELIEF", range(3, 6), date(2025, 9, 16)),
        ("死亡在发放期之后", date(2026, 1, 5), "RELIEF", whole_year, None),
        (NAMESAKE, date(2025, 2, 2), "RELIEF", whole_year, None),
        ("依法付给遗属", date(2025, 2, 18), "SURVIVOR", range(3, 6), None),
    )
    for note, died, item, months, paid in quiet:
        for player in stage.cast.players(stage.few):
            _die(stage, _namesake(stage, player) if note == NAMESAKE else player, died)
            for number in months:
                stage.pay(player, item, month(number), 120, paid=paid)
            stage.look_alike("SUB-001", player, note, item=item)


def _namesake(stage: Stage, player: Player) -> Player:
    """Another person of the same name and village, born a day later."""
    return stage.cast.player(name=player.name, birth=player.birth + timedelta(days=1), male=player.male, village=player.village)


def _twice(stage: Stage) -> None:
    for turn, player in enumerate(stage.cast.players(stage.many)):
        doubled = range(2, 4 + turn % 3)
        for number in range(1, 13):
            for _ in range(2 if number in doubled else 1):
                stage.pay(player, "NURSING", month(number), 150)
        stage.planted("SUB-002", "A", player, item="NURSING", month=month(2), note="数月重复")
    for player in stage.cast.players(stage.many):
        for number in (3, 4, 4, 5):
            stage.pay(player, "STUDENT", month(number), 300)
        stage.planted("SUB-002", "B", player, item="STUDENT", month=month(4), note="一个月重复")


def _twice_look_alikes(stage: Stage) -> None:
    may = month(5)
    quiet: tuple[tuple[str, tuple[tuple[str, date, float], ...]], ...] = (
        ("同日补发两个月", (("NURSING", may, 150), ("NURSING", month(6), 150))),
        ("一个月分两次发,合计不超标准", (("NURSING", may, 100), ("NURSING", may, 50))),
        ("多发后已冲回", (("NURSING", may, 150), ("NURSING", may, 150), ("NURSING", may, -150))),
        ("普惠项目两块地", ((UNIVERSAL, may, 50), (UNIVERSAL, may, 50))),
        ("同月两个不同项目", (("NURSING", may, 150), ("DISABLED", may, 100))),
    )
    for note, payments in quiet:
        for player in stage.cast.players(stage.few):
            for item, paid_for, yuan in payments:
                stage.pay(player, item, paid_for, yuan, paid=date(2025, 7, 15))
            stage.look_alike("SUB-002", player, note, item=payments[0][0])


def _two_villages(stage: Stage) -> None:
    """Half the standard from each village, so that the standard itself is kept and only SUB-003 fires."""
    for turn, player in enumerate(stage.cast.players(stage.many)):
        other = stage.cast.village_beside(player.village)
        for number in range(4, 6 + turn % 3):
            for village in (player.village, other):
                stage.pay(player, "HOUSING", month(number), 300, village=village)
        stage.planted("SUB-003", "A", player, item="HOUSING", note="两村同时领取")
    for player in stage.cast.players(stage.many):
        closed = stage.cast.closed_village(player.village)
        for number in (4, 5):
            stage.pay(player, "HOUSING", month(number), 300)
            stage.pay(player, "HOUSING", month(number), 300, region=closed)
        stage.planted("SUB-003", "B", player, item="HOUSING", note="已撤并的村仍在发")


def _two_villages_look_alikes(stage: Stage) -> None:
    """Payments as (item, month, yuan, at the other village, paid)."""
    may, late = month(5), date(2025, 6, 16)
    quiet: tuple[tuple[str, tuple[tuple[str, date, float, bool, date | None], ...]], ...] = (
        ("年中迁村", tuple(("HOUSING", month(number), 600, number > 6, None) for number in range(1, 13))),
        ("两村不同项目", (("HOUSING", may, 600, False, None), ("STUDENT", may, 300, True, None))),
        (
            "错发他村已冲回",
            (("HOUSING", may, 600, True, None), ("HOUSING", may, -600, True, None), ("HOUSING", may, 600, False, None)),
        ),
        ("普惠项目两村有地", ((UNIVERSAL, may, 50, False, None), (UNIVERSAL, may, 50, True, None))),
        (
            "新村补发旧村未发的月份",
            (
                *(("HOUSING", month(number), 600, False, None) for number in (1, 2, 4)),
                *(("HOUSING", month(number), 600, True, late) for number in (3, 5)),
            ),
        ),
    )
    for note, payments in quiet:
        for player in stage.cast.players(stage.few):
            other = stage.cast.village_beside(player.village)
            for item, paid_for, yuan, elsewhere, paid in payments:
                stage.pay(player, item, paid_for, yuan, paid=paid, village=other if elsewhere else None)
            stage.look_alike("SUB-003", player, note, item=payments[0][0])


def _never_paid(stage: Stage) -> None:
    for turn in range(stage.many):
        player = stage.cast.player(birth=date(1935 + turn % 10, 1 + turn % 12, 3 + turn % 25))
        stage.planted("SUB-009", "A", player, note="从未领取")
    for turn in range(stage.many):
        player = stage.cast.player(birth=date(1934 + turn % 10, 1 + turn % 12, 3 + turn % 25))
        for number in range(1, 8 + turn % 3):
            stage.pay(player, "ELD80", month(number), 100)
        stage.planted("SUB-009", "B", player, note="领过后中断")


def _never_paid_look_alikes(stage: Stage) -> None:
    rule, old = "SUB-009", date(1938, 4, 8)
    for turn in range(stage.few):
        player = stage.cast.player(birth=after(date(1945, 12, 1), -1 - turn % 2) + timedelta(days=turn % 25))
        stage.look_alike(rule, player, "刚满八十一两个月")
        stage.look_alike(rule, stage.cast.player(birth=date(1946, 6, 1 + turn % 28)), "七十九岁")
        for status in ("死亡", "迁出"):
            gone = stage.cast.player(birth=old + timedelta(days=turn), status=status, status_date=date(2025, 3, 4))
            stage.look_alike(rule, gone, f"户籍状态{status}")
        dead = stage.cast.player(birth=old + timedelta(days=turn))
        _die(stage, dead, date(2024, 11, 5), "医学证明")
        stage.look_alike(rule, dead, "户籍未注销但已死亡")
    for turn in range(stage.few):
        player = stage.cast.player(birth=old + timedelta(days=40 + turn))
        for number in (10, 11, 12):
            stage.pay(player, "ELD80", month(number), 100, paid=date(2026, 1, 20))
        stage.look_alike(rule, player, "近三个月一次补发", item="ELD80")
        older = stage.cast.player(birth=date(1932, 2, 4 + turn % 24))
        for number in range(1, 13):
            stage.pay(older, "ELD90", month(number), 200)
        stage.look_alike(rule, older, "领取更高一档", item="ELD90")
