"""What several tests of intake stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.intake.receiving import Site

from xiezhi.identity.keyring import Keyring
from xiezhi.lake.layout import LakeLayout


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A lake of its own that receives."""
    made = Site(tmp_path, Keyring.fresh())
    yield made
    made.close()


@pytest.fixture
def layout(tmp_path: Path) -> LakeLayout:
    """The folders of a lake, all of them there and empty."""
    made = LakeLayout(tmp_path / "lake")
    for folder in made.folders():
        folder.mkdir(parents=True)
    return made
