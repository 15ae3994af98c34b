"""A site whose database stands: what runs, what it gives back, how it ends, and its trail."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.web.cli.running import Shell
from xiezhi.web.database.embedded import ADMIN, Embedded


def test_migrating_renews_the_owners_functions(migrated: Shell, cluster: Embedded) -> None:
    """A new version may have new ones, and a site's administrator ran the printed roles only once."""
    owner = cluster.url("xiezhi_owner", "xiezhi")
    body = "SELECT prosrc FROM pg_proc WHERE proname = 'xiezhi_clearance'"
    with psycopg.connect(owner, autocommit=True) as connection:
        before = connection.execute(body).fetchone()
        connection.execute("CREATE OR REPLACE FUNCTION xiezhi_clearance() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 9'")
        assert connection.execute(body).fetchone() != before
        altered = connection.execute(body).fetchone()
        refused = migrated.xiezhi("migrate", XIEZHI_OWNER_URL=owner)
        assert (refused.code, "XZ-DB-30" in refused.err) == (5, True), "no version of ours did that"
        assert connection.execute(body).fetchone() == altered
        assert migrated.xiezhi("migrate", "--accept-altered", XIEZHI_OWNER_URL=owner).code == 0
        assert connection.execute(body).fetchone() == before
        assert migrated.xiezhi("migrate", XIEZHI_OWNER_URL=owner).code == 0


@pytest.mark.long
def test_the_web_gives_leases_back_though_no_worker_is_left(migrated: Shell, cluster: Embedded) -> None:
    """A job whose worker died, and a service without one: `serve` puts it back; so does `reap`, and both only once."""
    with psycopg.connect(cluster.url(ADMIN, "xiezhi"), autocommit=True) as connection:
        with migrated.serving("--no-worker") as serving:
            serving.get("/account/login/", Host="127.0.0.1")
            connection.execute(LEFT_BEHIND)
            assert waiting(connection, 40), "the web did not give the job back"
        assert serving.process.returncode == 0, serving.said
        connection.execute(
            "UPDATE jobs_job SET state = 'doing', lease_token = gen_random_uuid(), lease_until = now() - interval '1 s'"
        )
        assert "1 put back" in migrated.xiezhi("reap").out
        assert waiting(connection, 1)
        assert "no job was left behind" in migrated.xiezhi("reap").out


LEFT_BEHIND = """
INSERT INTO jobs_job (id, kind, title, key, arguments, state, stage, detail, failure_zh, failure_en, reference, by_username,
    unit_name, system, asked_at, started_at, attempts, lease_until, lease_owner, lease_token, cancel_asked)
VALUES (gen_random_uuid(), 'jobs.expire', 'left', '', '{}', 'doing', '', '', '', '', '', 'system:test',
    '', 'test', now(), now(), 1, now() - interval '1 s', 'gone:1', gen_random_uuid(), false)
"""


def waiting(connection: psycopg.Connection[tuple[object, ...]], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if connection.execute("SELECT state FROM jobs_job").fetchall() == [("waiting",)]:
            return True
        time.sleep(0.2)
    return False


def test_the_worker_ends_when_told(migrated: Shell, cluster: Embedded) -> None:
    command = [sys.executable, "-m", "xiezhi", "worker"]
    with subprocess.Popen(
        command, env=migrated.environment({}), cwd=migrated.folder, stderr=subprocess.PIPE, text=True
    ) as worker:
        with psycopg.connect(cluster.url(ADMIN, "xiezhi"), autocommit=True) as connection:
            deadline = time.monotonic() + 40
            while not connection.execute("SELECT 1 FROM procrastinate_workers").fetchall():
                assert worker.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.2)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(40) == 0, worker.stderr.read() if worker.stderr else ""


def test_the_trail_from_the_command_line(migrated: Shell, cluster: Embedded, tmp_path: Path) -> None:
    assert migrated.xiezhi("audit", "seal").code == 0
    file = tmp_path / "trail.jsonl"
    assert migrated.xiezhi("audit", "export", str(file)).code == 0
    assert migrated.xiezhi("audit", "seal").code == 0
    sound = migrated.xiezhi("audit", "verify")
    assert (sound.code, "sound" in sound.out) == (0, True), sound.err
    with psycopg.connect(cluster.url(ADMIN, "xiezhi")) as connection:
        for (name,) in connection.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_event'::regclass AND NOT tgisinternal"
        ).fetchall():
            connection.execute(f"ALTER TABLE audit_event DISABLE TRIGGER {name}")
        connection.execute("UPDATE audit_event SET username = 'nobody'")
    altered = migrated.xiezhi("audit", "verify", XIEZHI_LANG="zh")
    assert (altered.code, "不完好" in altered.out, "XZ-AUDIT-10" in altered.err) == (5, True, True), altered.out
