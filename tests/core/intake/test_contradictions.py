"""A row that contradicts the citizen id in it, makes somebody their own relative, or has no name where one must be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.core.intake.receiving import citizen
from tests.core.intake.test_receive_chronology import DEATH, HELP, STAY, received

from xiezhi.city.codes import credit_codes
from xiezhi.intake import judge

RESIDENT = {"公民身份号码": citizen(1), "姓名": "王小明", "性别": "女", "出生日期": "1951-01-01", "户籍状态": "正常"}
KIN = {"本人身份证号": citizen(1), "亲属身份证号": citizen(2), "亲属关系": "妻", "亲等": "1"}
FIRMS = [bytes(code).decode() for code in credit_codes("91", [1, 2, 3])]
FIRM = {"统一社会信用代码": FIRMS[0], "企业名称": "霁川商贸有限公司", "登记状态": "存续"}
PURCHASE = {"采购单号": "C1", "学校名称": "霁川小学", "食材名称": "大米", "采购日期": "2026-03-02", "单价": "5.00", "数量": "10"}


@pytest.mark.parametrize(
    ("contract", "row", "wrong", "reason"),
    [
        ("person_population", RESIDENT, {"出生日期": "1951-01-02"}, "birth_date=differs_from_id"),
        ("person_population", RESIDENT, {"出生日期": "1915-01-01"}, "birth_date=differs_from_id"),
        ("person_population", RESIDENT, {"性别": "男"}, "sex=differs_from_id"),
        ("kinship", KIN, {"亲属身份证号": citizen(1)}, "kin=same_as_other"),
        ("enterprise", FIRM, {"隶属企业统一社会信用代码": FIRMS[0]}, "parent=same_as_other"),
        ("enterprise", FIRM, {"原统一社会信用代码": FIRMS[0]}, "former=same_as_other"),
        *(
            ("enterprise", FIRM, {"企业名称": text}, f"company_name={reason}")
            for text, reason in {
                "2024-01-01": "name_malformed",
                "霁川&nbsp;商贸": "name_malformed",
                "12.50": "name_malformed",
                "霁川公司、霁山公司": "name_several",
                "霁川公司 霁山公司": "name_several",
                "霁川公司\n霁山公司": "name_several",
                "小计": "total_row",
                "合 计": "total_row",
                "作废": "void_row",
                "（此行作废）": "void_row",
                "见附件": "placeholder",
            }.items()
        ),
        ("death_registry", DEATH, {"姓名": "合计"}, "name=placeholder"),
        ("med_settlement", STAY, {"定点机构名称": "合计"}, "hospital=total_row"),
        ("med_settlement", STAY, {"定点机构名称": "2026-03-01"}, "hospital=name_malformed"),
        ("med_settlement", STAY, {"结算流水号": "作废"}, "settle_id=void_row"),
        ("dibao_member", HELP, {"审批单位": "D-00012"}, "agency=name_malformed"),
        ("dibao_member", HELP, {"审批单位": "总计"}, "agency=total_row"),
    ],
)
@pytest.mark.parametrize("few", [0, judge.FEW])
def test_what_contradicts_itself_is_set_aside(
    contract: str, row: Mapping[str, str], wrong: dict[str, str], reason: str, few: int, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(judge, "FEW", few)
    for name in ("sound", "wrong"):
        (tmp_path / name).mkdir()
    blank = dict.fromkeys(wrong, "")
    assert received(tmp_path / "sound", contract, blank | dict(row)).set_aside == 0
    receipt = received(tmp_path / "wrong", contract, dict(row) | wrong)
    assert [f"{one.column}={one.reason}" for one in receipt.reasons] == [reason]


@pytest.mark.parametrize(
    "name", ["霁川县第2小学", "化肥、农药经营部", "王建国", "霁川县农业农村局(种植业股)", "霁川移动公司 柳河分公司"]
)
def test_names_of_organisations_are_kept_as_they_are(name: str, tmp_path: Path) -> None:
    receipt = received(tmp_path, "enterprise", FIRM | {"企业名称": name})
    assert (receipt.accepted, receipt.set_aside) == (1, 0)


def test_a_name_that_may_be_missing_is_missing_where_there_is_none(tmp_path: Path) -> None:
    receipt = received(tmp_path, "dibao_member", HELP | {"审批单位": "见附件"})
    assert (receipt.accepted, receipt.set_aside) == (1, 0)
