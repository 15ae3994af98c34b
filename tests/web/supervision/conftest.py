"""A site with the demonstration's lake, its run copied."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.alerts.conftest import city, home
from tests.web.people import Commission
from xiezhi.kernel.progress import Progress, Silent
from xiezhi.web.accounts.viewer import Viewer, acting_as
from xiezhi.web.jobs.kinds import Task
from xiezhi.web.supervision.actions.recording import record_runs

__all__ = ["city", "home"]


@pytest.fixture
def copied(home: Path, commission: Commission) -> list[int]:
    return record_runs()


def task(viewer: Viewer, *, progress: Progress | None = None, check: Callable[[], None] = lambda: None, attempt: int = 1) -> Task:
    """What a worker gives a job, without its lease."""
    return Task(
        job_id=uuid.uuid4(),
        title="",
        viewer=viewer,
        progress=progress or Silent(),
        attempt=attempt,
        check=check,
        holding=lambda: acting_as(viewer),
    )
