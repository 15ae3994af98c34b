"""A printed seal leads to the one hit that had it, and to the runs in which it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.lake import build_lake, deliver
from tests.core.runs.visits import CODE, closed, run, small_content, visit
from xiezhi.evidence.seals import SealFound, find_seals, seals_of
from xiezhi.kernel.errors import UserError
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.record import RunFolders, RunRecord


@pytest.fixture
def runs(tmp_path: Path) -> tuple[RunFolders, list[RunRecord]]:
    """Four runs: two on the same data, one on other data that changes nothing of the hit, and one in which it is gone."""
    content = small_content(tmp_path / "content")
    visits = [visit(person, f"2024-01-0{day}") for person in (1, 2) for day in (5, 6)]
    lake = build_lake(tmp_path / "lake", {"visits": visits, "closures": [closed(9, "2024-12-01")]})
    records = [run(lake, content), run(lake, content)]
    deliver(lake, "visits", [visit(3, "2024-01-07")])
    records.append(run(lake, content))
    deliver(lake, "closures", [closed(1, "2024-01-01")])
    records.append(run(lake, content))
    return RunFolders(lake.paths.runs), records


def seal(folders: RunFolders, number: int, person: int) -> str:
    return next(str(row["seal"]) for row in hit_rows(folders, number) if row["subject"] == str(person))


def test_eight_characters_are_enough_and_seven_are_refused(runs: tuple[RunFolders, list[RunRecord]]) -> None:
    folders, _records = runs
    wanted = seal(folders, 1, 1)
    assert [one.seal for one in find_seals(folders, wanted[:8])] == [wanted]
    assert [one.seal for one in find_seals(folders, f"  {wanted.upper()} ")] == [wanted], "as it is typed from paper"
    with pytest.raises(UserError) as refused:
        find_seals(folders, f" {wanted[:7]} ")
    assert refused.value.code == "XZ-EVI-04"


def test_a_seal_is_told_with_the_runs_that_gave_it_first_and_last(runs: tuple[RunFolders, list[RunRecord]]) -> None:
    """The same data gives the same seal; the run that found the hit gone gave it none, though its row is told there."""
    folders, (first, second, third, _last) = runs
    (fingerprint,) = {str(row["fingerprint"]) for number in (1, 4) for row in hit_rows(folders, number) if row["subject"] == "1"}
    old, new = seal(folders, 1, 1), seal(folders, 3, 1)
    assert old != new
    assert seals_of(folders, fingerprint, CODE) == [
        SealFound(old, CODE, fingerprint, (1, 2), first.finished, second.finished),
        SealFound(new, CODE, fingerprint, (3,), third.finished, third.finished),
    ]
    assert find_seals(folders, new) == seals_of(folders, fingerprint, CODE)[1:]
    assert seals_of(folders, fingerprint, "VIS-002") == []
