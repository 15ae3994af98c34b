"""One world for all tests of the matrix: built once, every request undone."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from tests.web.lakes import city_for_all
from tests.web.matrix.things import furnish
from tests.web.matrix.world import World, populate
from tests.web.people import build_commission
from xiezhi.kernel import clock


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return city_for_all(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="package")
def world(
    city: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: object
) -> Iterator[World]:
    """Left in an open transaction, which is rolled back at the end: other tests find the database as it was.

    Its clock stands still, so that no session and no proof of identity grows old while thousands of requests are made,
    however slow the machine is. (Renewing them between requests was tried: what a request inside `undone` renewed was undone.)
    """
    home = tmp_path_factory.mktemp("world") / "home"
    shutil.copytree(city / "lake", home / "lake")
    before, settings.XIEZHI_HOME = settings.XIEZHI_HOME, home
    refusals = logging.getLogger("django.request")
    refusals.disabled = True  # thousands of them are meant; test_canaries reads what they say
    try:
        with clock.standing_at(clock.now()), django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
            commission = build_commission()
            made = World(commission, populate(commission), home)
            furnish(made)
            yield made
            transaction.set_rollback(True)
    finally:
        refusals.disabled = False
        settings.XIEZHI_HOME = before
