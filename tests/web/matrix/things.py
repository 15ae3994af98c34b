"""What lies about in the world: one of everything on each side of every limit, made of a real lake's alerts and deliveries."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.db.models import Value
from django.db.models.functions import Concat

from tests.web.matrix.world import KIN, Thing, World
from xiezhi.kernel import clock
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.alerts.actions import exporting
from xiezhi.web.alerts.actions.raising import raise_alerts
from xiezhi.web.alerts.models import Alert, Export, History, SavedView
from xiezhi.web.api.actions.tokens import GRANTABLE, issue
from xiezhi.web.deliveries.actions.mirroring import mirror_all
from xiezhi.web.deliveries.models import Chase, Delivery, Upload
from xiezhi.web.jobs.models import Job
from xiezhi.web.matters.models import Matter, Task
from xiezhi.web.notices.models import Notice
from xiezhi.web.reveals.models import RevealRequest

PLACES: tuple[tuple[str, str, str, int, int], ...] = (
    ("base", "v111", "subsidy", 0, 0),
    ("other county", "v211", "subsidy", 0, 0),
    ("other town", "v121", "subsidy", 0, 0),
    ("other village", "v112", "subsidy", 0, 0),
    ("whole city", "city", "subsidy", 0, 0),
    ("civil affairs", "civil", "assistance", 0, 0),
    ("finance", "finance", "procurement", 0, 0),
    ("medical", "medical", "medical", 0, 0),
    ("other line", "v111", "medical", 0, 0),
    ("some rank", "v111", "subsidy", 2, 0),
    ("high rank", "v111", "subsidy", 4, 0),
    ("internal", "v111", "subsidy", 0, 1),
    ("restricted", "v111", "subsidy", 0, 2),
    ("confidential", "v111", "subsidy", 0, 3),
    ("kin", "v111", "subsidy", 0, 0),
    ("kin is the counterpart", "v111", "subsidy", 0, 0),
    ("kin in the evidence", "v111", "subsidy", 0, 0),
    ("in a town's hand", "v211", "subsidy", 0, 0),
)
"""case, unit, line, rank, label"""
IN_HAND = {"in a town's hand": "tc11"}
"""case → the unit that has it in hand, wherever it lies"""
OF_KIN = ("kin", "kin is the counterpart", "kin in the evidence")
NOWHERE = "9999."
WITH_BIRTHDAYS = "SUB-009"
"""A rule whose evidence has days of birth beside masked ids: what shows there is put to the test in test_canaries."""
ON_ONE_SUBJECT = ("base", "other county", "other line", "high rank", "restricted", "confidential")


def furnish(world: World) -> None:
    """Everything there is to see, in `world.things`."""
    with system_scope("test_furnisher"):
        raise_alerts()
        mirror_all()
        world.things["alert"] = _alerts(world)
        world.things["delivery"] = _deliveries(world)
        world.things["upload"] = _uploads(world)
        world.things["reveal"] = _reveals(world)
        world.things["job"], world.things["trail job"] = _jobs(world)
        for kind, made in (("notice", _notice), ("export", _export), ("view", _view)):
            world.things[kind] = [made(world, owner) for owner in (RoleCode.COUNTY_OFFICER, RoleCode.CONDUCT_OFFICER)]
        world.things["account"] = [
            Thing("account", role.value, f"t_{role}", {"user_id": user.pk}) for role, user in world.commission.users.items()
        ]
    _tokens(world)


def _where(world: World, unit: str) -> dict[str, Any]:
    found = world.commission.units[unit]
    return {"unit_id": found.pk, "unit_path": found.path}


def _alerts(world: World) -> list[Thing]:
    """Raised alerts of different rules, moved to where they are needed; the others, which nobody can delete, out of sight."""
    others = Alert.objects.exclude(rule=WITH_BIRTHDAYS).order_by("rule", "id").distinct("rule")
    chosen = [Alert.objects.filter(rule=WITH_BIRTHDAYS).order_by("id")[0], *others[: len(PLACES) - 1]]
    assert len(chosen) == len(PLACES), "the demonstration has fewer rules than the world has places"
    Alert.objects.exclude(pk__in=[one.pk for one in chosen]).update(unit_path=NOWHERE)
    shared = chosen[0].subject_key
    made = []
    for number, (one, (case, unit, line, cadre, label)) in enumerate(zip(chosen, PLACES, strict=True)):
        mark = f"m4rk-A{number:02}-k"
        key = KIN if case == "kin" else shared if case in ON_ONE_SUBJECT else one.subject_key
        # Each of the two columns must hide by itself: who is only the subject is no party here, and the other way round.
        parties = sorted({*one.parties, *([KIN] if case in OF_KIN and case != "kin" else [])})
        axes = {
            "unit_path": world.commission.units[unit].path,
            "line": line,
            "cadre_level": cadre,
            "label": label,
            "parties": parties,
        }
        changed = {
            **_where(world, unit),
            **axes,
            "subject_key": key,
            "counterpart_key": KIN if case == "kin is the counterpart" else one.counterpart_key,
            "unit_label": mark,
            "outcome": "true",
            "level": "red",
        }
        hand = [world.commission.units[IN_HAND[case]].pk] if case in IN_HAND else []
        Alert.objects.filter(pk=one.pk).update(**changed, level_rank=3, title_zh=mark, title_en=mark, reason=mark, holders=hand)
        Matter.objects.filter(pk=one.matter_id).update(**axes, subject_key=key, title_zh=mark, title_en=mark, holders=hand)
        Task.objects.filter(matter=one.matter_id).update(**axes, subject_key=key, holders=hand)
        History.objects.create(
            alert=one, at=clock.now(), what="snooze", by_username="x", by_name="x", by_unit="x", why=mark, before={}, after={},
            subject_key=key, **axes,
        )  # fmt: skip
        one.refresh_from_db()
        given = {"number": one.number}
        made.append(
            Thing("alert", case, mark, given, unit, line, cadre, label, kin=case in OF_KIN, hand=IN_HAND.get(case, ""), row=one)
        )
    return made


def _deliveries(world: World) -> list[Thing]:
    """Some of the lake's, those with the most rows set aside; the others out of sight."""
    rows = list(Delivery.objects.exclude(fate="refused").order_by("-set_aside", "number")[:7])
    Delivery.objects.exclude(pk__in=[row.pk for row in rows]).update(unit_path=NOWHERE)
    made = []
    for row, unit in zip(rows, ("civil", "v111", "v211", "c1", "finance", "medical", "city"), strict=True):
        mark = f"m4rk-D{row.number:02}-k"
        Delivery.objects.filter(pk=row.pk).update(file=Concat(Value(mark), "file"), **_where(world, unit))
        made.append(Thing("delivery", f"{row.number} at {unit}", mark, {"number": row.number}, unit, row=row))
    return made


