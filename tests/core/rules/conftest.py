from pathlib import Path

import pytest

from tests.builders.content import write_content


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A content folder with one sound rule."""
    return write_content(tmp_path / "content")
