"""One Spark session for all tests of this folder, where Spark can run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from xiezhi.engines.spark_engine import Spark, require
from xiezhi.kernel.errors import UserError


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    """A local session; its folder has a blank and Chinese characters in its name, as people's folders do."""
    try:
        require()
    except UserError as error:
        pytest.skip(f"NOT COMPARED WITH SPARK: {error}")
    scratch: Path = tmp_path_factory.mktemp("火 花 [1]")
    with Spark(scratch=scratch, threads=1) as session:
        yield session