def _uploads(world: World) -> list[Thing]:
    made = []
    for unit in ("civil", "finance", "c1"):
        mark, batch = f"m4rk-U-{unit}-k", uuid.uuid4()
        row = Upload.objects.create(
            batch=batch, name=mark, size=1, sha256="0" * 64, state="waiting", sent_at=clock.now(), sent_by="x", sender="x",
            **_where(world, unit),
        )  # fmt: skip
        Chase.objects.create(
            dataset=f"x-{unit}", day=clock.today(), at=clock.now(), by_name="x", told=1, words=mark, **_where(world, unit)
        )
        made.append(Thing("upload", unit, mark, {"batch": batch}, unit, row=row))
    return made


def _reveals(world: World) -> list[Thing]:
    """case: who asked, where, how delicate, and how far it has come."""
    made = []
    users = world.commission.users
    for case, asker, place, state in (
        ("own open", RoleCode.CONDUCT_OFFICER, "base", "approved"),
        ("own delicate", RoleCode.CONDUCT_OFFICER, "restricted", "asked"),
        ("county", RoleCode.COUNTY_OFFICER, "base", "approved"),
        ("head delicate", RoleCode.SUPERVISING_HEAD, "restricted", "asked"),
        ("elsewhere", RoleCode.CONDUCT_OFFICER, "other county", "approved"),
        ("secret", RoleCode.CITY_LEADER, "confidential", "asked"),
        ("beside kin", RoleCode.CITY_LEADER, "kin in the evidence", "approved"),
    ):
        at = world.thing("alert", place)
        mark = f"m4rk-R-{case}-k"
        kind, _, number = at.row.subject_key.partition(":")
        one = RevealRequest.objects.create(
            kind=kind, number=int(number), subject_key=at.row.subject_key, masked="*", purpose=mark, case_number=mark,
            alert_number=at.row.number, unit_path=at.row.unit_path, line=at.line, cadre_level=at.cadre, label=at.label,
            state=state, asked_at=clock.now(), asked_by=users[asker], asked_name="x", asked_unit="x",
            lapses_at=clock.now() + timedelta(hours=9), parties=at.row.parties,
        )  # fmt: skip
        where = {"unit": at.unit, "line": at.line, "cadre": at.cadre, "label": at.label, "kin": at.kin}
        made.append(Thing("reveal", case, mark, {"request_id": one.pk}, asker=asker.value, row=one, **where))
    return made


