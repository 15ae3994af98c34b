"""A recusal is declared by its person, at once; lifting it takes another hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.web.accounts.journeys import events
from tests.web.people import Commission
from xiezhi.web.accounts import queries
from xiezhi.web.accounts.actions import recusals
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


class TestSeveralAtOnce:
    COMPANY = "91990101MA00000A19"
    PEOPLE = "990101199003078498\n990101199003074518"

    def test_people_and_companies_of_one_relation(
        self, commission: Commission, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A company is known under its credit code, and as a party of tenders under the same."""
        numbered: dict[tuple[str, str], str] = {}

        def subject_of(kind: str, value: str, *, actor: str) -> str:
            return numbered.setdefault((kind, value), f"{kind}:{len(numbered) + 1}")

        monkeypatch.setattr(recusals, "subject_of", subject_of)
        given = {"relation": "spouse", "citizen_ids": self.PEOPLE, "credit_codes": f"  {self.COMPANY.lower()}\n\n"}
        assert client_as(OFFICER).post("/me/recusals/new/", given).status_code == 303
        assert commission.viewer(OFFICER).scope.recused == ("citizen_id:1", "citizen_id:2", "credit_code:3", "party_id:4")
        assert (("party_id", f"CN-USCC-{self.COMPANY}")) in numbered
        assert len(events("recusal.declared")) == 3

    @pytest.mark.parametrize(
        "wrong",
        [
            {"citizen_ids": "", "credit_codes": ""},
            {"citizen_ids": "990101199003078498\n12", "credit_codes": ""},
            {"citizen_ids": "", "credit_codes": "91990101MA00000A18"},
        ],
    )
    def test_one_wrong_line_and_nothing_is_declared(
        self, commission: Commission, client_as: ClientAs, wrong: dict[str, str]
    ) -> None:
        assert client_as(OFFICER).post("/me/recusals/new/", {"relation": "spouse", **wrong}).status_code == 422
        assert not Recusal.objects.exists()


def test_without_any_data_it_says_that_it_has_no_effect_and_is_repeated(
    commission: Commission, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, given = client_as(OFFICER), {"relation": "child", "citizen_ids": "990101199003078498"}
    assert client.post("/me/recusals/new/", given).status_code == 303
    page = client.get("/me/").content.decode()
    assert "尚未生效" in page
    assert "请重新申报" in page
    monkeypatch.setattr(recusals, "subject_of", lambda kind, value, actor: f"{kind}:5")
    assert client.post("/me/recusals/new/", given).status_code == 303
    assert "请重新申报" not in client.get("/me/").content.decode()
    assert commission.viewer(OFFICER).scope.recused == ("citizen_id:5",)
    assert Recusal.objects.count() == 1, "the one without effect is replaced"
