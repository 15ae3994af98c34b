"""Processes from several roots: versions follow each other, chains and deadlines are replaced by name only."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.core.processes.shipped import CONTENT, changed, folder
from xiezhi.kernel.errors import ContentError
from xiezhi.operations.config import shipped_content
from xiezhi.processes.loader import load_processes

SHIPPED = shipped_content()


def site(tmp_path: Path, file: str, *changes: tuple[str, str], called: str = "") -> Path:
    """A site's root with one file of its own, made from a shipped one."""
    whole = folder(tmp_path / "whole")
    for before, after in changes:
        changed(whole, file, before, after)
    path = tmp_path / "site" / (called or file)
    path.parent.mkdir(parents=True)
    (whole / file).rename(path)
    return tmp_path / "site"


def test_a_later_version_is_begun_with_from_its_day_on(tmp_path: Path) -> None:
    root = site(
        tmp_path,
        "processes/alert/1.yaml",
        ("version: 1\n", "version: 2\n"),
        ("in_force: 2018-03-20", "in_force: 2027-01-01"),
        called="processes/alert/2.yaml",
    )
    content = load_processes([SHIPPED, root])
    before, after = content.in_force("alert", date(2026, 12, 31)), content.in_force("alert", date(2027, 1, 1))
    assert (before and before.version, after and after.version) == (1, 2)
    assert content.in_force("alert", date(2018, 3, 19)) is None
    assert content.in_force("nothing", date(2026, 1, 1)) is None


def test_a_version_is_never_replaced(tmp_path: Path) -> None:
    root = site(tmp_path, "processes/alert/1.yaml", ("en: Alert disposal", "en: Alerts"))
    with pytest.raises(ContentError, match="alert-1"):
        load_processes([SHIPPED, root])


def test_a_deadline_is_replaced_only_where_it_says_so(tmp_path: Path) -> None:
    longer = ("limit: {working_days: 3}", "limit: {working_days: 5}")
    silent = site(tmp_path / "silent", "deadlines/alert_sign.yaml", longer)
    with pytest.raises(ContentError, match="alert_sign"):
        load_processes([SHIPPED, silent])
    said = site(tmp_path / "said", "deadlines/alert_sign.yaml", longer, ("title:", "replaces: alert_sign\ntitle:"))
    version = load_processes([SHIPPED, said]).deadlines["alert_sign"].on(date(2026, 1, 1))
    assert version is not None
    assert version.limit_for({}).number == 5


def test_a_chain_asks_for_those_signatures_that_a_matter_needs() -> None:
    chain = CONTENT.chains["alert_dispatch"]
    levels = ("blue", "yellow", "orange", "red")
    assert [len(chain.needed({"level": level, "tier": "city"})) for level in levels] == [0, 0, 1, 2]
    assert [len(chain.needed({"level": level, "tier": "county"})) for level in levels] == [0, 0, 1, 1]
    assert chain.needed({}) == ()


def test_a_deadline_goes_by_the_fact_it_names() -> None:
    version = CONTENT.deadlines["alert_verification"].on(date(2026, 1, 1))
    assert version is not None
    assert [version.limit_for({"level": level}).number for level in ("red", "orange", "yellow", "blue")] == [10, 20, 30, 60]
    assert CONTENT.deadlines["alert_verification"].on(date(2018, 3, 19)) is None


def test_versions_of_a_deadline_follow_each_other(tmp_path: Path) -> None:
    line = "  - {from: 2018-03-20, tag: REC, limit: {working_days: 3}}\n"
    law = line.replace(", tag", ", to: 2025-06-01, tag") + "  - {from: 2025-06-01, tag: REC, limit: {days: 7}}\n"
    root = changed(folder(tmp_path / "good"), "deadlines/alert_sign.yaml", line, law)
    deadline = load_processes([root]).deadlines["alert_sign"]
    last, first = deadline.on(date(2025, 5, 31)), deadline.on(date(2025, 6, 1))
    assert last is not None
    assert first is not None
    assert (last.limit_for({}).unit, first.limit_for({}).unit) == ("working_days", "days")
    overlapping = law.replace("to: 2025-06-01", "to: 2025-06-02")
    with pytest.raises(ContentError, match="follow"):
        load_processes([changed(folder(tmp_path / "bad"), "deadlines/alert_sign.yaml", line, overlapping)])
