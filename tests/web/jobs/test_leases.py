"""One job, one worker: taking, keeping, losing, giving back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from tests.web.audit.site import TrailSite
from tests.web.jobs import work
from tests.web.people import Commission
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.jobs.actions import ending, leasing
from xiezhi.web.jobs.actions.cancelling import cancel
from xiezhi.web.jobs.actions.reaping import reap
from xiezhi.web.jobs.actions.starting import start
from xiezhi.web.jobs.doing import do
from xiezhi.web.jobs.kinds import LeaseLost
from xiezhi.web.jobs.models import Job
from xiezhi.web.jobs.pace import ATTEMPTS, Pace

FAST = Pace(lease=1.0, beat=0.2, reap=0.3, poll=0.3, written=0.05, stalled=1.0, rest=0.2, seal=60)


def started(
    people: Commission, kind: Callable[..., Any], *, role: RoleCode = RoleCode.DATA_ANALYST, key: str = "", **arguments: Any
) -> Job:
    viewer = people.viewer(role)
    with acting_as(viewer):
        return start(kind, by=viewer, title="测试任务", key=key, arguments=arguments)


def read(job: Job) -> Job:
    with system_scope("test"):
        return Job.objects.get(pk=job.pk)


def lapse(job: Job) -> None:
    """As if the worker had been silent for a lease and more."""
    with system_scope("test"):
        Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def elsewhere(call: Callable[[], Any]) -> Any:
    """In another thread, which has another connection."""

    def run() -> Any:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def test_of_many_that_take_one_gets_it(people: Commission) -> None:
    for _ in range(10):
        job = started(people, work.rows, number=1)
        gate = threading.Barrier(6)

        def attempt(number: int, job: Job = job, gate: threading.Barrier = gate) -> bool:
            try:
                gate.wait()
                return leasing.take(job.pk, owner=f"w{number}", pace=FAST) is not None
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(attempt, range(6))) == 1


def test_a_worker_without_its_lease_writes_nothing(people: Commission) -> None:
    job = started(people, work.rows, number=1)
    first = leasing.take(job.pk, owner="first", pace=FAST)
    assert first is not None
    lapse(job)
    assert reap(FAST).given_back == 1
    second = leasing.take(job.pk, owner="second", pace=FAST)
    assert second is not None
    viewer = people.viewer(RoleCode.DATA_ANALYST)
    with pytest.raises(LeaseLost):
        leasing.renew(first, pace=FAST)
    with pytest.raises(LeaseLost):
        leasing.tell(first, share=50, stage="rules", detail="", pace=FAST)
    with pytest.raises(LeaseLost), leasing.held(first, viewer.scope):
        raise AssertionError("not reached")
    with pytest.raises(LeaseLost):
        ending.done(first, {"from": "first"}, by=viewer)
    ending.done(second, {"from": "second"}, by=viewer)
    over = read(job)
    assert (over.state, over.result, over.attempts) == ("done", {"from": "second"}, 2)


def test_what_a_worker_wrote_under_a_lost_lease_is_not_committed(people: Commission) -> None:
    """The reaper waits for, or comes before, a transaction that holds the job; never in the middle of it."""
    job = started(people, work.rows, number=1)
    lease = leasing.take(job.pk, owner="first", pace=FAST)
    assert lease is not None
    with leasing.held(lease, people.viewer(RoleCode.DATA_ANALYST).scope):
        time.sleep(FAST.lease + 0.2)
        assert elsewhere(lambda: reap(FAST)).given_back == 0
    assert reap(FAST).given_back == 1


def test_a_job_whose_workers_die_is_given_back_and_then_fails_visibly(people: Commission) -> None:
    job = started(people, work.rows, number=1)
    for attempt in range(1, ATTEMPTS + 1):
        lease = leasing.take(job.pk, owner="w", pace=FAST)
        assert lease is not None
        assert lease.job.attempts == attempt
        lapse(job)
        reaped = reap(FAST)
        assert (reaped.given_back, reaped.failed) == ((1, 0) if attempt < ATTEMPTS else (0, 1))
    over = read(job)
    assert over.state == "failed"
    assert "中断" in over.failure_zh
    assert "died" in over.failure_en
    assert leasing.take(job.pk, owner="w", pace=FAST) is None


def test_the_heartbeat_keeps_a_long_job(people: Commission) -> None:
    job = started(people, work.slow, seconds=2.5)
    done = threading.Thread(target=lambda: (do(job.pk, owner="w", pace=FAST), connection.close()))
    done.start()
    time.sleep(0.2)
    while done.is_alive():
        assert not reap(FAST).given_back
        time.sleep(0.2)
    assert read(job).state == "done"


def test_an_entry_the_queue_lost_is_made_again(people: Commission, site: TrailSite) -> None:
    job = started(people, work.rows, number=1)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert reap(FAST).woken == 0, "it may just have been asked for"
    with system_scope("test"):
        Job.objects.filter(pk=job.pk).update(asked_at=Now() - timedelta(seconds=5))
    assert reap(FAST).woken == 1
    assert reap(FAST).woken == 0
    assert site.rows("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'") == [(1,)]


def test_of_a_key_one_job_lives(people: Commission) -> None:
    first = started(people, work.slow, key="one")
    again = started(people, work.slow, key="one", role=RoleCode.CITY_LEADER)
    other = started(people, work.slow, key="two")
    assert again.pk == first.pk != other.pk
    viewer = people.viewer(RoleCode.DATA_ANALYST)
    with acting_as(viewer):
        cancel(first.pk, by=viewer)
    assert started(people, work.slow, key="one").pk != first.pk


def test_8_that_start_the_same_at_once_start_it_once(people: Commission, site: TrailSite) -> None:
    viewer = people.viewer(RoleCode.DATA_ANALYST)
    rounds = 25
    for number in range(rounds):
        gate = threading.Barrier(8)

        def ask(_: int, number: int = number, gate: threading.Barrier = gate) -> Any:
            try:
                gate.wait()
                with acting_as(viewer):
                    return start(work.slow, by=viewer, title="同时", key=f"round {number}").pk
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(ask, range(8)))) == 1
    assert site.rows("SELECT count(*) FROM jobs_job") == [(rounds,)]
    assert site.rows("SELECT count(*) FROM procrastinate_jobs") == [(rounds,)]
    assert site.rows("SELECT count(*) FROM audit_event WHERE kind = 'job.started'") == [(rounds,)]


def test_a_start_that_is_rolled_back_leaves_nothing(people: Commission, site: TrailSite) -> None:
    viewer = people.viewer(RoleCode.DATA_ANALYST)
    with acting_as(viewer):
        start(work.slow, by=viewer, title="不要")
        transaction.set_rollback(True)
    assert site.rows("SELECT (SELECT count(*) FROM jobs_job) + (SELECT count(*) FROM procrastinate_jobs)") == [(0,)]
