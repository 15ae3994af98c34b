"""A few figures on how the database and its disk are."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import psycopg
import pytest

from tests.web.database.site import Site
from xiezhi.web.database import health, roles


def test_what_answers_and_what_does_not(site: Site) -> None:
    well = health.reach(site.url(roles.APP))
    assert well.reachable
    assert 0 < well.seconds < 3
    gone = health.reach("postgresql:///x?host=/nowhere")
    assert not gone.reachable
    assert "/nowhere" in gone.problem


def test_the_disk_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    found = health.disk(tmp_path / "not" / "yet")
    assert 0 < found.free <= found.total
    assert 0 < found.share_free <= 1


def test_the_server_in_figures(site: Site) -> None:
    with site.connect() as watching, site.connect() as other:
        other.execute("SELECT 1")
        time.sleep(0.3)
        found = health.server(watching)
    assert found.version.split(".")[0].isdigit()
    assert found.bytes > 1_000_000
    assert 2 <= found.connections <= found.most
    assert 0.3 <= found.longest < 30
    assert found.waiting == 0
    with site.django(roles.APP) as connection:
        assert health.server(connection).version == found.version


def test_whoever_waits_for_a_lock_is_counted(site: Site) -> None:
    site.owner("CREATE TABLE t (n int)", "INSERT INTO t VALUES (1)")
    with site.connect() as holding, site.connect() as watching:
        holding.execute("UPDATE t SET n = 2")

        def wait() -> None:
            with site.connect() as waiting:
                waiting.execute("UPDATE t SET n = 3")

        thread = threading.Thread(target=wait)
        thread.start()
        end = time.monotonic() + 20
        while health.server(watching).waiting != 1 and time.monotonic() < end:
            watching.rollback()
        watching.rollback()
        counted = health.server(watching).waiting
        holding.rollback()
        thread.join()
    assert counted == 1


def _until_counted(connection: psycopg.Connection) -> None:
    """What the other connection did is counted when its process ends, which is some time after it was closed."""
    for _ in range(600):
        connection.execute("SELECT pg_stat_clear_snapshot()")
        if connection.execute("SELECT 1 FROM pg_stat_user_tables WHERE relname = 't' AND n_dead_tup > 0").fetchone():
            return
        time.sleep(0.1)
    raise AssertionError("the server never counted the rows")


@pytest.mark.parametrize("least", [1000, 100_000])
def test_tables_full_of_dead_rows(site: Site, least: int) -> None:
    site.owner("CREATE TABLE t (n int) WITH (autovacuum_enabled = false)", "INSERT INTO t SELECT generate_series(1, 3000)")
    site.owner("UPDATE t SET n = n + 1")
    with psycopg.connect(site.url(roles.APP), autocommit=True) as connection:
        _until_counted(connection)
        found = health.bloated(connection, least=least)
    assert [(one.table, one.dead) for one in found] == ([("t", 3000)] if least == 1000 else [])
    assert all(one.share == 0.5 for one in found)
