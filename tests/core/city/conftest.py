"""One small city for all tests of the generator."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from xiezhi.city.build import Built, build


@dataclass(frozen=True)
class City:
    folder: Path
    built: Built
    seconds: float
    """Of processor time: the machine may be busy with other things."""


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city") / "delivered"
    begun = time.process_time()
    built = build(folder, persons=5_000, seed=7)
    return City(folder, built, time.process_time() - begun)
