"""A database in which transactions really commit: leases are about what other processes see."""

from __future__ import annotations

import psycopg
import pytest

from tests.web.audit.conftest import fresh
from tests.web.audit.site import TrailSite
from tests.web.people import Commission, build_commission
from xiezhi.web.database import roles

__all__ = ["fresh"]

EFFECTS = f"""
CREATE TABLE test_effect (job uuid, row int, PRIMARY KEY (job, row));
CREATE TABLE test_tries (job uuid, row int, attempt int);
GRANT SELECT, INSERT ON test_effect, test_tries TO {roles.APP};
"""


@pytest.fixture
def site(fresh: TrailSite) -> TrailSite:
    """With the tables that the tests' jobs write into."""
    with psycopg.connect(fresh.url("postgres")) as connection:
        connection.execute(EFFECTS)
    return fresh


@pytest.fixture
def people(site: TrailSite) -> Commission:
    return build_commission()
