"""Django for the tests of the kit: the project's settings where pytest has them, else the sample's; and the sample, served."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.web.kit import sample
from xiezhi.web.kit import assets, messages

if not settings.configured and not os.environ.get("DJANGO_SETTINGS_MODULE"):
    sample.set_up()


@pytest.fixture(scope="session")
def sample_site() -> Iterator[str]:
    """The address of the sample, served by a process of its own with the platform's content security policy."""
    assets.prepare()
    messages.compile_all()
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.web.kit.sample", "0"],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    assert port, "the sample did not start"
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)
