"""Village works given to a firm of the village cadre or of kin (VIL-110)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from xiezhi.city.cast import Firm, Player
from xiezhi.city.stage import Stage

RULE = "VIL-110"
SIGNED = date(2025, 6, 10)
ROLES = ("法定代表人", "股东", "参保")


def plant(stage: Stage) -> None:
    """All scenes of VIL-110."""
    for turn in range(stage.many):
        cadre, firm = _cadre(stage), stage.cast.firm()
        ended = (None, date(2025, 3, 1), date(2023, 9, 1))[turn % 3]
        _role(stage, firm, cadre, ROLES[turn % 3], date(2019, 4, 1), ended)
        project = _project(stage, cadre, firm)
        stage.planted(RULE, "A", cadre, counterpart=("company", firm.company), project_no=project, note="本人")
        for variant, role, note in (("B", ROLES[turn % 2], "亲属"), ("D", "参保", "亲属参保")):
            cadre, firm = _cadre(stage), stage.cast.firm()
            _role(stage, firm, _kin(stage, cadre, turn), role, date(2020, 8, 1), None)
            project = _project(stage, cadre, firm)
            stage.planted(RULE, variant, cadre, counterpart=("company", firm.company), project_no=project, note=note)
    for _ in range(stage.few):
        for note, scene in LOOK_ALIKES.items():
            cadre, firm, project = scene(stage)
            stage.look_alike(RULE, cadre, note, counterpart=("company", firm.company), project_no=project)


def _cadre(stage: Stage, start: date = date(2021, 1, 15), end: date | None = None) -> Player:
    player = stage.cast.player()
    post = ("村党支部书记", "村委会主任", "村会计")[player.number % 3]
    stage.cast.add(
        "village_cadre", person=player.person, name=player.name, village=player.region, post=post, valid_from=start, valid_to=end
    )
    return player


def _kin(stage: Stage, cadre: Player, turn: int = 0, degree: int | None = None, end: date | None = None) -> Player:
    kin = stage.cast.player(village=cadre.village)
    relation, usual = (("配偶", 1), ("兄弟姐妹", 2), ("子女", 1))[turn % 3]
    stage.cast.add(
        "kinship",
        person=cadre.person,
        kin=kin.person,
        relation=relation,
        degree=degree or usual,
        valid_from=date(2005, 5, 1),
        valid_to=end,
    )
    return kin


def _role(stage: Stage, firm: Firm, player: Player, role: str, start: date, end: date | None) -> None:
    share = "60" if role == "股东" else None
    stage.cast.add(
        "enterprise_person", company=firm.company, person=player.person, role=role, share=share, valid_from=start, valid_to=end
    )


def _project(stage: Stage, cadre: Player, firm: Firm, *, region: int | None = None, signed: date = SIGNED) -> str:
    number = stage.cast.serial("CJX")
    day = signed + timedelta(days=cadre.number % 20)
    stage.cast.add(
        "village_project",
        project_no=number,
        village=region or cadre.region,
        kind="道路硬化",
        contract_date=day,
        contractor=firm.company,
        amount=28_600_000,
    )
    return number


Scene = tuple[Player, Firm, str]


def _other_village(stage: Stage) -> Scene:
    cadre, firm = _cadre(stage), stage.cast.firm()
    _role(stage, firm, cadre, "股东", date(2019, 4, 1), None)
    elsewhere = int(stage.map.village_code(stage.cast.village_beside(cadre.village)))
    return cadre, firm, _project(stage, cadre, firm, region=elsewhere)


def _out_of_office(stage: Stage) -> Scene:
    cadre, firm = _cadre(stage, end=date(2025, 6, 1)), stage.cast.firm()
    _role(stage, firm, cadre, "法定代表人", date(2019, 4, 1), None)
    return cadre, firm, _project(stage, cadre, firm)


def _before_office(stage: Stage) -> Scene:
    cadre, firm = _cadre(stage, start=date(2025, 8, 1)), stage.cast.firm()
    _role(stage, firm, cadre, "股东", date(2019, 4, 1), None)
    return cadre, firm, _project(stage, cadre, firm)


def _sold_long_ago(stage: Stage) -> Scene:
    cadre, firm = _cadre(stage), stage.cast.firm()
    _role(stage, firm, _kin(stage, cadre), "股东", date(2015, 4, 1), date(2023, 5, 1))
    return cadre, firm, _project(stage, cadre, firm)


def _distant_kin(stage: Stage) -> Scene:
    cadre, firm = _cadre(stage), stage.cast.firm()
    _role(stage, firm, _kin(stage, cadre, 1, degree=3), "股东", date(2019, 4, 1), None)
    return cadre, firm, _project(stage, cadre, firm)


def _divorced(stage: Stage) -> Scene:
    cadre, firm = _cadre(stage), stage.cast.firm()
    _role(stage, firm, _kin(stage, cadre, end=date(2024, 2, 1)), "法定代表人", date(2019, 4, 1), None)
    return cadre, firm, _project(stage, cadre, firm)


def _supervisor_only(stage: Stage) -> Scene:
    cadre, firm = _cadre(stage), stage.cast.firm()
    _role(stage, firm, cadre, "监事", date(2019, 4, 1), None)
    return cadre, firm, _project(stage, cadre, firm)


def _joined_later(stage: Stage) -> Scene:
    cadre, firm = _cadre(stage), stage.cast.firm()
    _role(stage, firm, cadre, "股东", date(2025, 9, 1), None)
    return cadre, firm, _project(stage, cadre, firm)


def _collective(stage: Stage) -> Scene:
    cadre, firm = _cadre(stage), stage.cast.firm(name=None, kind="农村集体经济组织")
    _role(stage, firm, cadre, "法定代表人", date(2021, 2, 1), None)
    return cadre, firm, _project(stage, cadre, firm)


def _namesake(stage: Stage) -> Scene:
    cadre, firm = _cadre(stage), stage.cast.firm()
    _role(
        stage,
        firm,
        stage.cast.player(name=cadre.name, village=cadre.village, male=cadre.male),
        "法定代表人",
        date(2019, 4, 1),
        None,
    )
    return cadre, firm, _project(stage, cadre, firm)


LOOK_ALIKES: dict[str, Callable[[Stage], Scene]] = {
    "他村干部": _other_village,
    "已离任": _out_of_office,
    "尚未任职": _before_office,
    "股权转让已满二十四个月": _sold_long_ago,
    "三代以外亲属": _distant_kin,
    "已离异": _divorced,
    "仅任监事": _supervisor_only,
    "签约后才入股": _joined_later,
    "本村集体经济组织": _collective,
    "同名不同人": _namesake,
}
