"""A recusal is declared by its person, at once; lifting it takes another hand."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from tests.web.accounts.journeys import events
from tests.web.people import Commission
from xiezhi.web.accounts import queries
from xiezhi.web.accounts.actions.recusals import declare_subject
from xiezhi.web.accounts.models import Recusal
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope

ClientAs = Callable[[RoleCode], Client]
OFFICER, SECURITY, SYSTEM = RoleCode.COUNTY_OFFICER, RoleCode.SECURITY_ADMINISTRATOR, RoleCode.SYSTEM_ADMINISTRATOR
WHY = {"why": "已离婚，有判决书"}


def declared(commission: Commission, role: RoleCode = OFFICER) -> Recusal:
    with system_scope("test") as by:
        return declare_subject(user=commission.users[role], subject_key="citizen_id:7", relation="spouse", by=by)


def test_asked_by_its_person_and_lifted_by_the_security_administrator(commission: Commission, client_as: ClientAs) -> None:
    recusal, officer, security = declared(commission), client_as(OFFICER), client_as(SECURITY)
    assert officer.post(f"/me/recusals/{recusal.pk}/lift/", WHY).status_code == 303
    assert commission.viewer(OFFICER).scope.recused == ("citizen_id:7",), "nothing changes until it is confirmed"
    assert "已申请解除" in officer.get("/me/").content.decode()
    assert officer.post(f"/me/recusals/{recusal.pk}/lift/", WHY).status_code == 422
    page = security.get("/accounts/waiting/").content.decode()
    assert WHY["why"] in page
    assert "citizen_id" not in page, "whom it is about is not told"
    with acting_as(commission.viewer(SECURITY)) as viewer:
        assert any("回避" in one.title for one in queries.to_do(viewer))
    assert security.post(f"/accounts/recusals/{recusal.pk}/lift/", {"why": "核对了判决书"}).status_code == 303
    assert commission.viewer(OFFICER).scope.recused == ()
    told = events("recusal.lift_asked", "recusal.lifted")
    assert [(event.username, event.why) for event in told] == [
        ("t_county_officer", WHY["why"]),
        ("t_security_administrator", "核对了判决书"),
    ]


def test_nobody_lifts_alone(commission: Commission, client_as: ClientAs) -> None:
    recusal, officer = declared(commission), client_as(OFFICER)
    assert client_as(SECURITY).post(f"/accounts/recusals/{recusal.pk}/lift/", WHY).status_code == 404, "unasked"
    assert officer.post(f"/me/recusals/{recusal.pk}/lift/", WHY).status_code == 303
    for role in (OFFICER, SYSTEM, RoleCode.AUDITOR, RoleCode.CITY_LEADER):
        assert client_as(role).post(f"/accounts/recusals/{recusal.pk}/lift/", WHY).status_code == 403, role
    assert commission.viewer(OFFICER).scope.recused == ("citizen_id:7",)


def test_not_even_the_security_administrator_their_own(commission: Commission, client_as: ClientAs) -> None:
    recusal, security = declared(commission, SECURITY), client_as(SECURITY)
    assert security.post(f"/me/recusals/{recusal.pk}/lift/", WHY).status_code == 303
    assert security.post(f"/accounts/recusals/{recusal.pk}/lift/", WHY).status_code == 422
    assert Recusal.objects.filter(pk=recusal.pk).exists()


def test_another_persons_is_not_there(commission: Commission, client_as: ClientAs) -> None:
    recusal = declared(commission)
    assert client_as(RoleCode.TOWN_OFFICER).get(f"/me/recusals/{recusal.pk}/lift/").status_code == 404
    assert client_as(RoleCode.TOWN_OFFICER).post(f"/me/recusals/{recusal.pk}/lift/", WHY).status_code == 404


def test_refused_it_stands_and_can_be_asked_again(commission: Commission, client_as: ClientAs) -> None:
    recusal, officer, security = declared(commission), client_as(OFFICER), client_as(SECURITY)
    officer.post(f"/me/recusals/{recusal.pk}/lift/", WHY)
    assert security.post(f"/accounts/recusals/{recusal.pk}/keep/", {"why": "关系仍在"}).status_code == 303
    assert commission.viewer(OFFICER).scope.recused == ("citizen_id:7",)
    assert [event.why for event in events("recusal.lift_refused")] == ["关系仍在"]
    assert officer.post(f"/me/recusals/{recusal.pk}/lift/", WHY).status_code == 303
