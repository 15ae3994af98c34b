"""A site's own PostgreSQL, of which xiezhi is told nothing but how to reach it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.web.cli.running import Shell
from xiezhi.web.database import embedded
from xiezhi.web.database.binaries import program
from xiezhi.web.database.embedded import Embedded


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """A cluster of its own, with a superuser and nothing else."""
    with embedded.start(tmp_path_factory.mktemp("cluster") / "pg") as server:
        yield server


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """At a site with nothing set but the data folder."""
    return _shell(tmp_path)


@pytest.fixture
def site(cluster: Embedded, tmp_path: Path) -> Shell:
    """As deploy/README.md has it after its fourth step: settings, roles, an empty database. Others' are dropped."""
    _without(cluster)
    return _site(cluster, tmp_path)


@pytest.fixture(scope="module")
def migrated(cluster: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The same after its sixth step. One for all tests of a module that need no other."""
    _without(cluster)
    site = _site(cluster, tmp_path_factory.mktemp("migrated"))
    ran = site.xiezhi("migrate", XIEZHI_OWNER_URL=cluster.url("xiezhi_owner", "xiezhi"))
    assert ran.code == 0, ran.err
    return site


def _shell(folder: Path) -> Shell:
    (folder / "work").mkdir()
    return Shell(folder / "work", {"XIEZHI_HOME": str(folder / "home"), "XIEZHI_LANG": "en"})


def _site(cluster: Embedded, folder: Path) -> Shell:
    shell = _shell(folder)
    shell.settings |= {
        "XIEZHI_HOSTS": "xiezhi.jiwei.intranet,127.0.0.1",
        "XIEZHI_DATABASE_URL": cluster.url("xiezhi_app", "xiezhi"),
        "XIEZHI_TRUSTED_PROXIES": "127.0.0.1",
        "XIEZHI_KEY_FILE": str(folder / "vault" / "site.key"),
        "XIEZHI_CHECKPOINT_COPY": str(folder / "witness"),
        "XIEZHI_MEMORY": "256MB",
    }
    printed = shell.xiezhi("doctor", "--print-roles")
    assert printed.code == 0, printed.err
    psql = [program("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-h", str(cluster.socket_folder), "-U", embedded.ADMIN]
    done = subprocess.run(psql, input=printed.out, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return shell


def _without(cluster: Embedded) -> None:
    """As a new server is: without the databases and roles of the test before."""
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        for (name,) in connection.execute("SELECT datname FROM pg_database WHERE datname !~ '^(postgres|template)'").fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        for (name,) in connection.execute("SELECT rolname FROM pg_roles WHERE rolname ~ '^xiezhi_'").fetchall():
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
