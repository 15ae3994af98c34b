"""Rows that a column nobody reads calls void or sent back are set aside; reversals, and columns of the contract's, are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.receiving import HEADER, Site, payment, write_csv

from xiezhi.intake.receipts.receipt import Receipt


def remarked(site: Site, folder: Path, remarks: list[str], *, title: str = "备注", **other: str) -> Receipt:
    rows = [[*payment(at, **other), remark] for at, remark in enumerate(remarks, start=1)]
    [receipt] = site.receive(write_csv(folder / "a.csv", rows, header=[*HEADER, title]))
    assert receipt.refusal is None
    return receipt


@pytest.mark.parametrize("title", ["备注", "说明", "处理结果"])
@pytest.mark.parametrize(
    "void", ["退回", "已退回", "作废", "（已作废）", "本条作废", "退款", "银行退票", "未发放", "发放失败", "已撤销。", "已退"]
)
def test_a_row_that_is_said_to_be_void_goes_back(void: str, title: str, site: Site, tmp_path: Path) -> None:
    receipt = remarked(site, tmp_path, ["", f" {void} ", "正常"], title=title)
    assert (receipt.accepted, receipt.set_aside) == (2, 1)
    assert [(one.column, one.reason, one.count) for one in receipt.reasons] == [(None, "void_row", 1)]


@pytest.mark.parametrize(
    "said",
    ["退回重发已到账", "退休", "冻结", "无效", "失败", "无退回", "已发放", "作废旧卡换新卡", "退伍军人", "上月退回本月补发"],
)
def test_a_row_of_which_something_else_is_said_is_read(said: str, site: Site, tmp_path: Path) -> None:
    assert remarked(site, tmp_path, [said]).accepted == 1


def test_every_row_of_many_remarks_is_looked_at(site: Site, tmp_path: Path) -> None:
    receipt = remarked(site, tmp_path, [*(f"说明 {at}" for at in range(9000)), "已退回"])
    assert (receipt.accepted, receipt.set_aside) == (9000, 1)


def test_a_reversal_stays_and_so_do_rows_whose_nature_is_delivered(site: Site, tmp_path: Path) -> None:
    assert remarked(site, tmp_path, ["退回"], 补贴金额="-100.50").accepted == 1
    rows = [[*payment(7), "已退回", "退回"]]
    [receipt] = site.receive(write_csv(tmp_path / "b.csv", rows, header=[*HEADER, "备注", "发放性质"]))
    assert receipt.accepted == 1


def test_one_id_under_two_names_is_told(site: Site, tmp_path: Path) -> None:
    person = payment(1)[1]
    rows = [payment(1), payment(2, 身份证号=person, 姓名="李大明"), payment(3), payment(4)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert receipt.accepted == 4
    [told] = [one for one in receipt.remarks if one.remark == "two_names"]
    assert (told.column, told.count, [one.row for one in told.examples]) == ("name", 1, [3])


def test_one_id_under_one_name_however_written_is_not(site: Site, tmp_path: Path) -> None:
    person = payment(1)[1]
    rows = [payment(1), payment(2, 身份证号=person, 姓名="王 小明"), payment(3, 身份证号=person, 姓名="王小明（户主）")]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert [one for one in receipt.remarks if one.remark == "two_names"] == []


@pytest.mark.parametrize(
    ("title", "void", "fine"),
    [
        ("是否作废", "是", "否"),
        ("作废标志", "1", "0"),
        ("删除标志", "1", "0"),
        ("有效标志", "0", "1"),
        ("是否发放成功", "否", "是"),
        ("发放状态", "失败", "成功"),
        ("支付结果", "冻结", "正常"),
        ("代发情况", "未成功", "成功"),
        ("代发结果", "失败:账号错误", "成功"),
        ("银行反馈", "户名不符,退回", "正常"),
        ("审核结果", "不通过", "通过"),
        ("状态", "冻结", "正常"),
        ("是否发放", "否", "是"),
        ("发放标志", "N", "Y"),
        ("退回金额", "120.00", "0"),
        ("退回日期", "2021-04-01", ""),
        ("失败原因", "账号不存在", ""),
        ("失败原因", "户名不符", "无"),
        ("实际到账金额", "0.00", "100.50"),
        ("备注", "退货", "进货"),
        ("备注", "卡号错误，退回", "卡号已更正"),
        ("备注", "已冲正", "已核对"),
        ("备注", "款未发", "款已发"),
        ("备注", "账号错误退回", "账号错误已改"),
    ],
)
def test_columns_of_states_say_it_in_their_own_way(title: str, void: str, fine: str, site: Site, tmp_path: Path) -> None:
    receipt = remarked(site, tmp_path, [fine, void], title=title)
    assert (receipt.accepted, receipt.set_aside) == (1, 1)
    assert [(one.reason, one.row) for one in receipt.reasons] == [("void_row", 3)]


def test_a_regular_nature_does_not_excuse_a_void_row(site: Site, tmp_path: Path) -> None:
    rows = [[*payment(1), "已退回", "常规"], [*payment(2), "已退回", "退回"], [*payment(3), "", "常规"]]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows, header=[*HEADER, "备注", "发放性质"]))
    assert (receipt.accepted, receipt.set_aside) == (2, 1)


PURCHASE = ["采购单号", "学校名称", "供应商统一社会信用代码", "采购日期", "食材名称", "单价", "数量"]


@pytest.mark.parametrize(
    ("title", "cell", "quantity", "kept"),
    [
        ("支付状态", "未支付", "10", True),
        ("实付金额", "0", "10", True),
        ("备注", "退货", "-5", True),
        ("备注", "已退回", "10", True),
        ("备注", "作废", "10", False),
        ("是否作废", "是", "10", False),
        ("是否作废", "否", "10", True),
    ],
)
def test_of_other_tables_only_what_is_void_goes_back(
    title: str, cell: str, quantity: str, kept: bool, site: Site, tmp_path: Path
) -> None:
    """Deliveries are paid later, deposits and contracts come back in the ordinary course."""
    row = ["C1", "柳河小学", "919901000000000197", "2021-03-02", "大米", "5.00", quantity, cell]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [row], header=[*PURCHASE, title]), contract="canteen_purchase")
    assert (receipt.accepted, receipt.set_aside) == ((1, 0) if kept else (0, 1)), receipt.reasons
