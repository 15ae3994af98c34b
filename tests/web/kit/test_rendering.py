"""One address answers a browser with a page and htmx with a part; writes lead on, for both."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from xiezhi.web.kit import rendering

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("headers", "part"),
    [({}, False), (HTMX, True), ({**HTMX, "HX-Boosted": "true"}, False), ({**HTMX, "HX-History-Restore-Request": "true"}, False)],
)
def test_only_a_request_for_a_part_gets_one(headers: dict[str, str], part: bool) -> None:
    assert rendering.wants_part(_get(headers)) is part


def test_the_two_answers_are_not_mixed_up_by_a_cache() -> None:
    response = rendering.page_or_part(_get(HTMX), "kit/failure.html", "kit/empty.html", {"text": "空"})
    assert response["Vary"] == "HX-Request"
    assert b"<html" not in response.content


def test_a_refused_form_is_422() -> None:
    assert rendering.invalid(_get(HTMX), "kit/failure.html", "kit/empty.html", {"text": "空"}).status_code == 422


def test_after_a_write_htmx_is_told_and_a_browser_redirected() -> None:
    told, sent = rendering.go(_get(HTMX), "/alerts/1/"), rendering.go(_get({}), "/alerts/1/")
    assert (told.status_code, told["HX-Redirect"]) == (204, "/alerts/1/")
    assert (sent.status_code, sent["Location"]) == (303, "/alerts/1/")


def _get(headers: dict[str, Any]) -> HttpRequest:
    return RequestFactory().get("/", headers=headers)
