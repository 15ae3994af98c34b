"""A lake lies where people put it: their folders have blanks, brackets and apostrophes in their names."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.builders.lake import build_lake
from tests.core.runs.visits import closed, run, small_content, visit
from xiezhi.lake.lake import Lake
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.record import RunFolders


def twin_beside(lake: Lake) -> None:
    """A copy of a lake in the folder that its own folder's name means as a pattern; in each of its files is something else."""
    own = lake.paths.root.parent
    twin = own.with_name(re.sub(r"\[(.)\]|[*?]", r"\1", own.name))
    assert twin != own
    shutil.copytree(own, twin, dirs_exist_ok=True)
    for file in twin.rglob("*.parquet"):
        pq.write_table(pa.table({"other": [1]}), file)


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


@pytest.mark.parametrize("name", ["甲[1]", "甲*"])
def test_a_run_reads_nothing_of_the_lake_whose_folder_its_own_folder_means_as_a_pattern(tmp_path: Path, name: str) -> None:
    content = small_content(tmp_path / "content")
    tables = {"visits": [visit(1, "2024-05-01"), visit(1, "2024-05-02")], "closures": [closed(9, "2024-05-01")]}
    lake = build_lake(tmp_path / name / "lake", tables)
    for state in ("new", "still"):
        twin_beside(lake)
        record = run(lake, content)
        assert [(ending.ending, ending.hits) for ending in record.rules] == [("done", 1)]
        assert [row["state"] for row in hit_rows(RunFolders(lake.paths.runs), record.run)] == [state]
