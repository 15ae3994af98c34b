"""Corrections: of two states of one key the newer stands, whichever was delivered last."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.core.intake.receiving import Site, citizen

from xiezhi.intake.receipts.receipt import Receipt

HEADER = ("公民身份号码", "姓名", "性别", "出生日期", "户号", "与户主关系", "村(社区)代码", "户籍状态", "状态变更日期")


def resident(number: int, status: str, day: str, village: str = "990101001001") -> list[str]:
    born = citizen(number)[6:14]
    sex = "男" if int(citizen(number)[16]) % 2 else "女"
    return [citizen(number), "王小明", sex, f"{born[:4]}-{born[4:6]}-{born[6:]}", "H1", "户主", village, status, day]


def deliver(site: Site, path: Path, *rows: list[str]) -> Receipt:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([HEADER, *rows])
    [receipt] = site.receive(path, contract="person_population")
    return receipt


def states(site: Site) -> list[str]:
    return [row["status"] for row in site.rows("person_population", "status")]


def test_a_register_that_comes_late_does_not_undo_a_newer_state(site: Site, tmp_path: Path) -> None:
    deliver(site, tmp_path / "new.csv", resident(1, "死亡", "2024-06-01"))
    receipt = deliver(site, tmp_path / "old.csv", resident(1, "正常", "2024-01-01"))
    assert states(site) == ["死亡"]
    assert (receipt.accepted, receipt.outdated, receipt.replaced, receipt.set_aside) == (1, 1, 0, 0)


def test_a_newer_state_takes_the_place_of_the_older(site: Site, tmp_path: Path) -> None:
    deliver(site, tmp_path / "old.csv", resident(1, "正常", "2024-01-01"))
    receipt = deliver(site, tmp_path / "new.csv", resident(1, "死亡", "2024-06-01"))
    assert states(site) == ["死亡"]
    assert (receipt.outdated, receipt.replaced) == (0, 1)


def test_of_one_day_what_was_delivered_last_stands(site: Site, tmp_path: Path) -> None:
    deliver(site, tmp_path / "a.csv", resident(1, "正常", "2024-01-01"))
    receipt = deliver(site, tmp_path / "b.csv", resident(1, "迁出", "2024-01-01"))
    assert states(site) == ["迁出"]
    assert receipt.replaced == 1


def test_without_a_day_what_was_delivered_last_stands(site: Site, tmp_path: Path) -> None:
    deliver(site, tmp_path / "a.csv", resident(1, "正常", "2024-01-01"))
    deliver(site, tmp_path / "b.csv", resident(1, "迁出", ""))
    assert states(site) == ["迁出"]


def test_within_a_file_the_newest_state_stands_in_whatever_order(site: Site, tmp_path: Path) -> None:
    rows = [resident(1, "正常", "2024-01-01"), resident(1, "死亡", "2024-06-01"), resident(1, "迁出", "2024-03-01")]
    receipt = deliver(site, tmp_path / "a.csv", *rows)
    assert states(site) == ["死亡"]
    assert (receipt.accepted + receipt.repaired, receipt.outdated, receipt.set_aside) == (3, 2, 0)


def test_two_states_of_one_day_in_one_file_contradict_each_other(site: Site, tmp_path: Path) -> None:
    receipt = deliver(site, tmp_path / "a.csv", resident(1, "正常", "2024-01-01"), resident(1, "迁出", "2024-01-01"))
    assert receipt.set_aside == 1


def test_the_same_register_again_changes_nothing(site: Site, tmp_path: Path) -> None:
    rows = [resident(1, "正常", "2024-01-01"), resident(1, "死亡", "2024-06-01")]
    deliver(site, tmp_path / "a.csv", *rows)
    receipt = deliver(site, tmp_path / "b.csv", *reversed(rows))
    assert (receipt.duplicate, receipt.outdated, receipt.replaced) == (1, 1, 0)
    assert states(site) == ["死亡"]
