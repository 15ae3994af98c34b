"""What becomes of a job: done, failed with words, cancelled, tried again; and as whom it runs."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from tests.web.audit.site import TrailSite
from tests.web.jobs import work
from tests.web.jobs.test_leases import FAST, read, started
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.web.accounts.guard import NotPermitted
from xiezhi.web.accounts.models import Post, User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.jobs.actions.cancelling import cancel
from xiezhi.web.jobs.actions.starting import start
from xiezhi.web.jobs.doing import do
from xiezhi.web.jobs.models import Job


def done(job: Job) -> Job:
    do(job.pk, owner="test", pace=FAST)
    return read(job)


def ends(site: TrailSite) -> list[str]:
    return [kind for (kind,) in site.rows("SELECT kind FROM audit_event WHERE kind ^@ 'job.' ORDER BY id")]


def test_a_job_runs_as_whoever_asked(people: Commission, site: TrailSite) -> None:
    over = done(started(people, work.permitted))
    assert (over.state, over.result, over.share) == ("done", {"unit": "commission单位"}, 100)
    assert ends(site) == ["job.started", "job.finished"]
    assert site.rows("SELECT DISTINCT username FROM audit_event WHERE kind ^@ 'job.'") == [("t_data_analyst",)]


def test_a_system_job_runs_in_its_named_scope(people: Commission) -> None:
    with system_scope("nightly") as by:
        job = start(work.permitted, by=by, title="夜间")
    over = done(job)
    assert (over.state, over.by_username, over.system) == ("done", "system:nightly", "nightly")


def test_who_may_not_ask_is_refused(people: Commission) -> None:
    viewer = people.viewer(RoleCode.CITY_LEADER)
    with acting_as(viewer), pytest.raises(NotPermitted):
        start(work.permitted, by=viewer, title="无权")


@pytest.mark.parametrize(("taken", "said"), [("post", "岗位"), ("account", "停用"), ("expired", "停用"), ("role", "无权")])
def test_a_right_taken_away_meanwhile_fails_the_job_in_words(people: Commission, taken: str, said: str) -> None:
    job = started(people, work.permitted)
    user, post, today = people.users[RoleCode.DATA_ANALYST], people.posts[RoleCode.DATA_ANALYST], clock.today()
    if taken == "post":
        Post.objects.filter(pk=post.pk).update(ends_on=today)
    elif taken == "role":
        Post.objects.filter(pk=post.pk).update(role=RoleCode.CITY_LEADER)
    else:
        User.objects.filter(pk=user.pk).update(**({"is_active": False} if taken == "account" else {"expires_on": today}))
    over = done(job)
    assert over.state == "failed"
    assert said in over.failure_zh
    assert over.failure_en


def test_a_refusal_says_what_and_what_to_do(people: Commission, site: TrailSite) -> None:
    over = done(started(people, work.refused))
    assert over.failure_zh == "XZ-TEST-01: 不行 → 换一个"
    assert over.failure_en == "XZ-TEST-01: no way → take another"
    assert ends(site) == ["job.started", "job.failed"]


def test_a_bug_shows_a_number_and_never_its_insides(people: Commission, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "xiezhi.jobs"):
        over = done(started(people, work.broken))
    assert over.state == "failed"
    assert over.reference
    assert over.reference in over.failure_zh
    assert "ZeroDivision" not in over.failure_zh + over.failure_en
    assert "secret" not in over.failure_zh + over.failure_en
    assert any(getattr(record, "reference", "") == over.reference for record in caplog.records)


def test_what_may_succeed_later_is_tried_again(people: Commission) -> None:
    job = started(people, work.later)
    assert done(job).state == "waiting"
    assert done(job).state == "waiting"
    over = done(job)
    assert (over.state, over.result) == ("done", {"attempt": 3})


def test_cancelled_while_waiting_it_never_runs(people: Commission, site: TrailSite) -> None:
    job = started(people, work.rows, number=3)
    viewer = people.viewer(RoleCode.DATA_ANALYST)
    with acting_as(viewer):
        cancel(job.pk, by=viewer)
    assert done(job).state == "cancelled"
    assert site.rows("SELECT count(*) FROM test_effect") == [(0,)]
    assert ends(site) == ["job.started", "job.cancelled"]


def test_cancelled_while_it_runs_it_stops(people: Commission, site: TrailSite) -> None:
    job = started(people, work.slow, seconds=30)
    running = threading.Thread(target=lambda: (do(job.pk, owner="w", pace=FAST), connection.close()))
    running.start()
    time.sleep(0.3)
    viewer = people.viewer(RoleCode.DATA_ANALYST)
    with acting_as(viewer):
        cancel(job.pk, by=viewer)
    running.join(5)
    assert not running.is_alive()
    assert read(job).state == "cancelled"
    assert ends(site) == ["job.started", "job.cancel_asked", "job.cancelled"]


def test_progress_is_written_while_it_runs(people: Commission) -> None:
    job = started(people, work.rows, number=10, pause=0.15)
    running = threading.Thread(target=lambda: (do(job.pk, owner="w", pace=FAST), connection.close()))
    running.start()
    seen = set()
    while running.is_alive():
        seen.add(read(job).share)
        time.sleep(0.05)
    assert len(seen - {None, 0, 100}) >= 3, seen


def test_a_fixed_clock_does_not_stop_leases(people: Commission, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases are measured by the database: a replay that fixes the time changes nothing about them."""
    monkeypatch.setenv("XIEZHI_NOW", (clock.now() - timedelta(days=1)).isoformat())
    assert done(started(people, work.rows, number=1)).state == "done"
