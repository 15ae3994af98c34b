"""A lake received for real, once a run; tests that receive get a home of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.web.deliveries.files import DIBAO, PAYROLL, broken, csv
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery


@pytest.fixture(scope="session")
def made_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deliveries 1 (civil affairs, two rows set aside), 2 and 3 (finance, January and February 2026), 4 (refused, nobody's)."""
    folder = tmp_path_factory.mktemp("made")
    files = [
        csv(folder / "低保名册.csv", DIBAO),
        csv(folder / "工资202601.csv", PAYROLL.replace("MONTH", "2026-01")),
        csv(folder / "工资202602.csv", PAYROLL.replace("MONTH", "2026-02")),
        broken(folder / "乱.csv"),
    ]
    for file in files:
        receive_delivery(CoreConfig(), [file], folder / "lake")
    return folder / "lake"


@pytest.fixture
def home(tmp_path: Path, settings: object) -> Path:
    """A data folder without a lake."""
    settings.XIEZHI_HOME = tmp_path / "home"  # type: ignore[attr-defined]
    (tmp_path / "home").mkdir(mode=0o700)
    return tmp_path / "home"


@pytest.fixture
def lake(home: Path, made_lake: Path) -> Path:
    """A data folder with a lake of four deliveries."""
    return Path(shutil.copytree(made_lake, home / "lake"))
