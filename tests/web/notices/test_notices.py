"""Telling, the bell, reading: each person their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.kit.cards import Urgency
from xiezhi.web.notices import queries
from xiezhi.web.notices.actions.reading import KEPT, expire
from xiezhi.web.notices.actions.telling import tell
from xiezhi.web.notices.models import Notice

OFFICER, ANALYST = RoleCode.SUPERVISING_OFFICER, RoleCode.DATA_ANALYST


def told(commission: Commission, *roles: RoleCode, key: str = "", url: str = "/deliveries/", by: RoleCode = ANALYST) -> None:
    teller = commission.viewer(by)
    with acting_as(teller):
        tell(
            to=[commission.users[role].pk for role in roles],
            title_zh="有新的交付",
            title_en="A new delivery",
            url=url,
            by=teller,
            urgency=Urgency.LAPSING,
            key=key,
        )


def seen(commission: Commission, role: RoleCode) -> list[Notice]:
    with acting_as(commission.viewer(role)):
        return list(Notice.objects.all())


def test_each_sees_their_own_and_nobody_elses(commission: Commission) -> None:
    told(commission, OFFICER, RoleCode.COUNTY_OFFICER)
    assert len(seen(commission, OFFICER)) == len(seen(commission, RoleCode.COUNTY_OFFICER)) == 1
    assert seen(commission, ANALYST) == [], "whoever told them sees nothing"
    assert seen(commission, RoleCode.SYSTEM_ADMINISTRATOR) == []


def test_of_a_key_each_is_told_once(commission: Commission) -> None:
    for _ in range(3):
        told(commission, OFFICER, key="late:2026-11")
    told(commission, OFFICER, RoleCode.COUNTY_OFFICER, key="late:2026-11")
    assert len(seen(commission, OFFICER)) == len(seen(commission, RoleCode.COUNTY_OFFICER)) == 1
    told(commission, OFFICER)
    told(commission, OFFICER)
    assert len(seen(commission, OFFICER)) == 3, "without a key each is a new one"


def test_no_identity_and_no_way_off_the_site(commission: Commission) -> None:
    by = commission.viewer(ANALYST)
    to = [commission.users[OFFICER].pk]
    with acting_as(by), pytest.raises(UserError):
        tell(to=to, title_zh="涉及 99010619491231002X", title_en="x", url="/", by=by)
    with pytest.raises(Exception, match="notice_stays_on_the_site"), acting_as(by):
        tell(to=to, title_zh="看", title_en="look", url="https://elsewhere.example/", by=by)


def test_reading(commission: Commission, client_as: Callable[[RoleCode], Client]) -> None:
    told(commission, OFFICER, url="/notices/")
    told(commission, OFFICER)
    browser, (first, _) = client_as(OFFICER), seen(commission, OFFICER)
    assert ">2<" in browser.get("/notices/bell/").content.decode()
    assert "有新的交付" in browser.get("/notices/?show=unread").content.decode()
    opened = browser.get(f"/notices/{first.pk}/")
    assert (opened.status_code, opened["Location"]) == (302, first.url)
    assert ">1<" in browser.get("/notices/bell/").content.decode()
    assert client_as(RoleCode.COUNTY_OFFICER).get(f"/notices/{first.pk}/").status_code == 404
    assert browser.post("/notices/read/").status_code == 303
    assert browser.get("/notices/bell/").content.decode().strip() == ""
    with system_scope("test"):
        assert AuditEvent.objects.filter(kind="notice.read").count() == 2


def test_the_workbench(commission: Commission) -> None:
    told(commission, OFFICER)
    viewer = commission.viewer(OFFICER)
    with (
        acting_as(viewer),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        todo, figures = queries.to_do(viewer), queries.figures(viewer)
    assert [one.urgency for one in todo] == [Urgency.LAPSING]
    assert [one.value for one in figures] == [1]
    assert len([one for one in asked if "notices_notice" in one["sql"]]) == 2


def test_what_was_read_long_ago_goes(commission: Commission) -> None:
    told(commission, OFFICER)
    told(commission, OFFICER)
    now = clock.now()
    with system_scope("retention") as by:
        old, unread = Notice.objects.all()
        Notice.objects.filter(pk=old.pk).update(read_at=now - KEPT - timedelta(days=1))
        Notice.objects.filter(pk=unread.pk).update(made_at=now - 3 * KEPT)
        assert expire(by=by) == 1
    assert [one.pk for one in seen(commission, OFFICER)] == [unread.pk]
