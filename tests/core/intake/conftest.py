"""What several tests of intake stand on."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezhi.lake.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """The folders of a lake, all of them there and empty."""
    made = Layout(tmp_path / "lake")
    for folder in made.folders():
        folder.mkdir(parents=True)
    return made
