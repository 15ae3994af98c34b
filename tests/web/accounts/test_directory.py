"""Signing in with the city's directory: whom it lets in, and what is still asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from xiezhi.kernel.errors import UserError
from xiezhi.web.config.environment import Directory


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("XIEZHI_")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.accounts.directory_site"],
        cwd=Path(__file__).parents[3],
        env=clean,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_only_accounts_that_exist_and_may_be_used(told: dict[str, Any]) -> None:
    assert told["unknown"] == told["disabled"] == "/account/login/"
    assert told["failures"] == ["directory", "directory"]


def test_the_second_factor_is_still_asked_for(told: dict[str, Any]) -> None:
    assert (told["first"], told["then"]) == ("/", "/account/factors/app/"), "first a factor, no password to change"
    assert told["enrolled"] == 200
    assert (told["second"], told["before_code"], told["after_code"]) == ("/account/code/", 302, 200)


def test_unless_the_directory_vouches_for_two(told: dict[str, Any]) -> None:
    assert told["vouched_for_two"] == ["/", 200]


def test_the_way_in_is_in_the_trail_and_nothing_else_is_kept(told: dict[str, Any]) -> None:
    assert told["ways"] == [["directory"], ["directory", "totp"], ["directory"]]
    assert told["stored"] == 0


def test_the_protocol(told: dict[str, Any]) -> None:
    assert told["challenge"] == ["S256"]
    assert told["secret"] == ["the client's secret"]
    assert told["by_get"] == 405
    assert told["forged"] == "/account/login/"


def test_half_a_directory_is_refused() -> None:
    with pytest.raises(UserError, match="XIEZHI_OIDC_SECRET_FILE"):
        Directory.read({"XIEZHI_OIDC_URL": "https://sso.example", "XIEZHI_OIDC_ID": "x"})
    assert Directory.read({}) is None
