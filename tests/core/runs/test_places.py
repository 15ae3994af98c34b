"""A lake lies where people put it: their folders have blanks, brackets and apostrophes in their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.lake import build_lake
from tests.core.runs.visits import closed, run, small_content, visit
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.record import RunFolders


@pytest.mark.parametrize("name", ["O'Brien's", "甲 [1]", "星*{a,b}"])
def test_a_run_and_the_next_find_their_files_in_any_folder(tmp_path: Path, name: str) -> None:
    """The next one reads the hits of the first, too."""
    content = small_content(tmp_path / "content")
    tables = {"visits": [visit(1, "2024-05-01"), visit(1, "2024-05-02")], "closures": [closed(9, "2024-05-01")]}
    lake = build_lake(tmp_path / name / "lake", tables)
    for state in ("new", "still"):
        record = run(lake, content)
        assert [(ending.ending, ending.hits) for ending in record.rules] == [("done", 1)]
        assert [row["state"] for row in hit_rows(RunFolders(lake.paths.runs), record.run)] == [state]
