"""One private PostgreSQL for these tests; a fresh database, made by the production door, for each test that asks."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.web.database.site import Site
from xiezhi.web.database import embedded, roles

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
