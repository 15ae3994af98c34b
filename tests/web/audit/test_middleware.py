"""Every event knows the request it came with, and no stranger can say from where that was."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from xiezhi.web.audit import context
from xiezhi.web.audit.middleware import RequestFacts


def answered(**meta: str) -> tuple[context.Facts, HttpResponse]:
    seen: list[context.Facts] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(context.present())
        return HttpResponse()

    response = RequestFacts(view)(RequestFactory().get("/", **meta))  # type: ignore[arg-type]
    return seen[0], response  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("trusted", "remote", "forwarded", "expected"),
    [
        ((), "10.0.0.9", "", "10.0.0.9"),
        ((), "10.0.0.9", "1.2.3.4", "10.0.0.9"),
        (("10.0.0.9",), "10.0.0.9", "1.2.3.4", "1.2.3.4"),
        (("10.0.0.0/24",), "10.0.0.9", "6.6.6.6, 1.2.3.4, 10.0.0.7", "1.2.3.4"),
        (("10.0.0.9",), "10.0.0.8", "1.2.3.4", "10.0.0.8"),
        (("unix",), "", "1.2.3.4", "1.2.3.4"),
        (("unix",), "", "", ""),
        (("10.0.0.9",), "10.0.0.9", "<script>", ""),
        (("10.0.0.9",), "10.0.0.9", "2001:DB8::0001", "2001:db8::1"),
    ],
)
def test_only_trusted_proxies_are_believed(
    settings: Any, trusted: tuple[str, ...], remote: str, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = trusted
    facts, _ = answered(REMOTE_ADDR=remote, **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}))
    assert facts.ip == expected


def test_every_request_has_a_number_that_the_answer_names(settings: Any) -> None:
    settings.TRUSTED_PROXIES = ("10.0.0.9",)
    facts, response = answered(REMOTE_ADDR="1.2.3.4", HTTP_X_REQUEST_ID="chosen-by-a-stranger")
    assert facts.request_id == response.headers["X-Request-ID"]
    assert facts.request_id != "chosen-by-a-stranger"
    facts, _ = answered(REMOTE_ADDR="10.0.0.9", HTTP_X_REQUEST_ID="given-by-the-proxy")
    assert facts.request_id == "given-by-the-proxy"
    facts, _ = answered(REMOTE_ADDR="10.0.0.9", HTTP_X_REQUEST_ID="bad\nnumber'--")
    assert len(facts.request_id) == 32


def test_the_facts_end_with_the_request() -> None:
    answered(REMOTE_ADDR="1.2.3.4")
    assert context.present() == context.Facts()
