"""Rows that a sheet's name, a title or a line above them calls void, sent back or an example are not read as facts."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.receiving import HEADER, Site, payment, write_csv
from tests.core.intake.rows.test_receive_chronology import HELP
from tests.core.intake.stated.test_receive_units import book


@pytest.mark.parametrize(
    "name",
    [
        "作废",
        "退回名单",
        "2025年退回",
        "样表",
        "示例数据",
        "未发放",
        "剔除人员",
        "不予发放名单",
        "草稿(勿用)",
        "打卡失败",
        "停发人员",
        "拟发放公示名单",
        "待发放明细",
        "退款明细表",
        "已退回名单",
        "暂缓发放",
        "待支付",
        "拟支付名单",
    ],
)
def test_a_sheet_called_so_is_refused(name: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / "a.xlsx", [], [payment(1)], sheet=name))
    assert receipt.refusal is not None
    assert receipt.refusal.code == "list_void"
    assert f"工作表名“{name}”" in receipt.refusal.zh


@pytest.mark.parametrize(
    "name",
    [
        "剔除退回后",
        "退回重发",
        "已剔除作废人员名单",
        "未发现问题",
        "Sheet1",
        "示例村",
        "作业表",
        "名单公示",
        "性能测试",
        "退役军人补助",
        "停发名单核查后",
    ],
)
def test_a_sheet_that_only_sounds_so_is_read(name: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / "a.xlsx", [], [payment(1)], sheet=name))
    assert (receipt.refusal, receipt.accepted) == (None, 1)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize(
    "line",
    ["以下为退回名单", "二、作废部分", "(二)退回人员:", "以下人员未发放", "以下各户不符合条件", "以下人员停发", "二、打卡失败"],
)
def test_a_line_that_speaks_of_what_follows(line: str, ending: str, site: Site, tmp_path: Path) -> None:
    rows = [payment(1), [line] if ending == ".csv" else [line, *[""] * (len(HEADER) - 1)], payment(2)]
    path = tmp_path / f"a{ending}"
    [receipt] = site.receive(write_csv(path, rows) if ending == ".csv" else book(path, [], rows))
    assert receipt.refusal is not None
    assert receipt.refusal.code == "list_void"
    assert f"第 3 行“{line}”" in receipt.refusal.zh


def test_such_a_line_with_nothing_below_it_says_nothing(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1), ["以下为退回名单"]]))
    assert (receipt.refusal, receipt.accepted, receipt.set_aside) == (None, 1, 1)


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("3月退回名单.csv", True),
        ("3月作废.csv", True),
        ("打卡失败名单.csv", True),
        ("发放明细-样表.csv", True),
        ("3月退回重报.csv", False),
    ],
)
def test_a_file_called_so(name: str, refused: bool, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / name, [payment(1)]))
    assert bool(receipt.refusal) is refused


@pytest.mark.parametrize(
    ("title", "refused"), [("2025年3月退回补贴明细", False), ("2025年3月补贴退回明细", True), ("补贴发放表(样表)", False)]
)
def test_a_title_that_says_so(title: str, refused: bool, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / "a.xlsx", [[title]], [payment(1)]))
    assert bool(receipt.refusal) is refused


def test_rows_that_say_it_themselves_are_read(site: Site, tmp_path: Path) -> None:
    header = [*HEADER, "发放性质"]
    [receipt] = site.receive(book(tmp_path / "a.xlsx", [], [[*payment(1), "退回"]], header=header, sheet="退回"))
    assert (receipt.refusal, receipt.accepted) == (None, 1)
    rows = [[*payment(2), "退回"], [*payment(3), "常规"]]
    [receipt] = site.receive(book(tmp_path / "b.xlsx", [], rows, header=header, sheet="退回"))
    assert receipt.refused


@pytest.mark.parametrize(
    ("sheet", "refused"), [("停发名单", False), ("退费明细", False), ("作废", True), ("拟纳入低保对象公示", True)]
)
def test_of_other_tables_only_what_is_void_is_refused(sheet: str, refused: bool, site: Site, tmp_path: Path) -> None:
    """Who lost a benefit when is what a register of it says."""
    path = book(tmp_path / "a.xlsx", [], [list(HELP.values())], header=list(HELP), sheet=sheet)
    [receipt] = site.receive(path, contract="dibao_member")
    assert bool(receipt.refusal) is refused


def test_a_list_of_reversals_is_read(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / "a.xlsx", [], [payment(1, 补贴金额="-100.50")], sheet="退回"))
    assert (receipt.refusal, receipt.accepted) == (None, 1)


def test_a_line_behind_thousands_of_broken_rows_is_read(site: Site, tmp_path: Path) -> None:
    """Footers and broken rows are all looked at, however many there are."""
    rows = [["x", "y"]] * 1100 + [["以下为退回名单"], payment(2)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert receipt.refusal is not None
    assert (receipt.refusal.code, "第 1102 行" in receipt.refusal.zh) == ("list_void", True)
