"""Workers are killed with SIGKILL at random moments while they write rows: nothing is lost, doubled or stuck.

A few times here; a hundred times, and not workers alone, in `benchmarks.kills`.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.web.audit.site import TrailSite
from tests.web.jobs import work
from tests.web.jobs.test_leases import started
from tests.web.jobs.worker_process import PACE
from tests.web.people import Commission

KILLS = 6
JOBS = 6
ROWS = 10
PAUSE = 0.05
SEED = 20261123


MAY_DIE = """SELECT DISTINCT lease_owner FROM jobs_job WHERE state = 'doing' AND lease_until > now()
    AND (attempts < 3 OR EXISTS (SELECT 1 FROM jobs_job WHERE state = 'done' AND attempts > 1))"""
"""A third death ends a job. On a slow machine every job would die of it, and none be seen to be taken up again."""


class Workers:
    """Two workers, kept at two: the one that was killed is started again, as the service manager does."""

    def __init__(self, site: TrailSite) -> None:
        self._environment = os.environ | {
            "XIEZHI_DATABASE_URL": site.url(),
            "XIEZHI_HOME": str(site.home),
            "DJANGO_SETTINGS_MODULE": "xiezhi.web.config.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self._log = (site.home.parent / "workers.log").open("wb")
        self.running = [self._started() for _ in range(2)]

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.web.jobs.worker_process"]
        root = Path(__file__).parents[3]
        return subprocess.Popen(command, env=self._environment, cwd=root, stdout=self._log, stderr=self._log)

    def kill(self, place: int) -> None:
        self.running[place].kill()
        self.running[place].wait()
        self.running[place] = self._started()

    def check(self) -> None:
        """A worker that cannot so much as start says why."""
        if any(worker.poll() is not None for worker in self.running):
            raise AssertionError(Path(self._log.name).read_text()[-2000:])

    def end(self) -> None:
        for worker in self.running:
            worker.terminate()
        for worker in self.running:
            worker.wait(30)
        self._log.close()


def settled(site: TrailSite, within: float) -> list[tuple[str, int]]:
    end = time.monotonic() + within
    while time.monotonic() < end and site.rows("SELECT 1 FROM jobs_job WHERE state IN ('waiting', 'doing') LIMIT 1"):
        time.sleep(0.2)
    return site.rows("SELECT state, count(*) FROM jobs_job GROUP BY state ORDER BY state")


@pytest.mark.long
@pytest.mark.parametrize("seed", [SEED])
def test_killed_workers_lose_and_double_nothing(people: Commission, site: TrailSite, seed: int) -> None:
    chance = random.Random(seed)
    jobs = [started(people, work.rows, number=ROWS, pause=PAUSE) for _ in range(JOBS)]
    workers = Workers(site)
    kills = 0
    end = time.monotonic() + 240
    try:
        while kills < KILLS and time.monotonic() < end:
            time.sleep(chance.uniform(0.05, 0.9))
            workers.check()
            busy = site.rows(MAY_DIE)
            pids = {int(owner.rpartition(":")[2]) for (owner,) in busy}
            place = next((n for n, worker in enumerate(workers.running) if worker.pid in pids), None)
            if place is not None:
                workers.kill(place)
                kills += 1
            if not site.rows("SELECT 1 FROM jobs_job WHERE state = 'waiting' LIMIT 1"):
                jobs += [started(people, work.rows, number=ROWS, pause=PAUSE) for _ in range(4)]
        within = 2 * PACE.lease + len(jobs) * ROWS * PAUSE * 2 + 20
        states = settled(site, within)
    finally:
        workers.end()
    assert kills == KILLS
    begun = site.rows("SELECT sum(attempts) FROM jobs_job")[0][0]
    print(f"\n{kills} kills, {len(jobs)} jobs begun {begun} times: {states}; seed {seed}")
    check(site, len(jobs))


OURS = "SELECT * FROM jobs_job WHERE starts_with(kind, 'test.')"
"""The workers are real: what the clock asks for, they do as well."""


def check(site: TrailSite, jobs: int) -> None:
    """Every job is over; done means all rows, failed means three deaths; each ends once in the trail; nothing is held."""
    assert site.rows(f"SELECT count(*) FROM ({OURS}) AS job WHERE state NOT IN ('done', 'failed')") == [(0,)]
    assert site.rows(f"SELECT count(*) FROM ({OURS}) AS job") == [(jobs,)]
    assert site.rows(f"SELECT count(*) > 0 FROM ({OURS}) AS job WHERE state = 'done' AND attempts > 1") == [(True,)], (
        "nothing was resumed"
    )
    assert site.rows("SELECT count(*) FROM jobs_job WHERE state = 'failed' AND attempts < 3") == [(0,)]
    short = f"""SELECT job.id FROM ({OURS}) AS job WHERE state = 'done'
        AND (SELECT count(*) FROM test_effect AS effect WHERE effect.job = job.id)
            IS DISTINCT FROM (job.arguments ->> 'number')::int"""
    assert site.rows(short) == []
    ends = f"""SELECT job.id FROM ({OURS}) AS job WHERE (SELECT count(*) FROM audit_event AS event
        WHERE event.kind IN ('job.finished', 'job.failed') AND event.on_id = job.id::text) <> 1"""
    assert site.rows(ends) == []
    # Two attempts never wrote at the same time: once a later attempt has written, no earlier one writes.
    overtaken = """SELECT one.job FROM (SELECT job, attempt, ctid, row_number() OVER (PARTITION BY job ORDER BY ctid) AS place
        FROM test_tries) AS one JOIN (SELECT job, attempt, row_number() OVER (PARTITION BY job ORDER BY ctid) AS place
        FROM test_tries) AS later ON later.job = one.job AND later.place > one.place WHERE later.attempt < one.attempt"""
    assert site.rows(overtaken) == []
