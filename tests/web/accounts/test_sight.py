"""What an office oversees takes two hands, and who sees what is listed, taken out and reviewed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.web.accounts.journeys import events
from tests.web.people import Commission
from tests.web.walls import WALLS, leave
from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts import queries
from xiezhi.web.accounts.actions import sight, units
from xiezhi.web.accounts.models import Oversight, Post, SightReview, User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.deliveries import queries as deliveries
from xiezhi.web.deliveries.models import Delivery

ClientAs = Callable[[RoleCode], Client]
OFFICER, SECURITY, SYSTEM = RoleCode.SUPERVISING_OFFICER, RoleCode.SECURITY_ADMINISTRATOR, RoleCode.SYSTEM_ADMINISTRATOR
AUDITOR = RoleCode.AUDITOR
WHY = {"why": "分工文件 3 号"}


def asked(commission: Commission, client_as: ClientAs, *codes: str) -> Oversight:
    office = commission.units["office1"]
    given = {"overseen": [commission.units[code].pk for code in codes], **WHY}
    assert client_as(SYSTEM).post(f"/units/{office.pk}/overseen/", given).status_code == 303
    return Oversight.objects.get(office=office, granted=None)


def paths(commission: Commission, *codes: str) -> tuple[str, ...]:
    return tuple(sorted(commission.units[code].path for code in codes))


def test_proposed_by_one_and_confirmed_by_another(commission: Commission, client_as: ClientAs) -> None:
    before = commission.viewer(OFFICER).scope.paths
    one = asked(commission, client_as, "c1", "medical")
    assert commission.viewer(OFFICER).scope.paths == before == paths(commission, "c1", "civil")
    security = client_as(SECURITY)
    page = security.get("/accounts/waiting/").content.decode()
    assert WHY["why"] in page
    assert "medical单位" in page
    assert "civil单位" in page, "what is taken away is told too"
    with acting_as(commission.viewer(SECURITY)) as viewer:
        assert any("联系单位" in card.title for card in queries.to_do(viewer))
    assert security.post(f"/accounts/oversights/{one.pk}/confirm/", {"why": "已核对"}).status_code == 303
    assert commission.viewer(OFFICER).scope.paths == paths(commission, "c1", "medical")
    told = events("unit.oversight_asked", "unit.oversight_set")[-2:]
    assert [(event.username, event.why) for event in told] == [
        ("t_system_administrator", WHY["why"]),
        ("t_security_administrator", "已核对"),
    ]
    assert told[1].before == {"overseen": ["c1", "civil"]}
    assert told[1].after == {"overseen": ["c1", "medical"]}


@pytest.mark.parametrize("wall", WALLS)
def test_a_proposal_shows_nobody_anything(
    wall: str, commission: Commission, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held by either wall alone: what lies in a proposed unit is out of sight until another hand confirms."""
    unit = commission.units["medical"]
    with system_scope("test"):
        Delivery.objects.create(
            number=1, file="x.csv", unit_id=unit.pk, unit_path=unit.path, received_at=clock.now(), sha256="0" * 64, size=1,
            fate="clean", delivered=1, accepted=1, repaired=0, set_aside=0, duplicate=0,
        )  # fmt: skip
    one = asked(commission, client_as, "c1", "medical")
    leave(wall, monkeypatch)
    for granted in (False, True):
        if granted:
            with system_scope("test_other") as by:
                units.settle_oversight(oversight_id=one.pk, granted=True, by=by, why="已核对")
        with acting_as(commission.viewer(OFFICER)) as viewer:
            assert deliveries.deliveries(viewer).exists() is granted


def test_refused_it_stays_as_it_was_and_can_be_proposed_again(commission: Commission, client_as: ClientAs) -> None:
    one, security = asked(commission, client_as, "medical"), client_as(SECURITY)
    office = commission.units["office1"]
    again = client_as(SYSTEM).post(f"/units/{office.pk}/overseen/", {"overseen": [], **WHY})
    assert again.status_code == 422, "one at a time"
    assert security.post(f"/accounts/oversights/{one.pk}/refuse/", {"why": "文件不符"}).status_code == 303
    assert commission.viewer(OFFICER).scope.paths == paths(commission, "c1", "civil")
    assert [event.why for event in events("unit.oversight_refused")] == ["文件不符"]
    assert security.post(f"/accounts/oversights/{one.pk}/confirm/", WHY).status_code == 422, "settled once"
    asked(commission, client_as, "finance")


