"""A site of its own for each test that asks: a database where transactions really commit, a data folder, a key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from tests.web.audit.site import TrailSite
from xiezhi.web.database import embedded, roles

_numbers = count(1)


@pytest.fixture
def fresh(
    django_db_setup: None, postgres: embedded.Embedded, django_db_blocker: Any, settings: Any, tmp_path: Path
) -> Iterator[TrailSite]:
    """Like the migrated database in everything, and empty."""
    made = TrailSite(postgres, f"trail_{os.getpid()}_{next(_numbers)}", tmp_path / "home")
    with django_db_blocker.unblock():
        yield from _standing(made, settings.DATABASE_NAME, settings)


def _standing(site: TrailSite, template: str, settings: Any) -> Iterator[TrailSite]:
    connections.close_all()
    with psycopg.connect(site.server.url(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {site.database} TEMPLATE {template}")
    roles.prepare(site.server.url(), site.database)
    site.empty()
    settings.XIEZHI_HOME, settings.XIEZHI_CHECKPOINT_COPY = site.home, None
    names = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "owner")}
    for alias in names:
        connections[alias].settings_dict["NAME"] = site.database
    try:
        yield site
    finally:
        connections.close_all()
        for alias, name in names.items():
            connections[alias].settings_dict["NAME"] = name
        with psycopg.connect(site.server.url(), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {site.database} WITH (FORCE)")
