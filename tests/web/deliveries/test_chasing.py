"""催报: once a day for a dataset, to the people who can do something about it, in the trail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from tests.web.people import Commission
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.actions import posts
from xiezhi.web.accounts.guard import NotPermitted
from xiezhi.web.accounts.models import Post
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.deliveries import queries
from xiezhi.web.deliveries.actions.chasing import chase
from xiezhi.web.deliveries.actions.mirroring import mirror_all
from xiezhi.web.deliveries.models import Chase
from xiezhi.web.notices.models import Notice

Browser = Callable[[RoleCode], Client]
As = Callable[[RoleCode], Viewer]


@pytest.fixture(autouse=True)
def much_later(lake: Path, commission: Commission, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two years on, everything monthly is overdue. The accounts' posts have no end."""
    monkeypatch.setenv("XIEZHI_NOW", "2028-12-20T09:00:00+08:00")
    mirror_all()


def test_the_contact_is_told_once_a_day_and_the_trail_knows(
    commission: Commission, viewer: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting_as(viewer(RoleCode.DATA_ANALYST)) as by:
        made = chase("dibao_member", by=by, words="月底前要用")
        assert made.told == 1
        with pytest.raises(UserError, match="today"):
            chase("dibao_member", by=by)
    with system_scope("test", trail=True):
        notices = list(Notice.objects.all())
        assert [one.user_id for one in notices] == [commission.users[RoleCode.DEPARTMENT_CONTACT].pk]
        assert "月底前要用" in notices[0].title_zh
        assert Chase.objects.count() == 1
        assert AuditEvent.objects.filter(kind="delivery.chased").count() == 1
    monkeypatch.setenv("XIEZHI_NOW", "2028-12-21T09:00:00+08:00")
    with acting_as(viewer(RoleCode.DATA_ANALYST)) as by:
        chase("dibao_member", by=by)
    with system_scope("test"):
        assert Notice.objects.count() == 2


def test_nothing_overdue_is_not_chased(viewer: As, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting_as(viewer(RoleCode.DATA_ANALYST)) as by, pytest.raises(UserError, match="nothing of it is overdue"):
        chase("subsidy_payment", by=by)


def test_a_department_without_a_contact_cannot_be_chased(viewer: As) -> None:
    with acting_as(viewer(RoleCode.DATA_ANALYST)) as by, pytest.raises(UserError, match="no data contact"):
        chase("fiscal_payroll", by=by)
    with system_scope("test"):
        assert Chase.objects.count() == 0


def test_a_contact_whose_post_has_ended_is_told_no_more(commission: Commission, viewer: As) -> None:
    assert queries.contacts_of("civil_affairs") == [commission.users[RoleCode.DEPARTMENT_CONTACT].pk]
    with system_scope("test") as by:
        posts.end(post_id=Post.objects.get(role=RoleCode.DEPARTMENT_CONTACT).pk, by=by, why="test")
    assert queries.contacts_of("civil_affairs") == []


def test_only_who_may_chase_may_chase(viewer: As) -> None:
    with acting_as(viewer(RoleCode.SUPERVISING_OFFICER)) as by, pytest.raises(NotPermitted):
        chase("dibao_member", by=by)


def test_the_button_asks_and_then_says_it_was_done(client_as: Browser) -> None:
    client = client_as(RoleCode.DATA_ANALYST)
    assert "催报" in client.get("/deliveries/calendar/").content.decode()
    assert client.get("/deliveries/calendar/dibao_member/chase/").status_code == 200
    done = client.post("/deliveries/calendar/dibao_member/chase/", {"words": ""})
    assert done.status_code == 204
    assert "chased" in done["HX-Trigger"]
    again = client.post("/deliveries/calendar/dibao_member/chase/", {"words": ""})
    assert again.status_code == 422
    assert "催报过" in again.content.decode()
    assert "今日已催" in client.get("/deliveries/calendar/").content.decode()
    assert client_as(RoleCode.DEPARTMENT_CONTACT).post("/deliveries/calendar/dibao_member/chase/").status_code == 403


def test_words_with_a_citizen_id_are_not_sent(viewer: As) -> None:
    with acting_as(viewer(RoleCode.DATA_ANALYST)) as by, pytest.raises(UserError):
        chase("dibao_member", by=by, words="请核对 99010619491231002X")
