"""How the database and its disk are, in a few figures: for readiness, for the doctor, for metrics. Nothing here raises."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg


@dataclass(frozen=True)
class Reach:
    """Whether the database answers. `problem` says why not, in PostgreSQL's words."""

    reachable: bool
    seconds: float
    problem: str = ""


@dataclass(frozen=True)
class Disk:
    """The disk a folder is on, in bytes."""

    folder: Path
    free: int
    total: int

    @property
    def share_free(self) -> float:
        return self.free / self.total if self.total else 0.0


@dataclass(frozen=True)
class Server:
    """`connections` of `most`; `bytes` of this database; `longest` seconds that a transaction of this role has been open."""

    version: str
    bytes: int
    connections: int
    most: int
    longest: float
    waiting: int
    """Sessions of this role that wait for a lock."""


@dataclass(frozen=True)
class Bloat:
    """A table with many dead rows: autovacuum does not keep up, or a transaction has been open too long."""

    table: str
    live: int
    dead: int

    @property
    def share(self) -> float:
        return self.dead / (self.live + self.dead) if self.dead else 0.0


def reach(url: str, seconds: int = 3) -> Reach:
    """Connect and ask once."""
    begun = time.monotonic()
    try:
        with psycopg.connect(url, connect_timeout=seconds) as connection:
            connection.execute(f"SET statement_timeout = '{int(seconds)}s'")
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        words = str(error).strip().splitlines() or [type(error).__name__]
        return Reach(False, time.monotonic() - begun, words[0])
    return Reach(True, time.monotonic() - begun)


def disk(folder: Path) -> Disk:
    """Of the nearest folder above that exists."""
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    usage = shutil.disk_usage(place)
    return Disk(folder, usage.free, usage.total)


_SERVER = """
SELECT current_setting('server_version'), pg_database_size(current_database()),
       (SELECT sum(numbackends)::int FROM pg_stat_database),
       current_setting('max_connections')::int,
       coalesce((SELECT extract(epoch FROM max(clock_timestamp() - xact_start))::float FROM pg_stat_activity
                 WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()), 0),
       (SELECT count(*)::int FROM pg_stat_activity WHERE usename = current_user AND wait_event_type = 'Lock')
"""

_BLOAT = """
SELECT relname, n_live_tup, n_dead_tup FROM pg_stat_user_tables
WHERE n_dead_tup > %(least)s AND n_dead_tup > n_live_tup * %(share)s ORDER BY n_dead_tup DESC LIMIT 20
"""


def server(connection: Any) -> Server:
    """`connection` is psycopg's or Django's."""
    with connection.cursor() as cursor:
        cursor.execute(_SERVER)
        return Server(*cursor.fetchone())


def bloated(connection: Any, *, least: int = 10_000, share: float = 0.5) -> list[Bloat]:
    """Tables with more than `least` dead rows and more of them than `share` of the live ones."""
    with connection.cursor() as cursor:
        cursor.execute(_BLOAT, {"least": least, "share": share})
        return [Bloat(*row) for row in cursor.fetchall()]
