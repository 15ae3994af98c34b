"""A fact whose absence changes nothing, as the rule says, is empty where its tables never came; any other stops the rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.judging import judge
from tests.scenarios.situation import Delivery, Situation, Situations

WORKS: Delivery = {
    "village_project": [
        {
            "项目编号": "P1",
            "村(社区)代码": "990101001201",
            "合同签订日期": "2024-06-15",
            "承建单位统一社会信用代码": "企甲",
            "合同金额": 420000,
        }
    ],
    "village_cadre": [
        {"身份证号": "人甲", "姓名": "赵一", "村(社区)代码": "990101001201", "职务": "村委会主任", "任职日期": "2021-03-01"}
    ],
    "enterprise_person": [{"统一社会信用代码": "企甲", "身份证号": "人甲", "人员角色": "股东", "起始日期": "2019-01-01"}],
    "kinship": [{"本人身份证号": "人甲", "亲属身份证号": "人乙", "亲属关系": "配偶", "亲等": 1}],
    "person_population": [
        {"公民身份号码": "人丙", "姓名": "钱二", "性别": "男", "出生日期": "1960-05-04", "户号": "H1", "户籍状态": "正常"}
    ],
    "enterprise": [{"统一社会信用代码": "企甲", "企业名称": "甲建设有限公司", "登记状态": "存续"}],
}


def test_without_regions_villages_are_compared_and_shown_by_their_codes(tmp_path: Path) -> None:
    said = Situations(
        "VIL-110", {}, (Situation("own", "violation", "", (WORKS,), ({"village_name": 990101001201, "variant": "A"},)),)
    )
    judged = judge(said, tmp_path)
    assert judged.wrong(said.situations[0]) == []
    assert {row["outcome"] for row in judged.coverage} == {"evaluated"}


def test_without_the_register_of_companies_it_cannot_be_judged(tmp_path: Path) -> None:
    rest = {contract: rows for contract, rows in WORKS.items() if contract != "enterprise"}
    with pytest.raises(AssertionError, match="not_computable"):
        judge(Situations("VIL-110", {}, (Situation("own", "violation", "", (rest,)),)), tmp_path)


def test_policies_of_villages_that_no_register_knows_are_counted(tmp_path: Path) -> None:
    """An insurer that writes codes of its own for villages: who dominates a village cannot be told over them."""
    policies = [
        {"保单号": f"P{number}", "村(社区)代码": village, "业务员": "赵一", "签单日期": "2024-05-06", "保费": "100.00"}
        for number, village in enumerate(["990101001201", "990101001201", "990109009209"])
    ]
    regions = [{"区划代码": "990101001201", "区划名称": "甲村", "启用日期": "2000-01-01"}]
    delivered: Delivery = {"house_insurance": policies, "region": regions}
    judged = judge(Situations("INS-217", {}, (Situation("own codes", "innocent", "", (delivered,)),)), tmp_path)
    assert {row["outcome"]: row["rows"] for row in judged.coverage} == {"evaluated": 2, "not_found": 1}