def test_nobody_does_both(commission: Commission, client_as: ClientAs) -> None:
    one = asked(commission, client_as, "medical")
    for role in (SYSTEM, AUDITOR, OFFICER, RoleCode.CITY_LEADER):
        assert client_as(role).post(f"/accounts/oversights/{one.pk}/confirm/", WHY).status_code == 403, role
    for role in (SECURITY, AUDITOR, OFFICER):
        assert client_as(role).post(f"/units/{one.office_id}/overseen/", WHY).status_code == 403, role
    Oversight.objects.filter(pk=one.pk).update(asked_by="t_security_administrator")
    with acting_as(commission.viewer(SECURITY)) as by, pytest.raises(UserError) as refusal:
        units.settle_oversight(oversight_id=one.pk, granted=True, by=by, why="x")
    assert refusal.value.code == "XZ-ACC-16"
    with pytest.raises(IntegrityError, match="oversight_by_two"), transaction.atomic():
        Oversight.objects.filter(pk=one.pk).update(granted=True, settled_at=clock.now(), settled_by="t_security_administrator")


class TestList:
    def test_everything_that_makes_a_sight(self, commission: Commission) -> None:
        rows = {row.post.user.username: row for row in sight.whole_list()}
        assert len(rows) == len(commission.posts)
        officer = rows["t_supervising_officer"]
        assert {unit.code for unit in officer.units} == {"c1", "civil"}
        assert officer.confirmed is not None
        assert officer.confirmed.settled_by == "system:test_granter"
        assert {unit.code for unit in rows["t_county_officer"].units} == {"c1"}
        assert {unit.code for unit in rows["t_department_contact"].units} == {"civil"}
        assert rows["t_auditor"].units == []
        assert rows["t_village_liaison"].clearance == "内部", "the role has less than the account"

    def test_what_is_over_is_not_in_it_and_what_is_to_come_is(self, commission: Commission) -> None:
        today = clock.today()
        Post.objects.filter(pk=commission.posts[OFFICER].pk).update(ends_on=today)
        Post.objects.filter(pk=commission.posts[RoleCode.CITY_LEADER].pk).update(starts_on=today + timedelta(days=3))
        User.objects.filter(username="t_county_officer").update(is_active=False)
        rows = {row.post.user.username: row for row in sight.whole_list()}
        assert "t_supervising_officer" not in rows
        assert rows["t_city_leader"].valid == "尚未开始"
        assert rows["t_county_officer"].valid == "已停用"

    @pytest.mark.parametrize("role", [SECURITY, AUDITOR])
    def test_read_by_the_security_administrator_and_the_auditor(
        self, role: RoleCode, commission: Commission, client_as: ClientAs
    ) -> None:
        page = client_as(role).get("/accounts/sight/?size=100").content.decode()
        assert "t_supervising_officer" in page
        assert "civil单位" in page
        assert "还没有复核过" in page

    @pytest.mark.parametrize("role", [SYSTEM, OFFICER, RoleCode.CITY_LEADER])
    def test_and_by_nobody_else(self, role: RoleCode, commission: Commission, client_as: ClientAs) -> None:
        client = client_as(role)
        assert client.get("/accounts/sight/").status_code == 403
        assert client.post("/accounts/sight/file/", {"format": "csv"}).status_code == 403
        assert client.post("/accounts/sight/reviewed/", WHY).status_code == 403

    def test_as_a_file_that_no_spreadsheet_computes(self, commission: Commission, client_as: ClientAs) -> None:
        User.objects.filter(username="t_county_officer").update(display_name="=1+1")
        client = client_as(AUDITOR)
        made = client.post("/accounts/sight/file/", {"format": "csv"})
        assert made.headers["Content-Disposition"].endswith('.csv"')
        rows = list(csv.reader(io.StringIO(made.content.decode("utf-8-sig"))))
        assert len(rows) == len(commission.posts) + 1
        assert "'=1+1" in {row[0] for row in rows}
        book = client.post("/accounts/sight/file/", {"format": "xlsx"})
        with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
            text = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
        assert "'=1+1" in text
        assert "<f>" not in text
        assert client.post("/accounts/sight/file/", {"format": "exe"}).status_code == 404
        assert [event.details["format"] for event in events("sight.exported")] == ["csv", "xlsx"]

    def test_reviewed_on_a_day_by_somebody(self, commission: Commission, client_as: ClientAs) -> None:
        security = client_as(SECURITY)
        assert security.post("/accounts/sight/reviewed/", {"why": "全部相符"}).status_code == 303
        made = SightReview.objects.get()
        [event] = events("sight.reviewed")
        assert (event.username, event.why) == ("t_security_administrator", "全部相符")
        assert (event.details["posts"], event.details["digest"]) == (made.posts, made.digest)
        page = client_as(AUDITOR).get("/accounts/sight/").content.decode()
        assert "全部相符" in page
        assert "上次复核" in page
        Post.objects.filter(pk=commission.posts[OFFICER].pk).update(lines=["subsidy"])
        assert security.post("/accounts/sight/reviewed/", {"why": "有变动"}).status_code == 303
        assert len(set(SightReview.objects.values_list("digest", flat=True))) == 2, "another list"