def _jobs(world: World) -> tuple[list[Thing], list[Thing]]:
    kept: dict[str, list[Thing]] = {"job": [], "trail job": []}
    for owner, kind, what in (
        (RoleCode.COUNTY_OFFICER, "trail.verify", "job"),
        (RoleCode.MACHINE, "rules.none", "job"),
        (RoleCode.AUDITOR, "trail.export", "trail job"),
        (RoleCode.CONDUCT_OFFICER, "rules.none", "trail job"),
    ):
        mark = f"m4rk-J-{owner}-k"
        user = world.commission.users[owner]
        row = Job.objects.create(
            kind=kind, title=mark, state="done", user_id=user.pk, by_username=user.username, asked_at=clock.now(),
            started_at=clock.now(), finished_at=clock.now(), result={"url": "/", "said": mark},
        )  # fmt: skip
        watch = "trail.read" if kind.startswith("trail.") and what == "job" else ""
        kept[what].append(Thing(what, owner.value, mark, {"job_id": row.pk}, owner=owner.value, watch=watch, row=row))
    return kept["job"], kept["trail job"]


def _notice(world: World, owner: RoleCode) -> Thing:
    mark, user = f"m4rk-N-{owner}-k", world.commission.users[owner]
    row = Notice.objects.create(user=user, title_zh=mark, title_en=mark, url="/", made_at=clock.now(), by_username="x")
    return Thing("notice", owner.value, mark, {"notice_id": row.pk}, owner=owner.value, row=row)


def _export(world: World, owner: RoleCode) -> Thing:
    mark = f"m4rk-E-{owner}-k"
    row = exporting.ask(query="", format="csv", why=mark, by=world.people[owner.value].viewer)
    Export.objects.filter(pk=row.pk).update(name=f"{mark}.csv", made_at=clock.now())
    path = world.home / "exports" / f"alerts-{row.pk}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(mark, encoding="utf-8")
    return Thing("export", owner.value, mark, {"export_id": row.pk}, owner=owner.value, row=row)


def _view(world: World, owner: RoleCode) -> Thing:
    mark, user = f"m4rk-V-{owner}-k", world.commission.users[owner]
    row = SavedView.objects.create(user=user, name=mark, query="level=red")
    return Thing("view", owner.value, mark, {"view_id": row.pk}, owner=owner.value, row=row)


def _tokens(world: World) -> None:
    """A token with everything a machine may have, and for each permission one without it."""
    by = world.people[RoleCode.SECURITY_ADMINISTRATOR].viewer
    month = (clock.now() + timedelta(days=30)).date()
    machine = world.commission.users[RoleCode.MACHINE].pk
    for left_out in ("", *GRANTABLE):
        scopes = [one for one in GRANTABLE if one != left_out]
        with acting_as(by):
            _token, secret = issue(user_id=machine, name=left_out or "all", scopes=scopes, expires_on=month, by=by)
        world.secrets[str(left_out)] = secret
