"""One private PostgreSQL for these tests; a fresh database, made by the production door, for each test that asks."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.web.database.living import PASSPHRASE, Living
from tests.web.database.site import Site
from xiezhi.web.database import embedded, roles
from xiezhi.web.database.backup import backup
from xiezhi.web.database.embedded import Embedded

_numbers = count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Embedded]:
    started = embedded.start(tmp_path_factory.mktemp("postgres"))
    yield started
    started.stop()


def _fresh(server: embedded.Embedded, blocker: Any) -> Site:
    name = f"site_{os.getpid()}_{next(_numbers)}"
    roles.prepare(server.url(), name)
    return Site(server, name, blocker)


def _drop(site: Site) -> None:
    with psycopg.connect(site.server.url(), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {site.database} WITH (FORCE)")


@pytest.fixture
def site(server: embedded.Embedded, django_db_blocker: Any) -> Iterator[Site]:
    made = _fresh(server, django_db_blocker)
    yield made
    _drop(made)


@pytest.fixture(scope="module")
def shared_site(server: embedded.Embedded, django_db_blocker: Any) -> Iterator[Site]:
    made = _fresh(server, django_db_blocker)
    yield made
    _drop(made)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a path short enough for a socket, wherever the tests run."""
    with tempfile.TemporaryDirectory(prefix="xz", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def living(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Living:
    made = Living(tmp_path_factory.mktemp("living") / "home", shared_site)
    made.begin()
    for _ in range(2):
        made.receive()
    made.run()
    for _ in range(30):
        made.work()
    return made


@pytest.fixture(scope="module")
def made(living: Living, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return backup(living.home, living.admin_url, tmp_path_factory.mktemp("backups"), passphrase=PASSPHRASE)


@pytest.fixture
def copy_of_made(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


@contextmanager
def empty_place(server: Embedded, tmp_path: Path, blocker: Any) -> Iterator[tuple[Path, Site]]:
    """A data folder and the name of a database that are not there yet."""
    site = Site(server, f"restored_{os.getpid()}", blocker)
    try:
        yield tmp_path / "restored", site
    finally:
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {site.database} WITH (FORCE)")


@pytest.fixture
def place(server: Embedded, tmp_path: Path, django_db_blocker: Any) -> Iterator[tuple[Path, Site]]:
    with empty_place(server, tmp_path, django_db_blocker) as found:
        yield found
