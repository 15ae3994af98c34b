"""Every operation with generated requests: never a 5xx, never an answer that is not as declared, never in without a token."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.web.api.conftest import Issue
from tests.web.api.test_deliveries import deliver
from tests.web.people import Commission
from xiezhi.web.api import door

CASES = 60


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """As Django's own test client does: the connection holds the test's transaction, no request may close it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.long
def test_every_operation_holds_its_promise(commission: Commission, issued: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "CALLS", 10**9)
    monkeypatch.setattr(door, "FAILURES", 10**9)
    cache.clear()
    deliver(commission, 1, "civil")
    _, secret = issued()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    done: Counter[str] = Counter()
    for found in schema.get_all_operations():
        hold(found.ok(), secret, done)
    print("\n", dict(done))
    assert len(done) >= 7
    assert min(done.values()) >= 50, done


def hold(operation: Any, secret: str, done: Counter[str]) -> None:
    name = f"{operation.method.upper()} {operation.path}"

    @given(case=operation.as_strategy())
    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def holds(case: schemathesis.Case) -> None:
        known = {"Authorization": f"Bearer {secret}", "Host": "localhost"}
        response = case.call(headers=known)
        assert response.status_code < 500, (name, case.as_curl_command(), response.text)
        # A cursor, a key or a file may be of the right form and still not be one of ours: that is refused, as declared.
        case.validate_response(response, headers=known, excluded_checks=[positive_data_acceptance])
        bare = case.call(headers={"Host": "localhost", "Authorization": "Bearer xz_00000000_nobody"})
        assert bare.status_code == 401, (name, bare.status_code)
        done[name] += 1

    holds()
