"""What people see of jobs: their own whole, the queue without what it is about."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.web.jobs import work
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.jobs import queries
from xiezhi.web.jobs.actions.starting import start
from xiezhi.web.jobs.models import Job

Browser = Callable[[RoleCode], Client]
ANALYST = RoleCode.DATA_ANALYST
SECRET = "关于王某某的导出"


@pytest.fixture
def job(commission: Commission) -> Job:
    viewer = commission.viewer(ANALYST)
    with acting_as(viewer):
        return start(work.slow, by=viewer, title=SECRET, arguments={"seconds": 1})


def over(job: Job, **values: object) -> None:
    with system_scope("test"):
        Job.objects.filter(pk=job.pk).update(finished_at=clock.now(), **values)


def test_own_jobs_and_nobody_elses(job: Job, client_as: Browser) -> None:
    mine, other = client_as(ANALYST), client_as(RoleCode.CITY_LEADER)
    assert SECRET in mine.get("/jobs/").content.decode()
    assert SECRET not in other.get("/jobs/").content.decode()
    for part in ("", "progress/", "cancel/"):
        assert mine.get(f"/jobs/{job.pk}/{part}").status_code == 200
        assert other.get(f"/jobs/{job.pk}/{part}").status_code == 404
    assert other.post(f"/jobs/{job.pk}/cancel/").status_code == 404


def test_a_colleague_of_the_unit_who_may_do_it_may_watch_it(commission: Commission, client_as: Browser) -> None:
    """The live job of a key may be a colleague's: how far it is is shown, what came of it is not. To other units nothing is."""
    asker = commission.viewer(ANALYST)
    with acting_as(asker):
        job = start(work.permitted, by=asker, title="夜间运行")
    with system_scope("test"):
        Job.objects.filter(pk=job.pk).update(user_id=commission.users[RoleCode.AUDITOR].pk)
    over(job, state="failed", failure_zh="内情", failure_en="insides")
    shown = client_as(ANALYST).get(f"/jobs/{job.pk}/progress/").content.decode()
    assert "夜间运行" in shown
    assert "内情" not in shown
    assert client_as(RoleCode.CITY_LEADER).get(f"/jobs/{job.pk}/progress/").status_code == 404
    with system_scope("test"):
        Job.objects.filter(pk=job.pk).update(unit_id=commission.units["cc1"].pk)
    assert client_as(ANALYST).get(f"/jobs/{job.pk}/progress/").status_code == 404


def test_the_part_asks_again_until_it_is_over(job: Job, client_as: Browser) -> None:
    browser, url = client_as(ANALYST), f"/jobs/{job.pk}/progress/"
    assert "every 2s" in browser.get(url).content.decode()
    over(job, state="done", result={"url": "/rules/"})
    finished = browser.get(f"{url}?reload=1")
    assert "every 2s" not in finished.content.decode()
    assert 'href="/rules/"' in finished.content.decode()
    assert finished["HX-Refresh"] == "true"
    over(job, result={"url": "//elsewhere.example/"})
    assert "elsewhere" not in browser.get(url).content.decode()


def test_cancelling_on_screen(job: Job, client_as: Browser) -> None:
    browser = client_as(ANALYST)
    assert browser.post(f"/jobs/{job.pk}/cancel/").status_code == 303
    assert "已取消" in browser.get(f"/jobs/{job.pk}/").content.decode()
    assert browser.post(f"/jobs/{job.pk}/cancel/").status_code == 422


def test_the_queue_tells_nothing_of_the_business(job: Job, client_as: Browser) -> None:
    over(job, state="failed", failure_zh=SECRET, result={"x": SECRET}, reference="AB12CD34")
    for query in ("", "?state=failed", "?kind=test.slow", "?state=nonsense", "?sort=-lease"):
        shown = client_as(RoleCode.SYSTEM_ADMINISTRATOR).get(f"/jobs/queue/{query}").content.decode()
        assert "AB12CD34" in shown, query
        assert SECRET not in shown
        assert "t_data_analyst" in shown
    for role in (ANALYST, RoleCode.AUDITOR, RoleCode.SECURITY_ADMINISTRATOR):
        assert client_as(role).get("/jobs/queue/").status_code == 403


def test_health_and_figures(job: Job, commission: Commission) -> None:
    administrator, leader = commission.viewer(RoleCode.SYSTEM_ADMINISTRATOR), commission.viewer(RoleCode.CITY_LEADER)
    with acting_as(administrator):
        health = queries.health(administrator)
        assert health is not None
        assert (health.waiting, health.doing, health.workers, health.well) == (1, 0, 0, False)
        assert [one.value for one in queries.figures(administrator)] == [1, 0]
    with acting_as(leader):
        assert queries.health(leader) is None
        assert queries.figures(leader) == []


def test_a_failed_job_is_a_thing_to_do(job: Job, commission: Commission) -> None:
    over(job, state="failed", failure_zh="不行", failure_en="no")
    viewer = commission.viewer(ANALYST)
    with acting_as(viewer):
        assert [one.note for one in queries.to_do(viewer)] == ["不行"]
