"""How often a stranger may try: counted exactly, however many try at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client

from tests.web.audit.conftest import fresh
from tests.web.audit.site import TrailSite
from xiezhi.kernel import clock
from xiezhi.web.api.door import FAILURES

__all__ = ["fresh"]

AT_ONCE = 8


def test_of_many_at_once_no_more_are_answered_than_the_limit_allows(fresh: TrailSite, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2026, 1, 12, 12, 0, 5, tzinfo=clock.ZONE)
    monkeypatch.setattr(clock, "now", lambda: noon)

    def knock(_number: int) -> int:
        try:
            return Client().get("/api/v1/datasets", headers={"Authorization": "Bearer xz_nobody"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(knock, range(FAILURES + 5 * AT_ONCE)))
    assert sorted(set(answers)) == [401, 429]
    assert answers.count(401) == FAILURES
