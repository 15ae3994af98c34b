"""A run killed at any moment resumes, and ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.builders.lake import build_lake
from tests.core.runs.world import CODES, world
from xiezhi.kernel import faultpoints
from xiezhi.runs import execute as _declares_the_points
from xiezhi.runs.record import COVERAGE, HITS, STANDING, RunFolders

POINTS = sorted(point for point in faultpoints.KNOWN if point.startswith("run."))
assert _declares_the_points


def start(lake: Path, **environment: str) -> subprocess.Popen[bytes]:
    asked = [argument for code in CODES for argument in ("--rule", code)]
    command = [sys.executable, "-m", "xiezhi", "run", "--lake", str(lake), "--format", "json", *asked]
    return subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": "src"} | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finish(lake: Path) -> None:
    process = start(lake)
    _, said = process.communicate()
    assert process.returncode == 0, said.decode()


def results(lake: Path) -> list[Any]:
    """Everything the newest complete run says, but for times."""
    folders = RunFolders(lake / "runs")
    newest = folders.complete()[-1]
    folder = folders.folder(newest.run)
    endings = [(rule.code, rule.ending, rule.hits) for rule in newest.rules]
    return [newest.run, endings, *(pq.read_table(folder / name).to_pylist() for name in (HITS, STANDING, COVERAGE))]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    root = tmp_path_factory.mktemp("undisturbed") / "lake"
    build_lake(root, world()).close()
    finish(root)
    return results(root)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_fault_point(point: str, tmp_path: Path, undisturbed: list[Any]) -> None:
    build_lake(tmp_path / "lake", world()).close()
    process = start(tmp_path / "lake", XIEZHI_KILL_AT=point)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    if point != "run.after_record":
        finish(tmp_path / "lake")
    assert results(tmp_path / "lake") == undisturbed


def test_killed_at_random(tmp_path: Path, undisturbed: list[Any]) -> None:
    build_lake(tmp_path / "lake", world()).close()
    dice = random.Random(7)
    for _ in range(3):
        process = start(tmp_path / "lake")
        time.sleep(dice.uniform(0.6, 1.6))
        process.kill()
        process.communicate()
    if not RunFolders(tmp_path / "lake" / "runs").complete():
        finish(tmp_path / "lake")
    assert [row["seal"] for row in results(tmp_path / "lake")[2]] == [row["seal"] for row in undisturbed[2]]
