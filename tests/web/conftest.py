"""The web's tests: a real PostgreSQL of their own, migrated by its owner, used as the application's role."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

# Settings are read from the environment when Django starts, which is now: every worker has a data folder of its own.
HOME = Path(tempfile.mkdtemp(prefix="xiezhi-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ |= {
    "XIEZHI_HOME": str(HOME),
    "XIEZHI_MODE": "site",
    "XIEZHI_HTTPS": "no",
    "DJANGO_SETTINGS_MODULE": "xiezhi.web.config.settings",
}

import django  # noqa: E402

django.setup()
# A worker that inherited this would read the settings before it has a data folder.
os.environ.pop("DJANGO_SETTINGS_MODULE")

import pytest  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from tests.web.people import Commission, build_commission, signed_in  # noqa: E402
from xiezhi.web.accounts.roles import RoleCode  # noqa: E402
from xiezhi.web.accounts.viewer import Viewer  # noqa: E402
from xiezhi.web.database import embedded, roles  # noqa: E402

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # what is tested is not argon2's slowness
settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(scope="session")
def postgres() -> Iterator[embedded.Embedded]:
    """One server for the whole run of this worker."""
    with embedded.start(HOME / "postgres") as server:
        roles.prepare(server.url(), settings.DATABASE_NAME)
        yield server


@pytest.fixture(scope="session")
def django_db_setup(postgres: embedded.Embedded, django_db_blocker: object) -> None:
    """In place of pytest-django's own: migrated as the owner, tested as the application."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("migrate", database="owner", verbosity=0)
        call_command("createcachetable", database="owner", verbosity=0)


@pytest.fixture
def commission(db: None) -> Commission:
    """A small commission: city, two counties of two towns of two villages, three departments, one account per role."""
    return build_commission()


@pytest.fixture
def viewer(commission: Commission) -> Callable[[RoleCode], Viewer]:
    return commission.viewer


@pytest.fixture
def client_as(commission: Commission) -> Callable[[RoleCode], Client]:
    """A browser signed in as the account of a role, second factor done."""
    return lambda role: signed_in(commission.users[role])
