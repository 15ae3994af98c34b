"""Opening a hit by the beginning of its fingerprint, with its norms as they stood on the day that matters."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest

from tests.builders.lake import build_lake, deliver
from tests.core.runs.visits import closed, run, small_content, visit, with_rule
from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.evidence.bundle import Evidence, find_hit, open_evidence
from xiezhi.evidence.page import page
from xiezhi.kernel.errors import UserError
from xiezhi.lake.lake import Lake
from xiezhi.rules.loader import Content
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.record import RunFolders

NO_CONTRACTS = ContractCatalogue({})


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return small_content(tmp_path_factory.mktemp("content"))


def visited(folder: Path, *days: str) -> Lake:
    return build_lake(folder / "lake", {"visits": [visit(1, day) for day in days], "closures": [closed(9, "2024-12-01")]})


def opened(lake: Lake, content: Content) -> Evidence:
    (row,) = hit_rows(RunFolders(lake.paths.runs), 1)
    return open_evidence(lake, content, NO_CONTRACTS, str(row["fingerprint"])[:4])


def test_four_characters_are_enough_and_three_are_refused(tmp_path: Path, content: Content) -> None:
    """By one character the wrong person's evidence could be opened, whenever there happens to be one hit with it."""
    lake = visited(tmp_path, "2024-01-05", "2024-01-06")
    run(lake, content)
    found = opened(lake, content).hit
    assert found.subject == 1
    for given in ("", found.fingerprint[:3]):
        with pytest.raises(UserError) as refused:
            find_hit(RunFolders(lake.paths.runs), given)
        assert refused.value.code == "XZ-EVI-01"


@pytest.mark.parametrize(
    ("days", "text", "period"),
    [
        pytest.param(("2020-05-01", "2021-12-31"), "旧文", "[first_day, last_day]", id="its last day, in the old version"),
        pytest.param(("2021-12-31", "2022-01-01"), "新文", "[first_day, last_day]", id="its last day, in the new version"),
        pytest.param(("2021-12-31", "2022-01-01"), "旧文", "[first_day, open]", id="without a last day its first"),
        pytest.param(("2021-11-30", "2021-12-31"), "新文", "[open, open]", id="without a day that of the run"),
        pytest.param(("2021-11-30", "2021-12-31"), "新文", "none", id="without a period that of the run"),
    ],
)
def test_norms_are_shown_as_they_stood_on_the_day_that_matters(
    tmp_path: Path, content: Content, days: tuple[str, str], text: str, period: str
) -> None:
    """A conduct is judged by the law of its time; the text of another version would accuse by a law that was not there."""
    query = content.rules["VIS-001"].sql.replace("MIN(v.day) AS first_day", "MIN(v.day) AS first_day, CAST(NULL AS DATE) AS open")
    columns = None if period == "none" else period.strip("[]").split(", ")
    asked = with_rule(content, sql=query, hit={"period": columns})
    lake = visited(tmp_path, *days)
    run(lake, asked)
    (norm,) = opened(lake, asked).norms
    assert (norm.text.zh, norm.in_force) == (text, True)


def test_a_norm_that_was_not_yet_in_force_is_said_to_be_so(tmp_path: Path, content: Content) -> None:
    """Its oldest version is shown, with the days from which it holds."""
    early = content.rules["VIS-001"].sql.replace("MIN(v.day) AS first_day", "MIN(v.day) AS first_day, DATE '2019-12-31' AS early")
    asked = with_rule(content, sql=early, hit={"period": ["early", "early"]})
    lake = visited(tmp_path, "2024-01-05", "2024-01-06")
    run(lake, asked)
    evidence = opened(lake, asked)
    (norm,) = evidence.norms
    assert (norm.text.zh, norm.in_force) == ("旧文", False)
    assert "当日未施行" in page(evidence, "zh")
    assert "not in force that day" in page(evidence, "en")


def test_a_later_delivery_is_no_part_of_what_a_hit_was_found_on(tmp_path: Path, content: Content) -> None:
    """The rows are those of the run's own snapshot, in order, each with its file and line."""
    lake = visited(tmp_path, "2024-01-05", "2024-01-06")
    run(lake, content)
    deliver(lake, "visits", [visit(1, "2024-01-07")])
    rows = opened(lake, content).rows
    assert [(row.file, row.delivery, row.row) for row in rows] == [("visits.csv", 1, 2), ("visits.csv", 1, 3)]


def test_of_a_hit_that_stands_no_cause_of_its_end_is_told_and_of_one_that_is_gone_its_last_run(
    tmp_path: Path, content: Content
) -> None:
    """The page of a gone hit shows what it stood on while it stood, and above it that it is gone and why."""
    lake = visited(tmp_path, "2024-01-05", "2024-01-06")
    run(lake, content)
    stands = opened(lake, content)
    assert (stands.gone, stands.gone_in, stands.record.run) == ([], None, 1)
    assert "The hit is gone" not in page(stands, "en")
    deliver(lake, "closures", [closed(1, "2024-01-01")])
    run(lake, content)
    gone = open_evidence(lake, content, NO_CONTRACTS, stands.hit.fingerprint)
    assert (gone.record.run, gone.gone_in.run if gone.gone_in else None) == (1, 2)
    assert [row.row for row in gone.rows] == [2, 3]
    assert [cause.kind for cause in gone.gone] == ["judged"]
    assert "The hit is gone" in page(gone, "en")
    assert gone.gone[0].words.en in unescape(page(gone, "en"))
    assert gone.gone[0].words.zh in unescape(page(gone, "zh"))


def test_what_was_delivered_is_text_on_the_page_and_nothing_else(tmp_path: Path, content: Content) -> None:
    """A department must not be able to put a form or a picture from elsewhere into an officer's evidence."""
    place = "<img src=x>&"
    visits = [visit(1, f"2024-01-0{day}", place) for day in (5, 6)]
    asked = with_rule(content, sql=content.rules["VIS-001"].sql.replace("IN ($places)", "IN ($places, '<img src=x>&')"))
    lake = build_lake(tmp_path / "lake", {"visits": visits, "closures": [closed(9, "2024-12-01")]})
    run(lake, asked)
    html = page(opened(lake, asked), "zh")
    assert place not in html
    assert html.count("&lt;img src=x&gt;&amp;") >= 3, "in the sentence and in both rows"


def test_what_could_be_two_hits_opens_neither(tmp_path: Path, content: Content) -> None:
    """The fingerprints of these two people begin alike: one more character tells them apart."""
    visits = [visit(person, f"2024-01-0{day}") for person in (259, 347) for day in (5, 6)]
    lake = build_lake(tmp_path / "lake", {"visits": visits, "closures": [closed(9, "2024-12-01")]})
    run(lake, content)
    folders = RunFolders(lake.paths.runs)
    prints = {int(row["subject"]): str(row["fingerprint"]) for row in hit_rows(folders, 1)}
    (common,) = {fingerprint[:4] for fingerprint in prints.values()}
    with pytest.raises(UserError) as refused:
        find_hit(folders, common)
    assert refused.value.code == "XZ-EVI-02"
    assert common in refused.value.message("en")
    for person, fingerprint in prints.items():
        assert find_hit(folders, fingerprint[:5])[0].subject == person
