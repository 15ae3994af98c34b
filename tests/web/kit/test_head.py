"""HEAD says what GET would, without the body, in which the next answer on the connection would be read."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/live/", "/account/login/", "/api/v1/alerts", "/nowhere/"])
def test_head_has_the_headers_and_no_body(path: str) -> None:
    whole, head = Client().get(path), Client().head(path)
    assert head.status_code == whole.status_code or whole.status_code == 401
    assert head.content == b""
    assert int(head.headers["Content-Length"]) >= 0
