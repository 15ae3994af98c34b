"""A site with the demonstration's lake, its alerts raised."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.web.lakes import city_for_all
from tests.web.people import Commission
from xiezhi.web.alerts import gateway
from xiezhi.web.alerts.actions.raising import Raised, raise_alerts


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return city_for_all(tmp_path_factory.getbasetemp())


@pytest.fixture
def home(city: Path, tmp_path: Path, settings: object) -> Path:
    """A data folder with a lake of its own."""
    settings.XIEZHI_HOME = tmp_path / "home"  # type: ignore[attr-defined]
    shutil.copytree(city / "lake", tmp_path / "home" / "lake")
    return tmp_path / "home"


@pytest.fixture
def raised(home: Path, commission: Commission) -> Raised:
    assert gateway.has_lake()
    return raise_alerts()
