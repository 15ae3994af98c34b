"""Every operation with generated requests: never a 5xx, never an answer that is not as declared, never in without a token."""

from __future__ import annotations

from collections import Counter

import schemathesis
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings

from tests.web.api.conftest import Issue
from tests.web.api.test_deliveries import deliver
from tests.web.people import Commission
from xiezhi.web.api import door

CASES = 60


def test_every_operation_holds_its_promise(commission: Commission, issued: Issue, monkeypatch: object) -> None:
    monkeypatch.setattr(door, "CALLS", 10**9)  # type: ignore[attr-defined]
    monkeypatch.setattr(door, "FAILURES", 10**9)  # type: ignore[attr-defined]
    cache.clear()
    deliver(commission, 1, "civil")
    _, secret = issued()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    done: Counter[str] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
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
        def holds(case: schemathesis.Case, name: str = name) -> None:
            given_headers = {"Authorization": f"Bearer {secret}", "Host": "localhost"}
            response = case.call(headers=given_headers)
            assert response.status_code < 500, (name, case.as_curl_command(), response.text)
            case.validate_response(response, headers=given_headers)
            bare = case.call(headers={"Host": "localhost", "Authorization": "Bearer xz_00000000_nobody"})
            assert bare.status_code == 401, (name, bare.status_code)
            done[name] += 1

        holds()
    print("\n", dict(done))
    assert len(done) >= 7
    assert min(done.values()) >= 50, done
