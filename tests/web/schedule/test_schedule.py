"""What happens by itself: once an hour that strikes, however many strike it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from tests.web.audit.site import TrailSite
from tests.web.jobs.conftest import fresh, people, site
from tests.web.people import Commission
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.jobs import clock
from xiezhi.web.jobs.doing import do
from xiezhi.web.jobs.kinds import every_kind, kind_of
from xiezhi.web.jobs.models import Job

__all__ = ["fresh", "people", "site"]


BY_HAND = {"rules.try", "alerts.replay", "alerts.export", "deliveries.receive", "deliveries.look", "trail.export", "trail.verify"}
"""Kinds of job that somebody asks for. A new one is on the schedule, or here."""


def test_every_kind_of_job_is_asked_for_by_somebody_or_by_the_clock() -> None:
    started = {entry.work for entry in clock.entries()}
    ours = {kind.code for kind in every_kind() if kind.work.__module__.startswith("xiezhi.")}
    assert ours - started == BY_HAND
    assert started.isdisjoint(BY_HAND)


def test_a_name_on_the_schedule_is_given_once() -> None:
    (first, second, *_) = clock.entries()
    with pytest.raises(ValueError, match="called"):
        clock.scheduled(first.name, first.when, scope="nightly", zh="甲", en="a")(kind_of(second.work).work)
    assert {entry.name: entry.work for entry in clock.entries()}[first.name] == first.work


def test_hours_are_the_sites_own() -> None:
    """02:00 in Shanghai is 18:00 UTC the day before."""
    assert clock.Daily(2, 0).cron == "0 18 * * *"
    at_one = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    assert clock.Daily(2, 0).after(at_one) == datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
    assert clock.Daily(2, 0).after(at_one + timedelta(hours=1)) == datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def test_struck_by_many_it_is_done_once(site: TrailSite) -> None:
    gate = Barrier(6)

    def strike(_: int) -> object:
        try:
            gate.wait()
            job = clock.strike("notices", 1_800_000_000)
            return job and job.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(strike, range(6)))) == 1
    (key,) = site.rows("SELECT key FROM jobs_job")[0]
    with system_scope("test"):
        job = Job.objects.get(key=key)
    do(job.pk, owner="test")
    assert clock.strike("notices", 1_800_000_000).pk == job.pk, "also after it is over"
    assert site.rows("SELECT state, count(*) FROM jobs_job GROUP BY state") == [("done", 1)]
    assert clock.strike("notices", 1_800_086_400).pk != job.pk, "the next day is another"
    assert clock.strike("gone", 1) is None


def test_every_scheduled_job_runs(site: TrailSite, people: Commission) -> None:
    for entry in clock.entries():
        job = clock.strike(entry.name, 1_800_000_000)
        assert job is not None
        do(job.pk, owner="test")
    failed = "SELECT kind, failure_zh FROM jobs_job WHERE state <> 'done'"
    assert site.rows(failed) == [], "a site that was never delivered anything has nothing to run on, which is no failure"


def test_the_table(client_as: Callable[[RoleCode], Client]) -> None:
    shown = client_as(RoleCode.SYSTEM_ADMINISTRATOR).get("/schedule/").content.decode()
    assert "清理已读通知" in shown
    assert "每天 03:30" in shown
    assert client_as(RoleCode.CITY_LEADER).get("/schedule/").status_code == 403
