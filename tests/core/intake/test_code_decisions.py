"""A code that no list knows is one decision, remembered for its sender, and no thousand lost rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.core.intake.receiving import citizen, write_csv

from xiezhi.cli import contracts
from xiezhi.contracts.loader import load_contracts
from xiezhi.kernel.errors import UserError
from xiezhi.operations.codes import decide_code, list_unknown_codes
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery

PERSONS = ("身份证号", "姓名", "性别", "出生日期", "户号", "与户主关系", "村代码", "状态")


def person(number: int, status: str) -> list[str]:
    identity = citizen(number)
    born = f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}"
    return [identity, "王小明", "男" if int(identity[16]) % 2 else "女", born, f"H{number}", "户主", "990101001001", status]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    return tmp_path / "site"


def receive(tmp_path: Path, site: Path, rows: list[list[str]], name: str = "a.csv") -> Any:
    config = CoreConfig.from_environment(site_content=site)
    path = write_csv(tmp_path / name, rows, header=PERSONS)
    return receive_delivery(config, [path], tmp_path / "lake", contract="person_population")[0]


def run(*arguments: object) -> Any:
    return CliRunner().invoke(contracts.command, [str(argument) for argument in arguments])


def test_a_decision_is_made_once_and_the_rows_come_in_as_they_are(tmp_path: Path, site: Path) -> None:
    rows = [person(1, "正常"), *(person(number, "挂靠在册") for number in (2, 3, 4)), person(5, citizen(5))]
    first = receive(tmp_path, site, rows)
    assert (first.accepted, first.set_aside) == (1, 4)
    [reason] = first.reasons
    assert [(one.written, one.count) for one in reason.spellings] == [
        ("挂靠在册", 3),
        (f"{citizen(5)[:2]}…{citizen(5)[-1]}", 1),
    ]
    lake = tmp_path / "lake"
    listed = json.loads(run("codes", "--lake", lake, "--site-content", site, "--format", "json").output)
    assert listed[0] == {"contract": "person_population", "field": "status", "written": "挂靠在册", "rows": 3, "delivery": 1}
    decided = run("decide-code", "person_population", "status", "挂靠在册", "正常", "--reason", "旧称", "--site-content", site)
    assert decided.exit_code == 0, decided.output
    again = receive(tmp_path, site, rows)
    assert (again.accepted, again.repaired, again.set_aside) == (1, 3, 1)
    assert [(one.repair, one.count) for one in again.repairs] == [("code_decided", 3)]
    listed = json.loads(run("codes", "--lake", lake, "--site-content", site, "--format", "json").output)
    assert [one["written"] for one in listed] == [reason.spellings[1].written]
    written = (site / "code_decisions.csv").read_text("utf-8").splitlines()
    assert written[0] == "contract,codelist,written,code,by,on,reason"
    assert written[1].startswith("person_population,resident_status,挂靠在册,正常,")


def test_letters_of_any_case_are_decided_on_and_counted_as_repaired(tmp_path: Path, site: Path) -> None:
    config = CoreConfig.from_environment(site_content=site)
    decide_code(config, "person_population", "status", "Active-a", "正常", "系统代码")
    found = receive(tmp_path, site, [person(1, "active-A"), person(2, "ＡＣＴＩＶＥ-Ａ")])
    assert (found.accepted, found.repaired, found.set_aside) == (0, 2, 0)
    assert {(one.repair, one.count) for one in found.repairs} >= {("code_decided", 2)}


def test_a_code_that_could_be_a_name_is_masked_and_decided_on_as_it_stands_in_the_file(tmp_path: Path, site: Path) -> None:
    rows = [person(1, "常住"), person(2, "常住")]
    [reason] = receive(tmp_path, site, rows).reasons
    assert [(one.written, one.count) for one in reason.spellings] == [("常*", 2)]
    decide = ("decide-code", "person_population", "status")
    refused = run(*decide, "常*", "正常", "--reason", "旧称", "--site-content", site)
    assert isinstance(refused.exception, UserError)
    assert refused.exception.code == "XZ-CODE-03"
    assert run(*decide, "常住", "正常", "--reason", "旧称", "--site-content", site).exit_code == 0
    assert receive(tmp_path, site, rows).repaired == 2
    codes = ("codes", "--lake", tmp_path / "lake", "--site-content", site, "--format", "json")
    assert json.loads(run(*codes).output) == []


def test_rows_whose_spelling_no_receipt_has_are_counted_all_the_same(tmp_path: Path, site: Path) -> None:
    """Very many spellings: the receipt has the first, and nothing is said to be known that was not looked at."""
    receive(tmp_path, site, [person(number, f"状态{number}") for number in range(1, 61)])
    found = list_unknown_codes(CoreConfig.from_environment(site_content=site), tmp_path / "lake")
    assert sum(one.rows for one in found) == 60
    assert [one.rows for one in found if one.written is None] == [10]
    assert "回执没有记下" in run("codes", "--lake", tmp_path / "lake", "--site-content", site).output


def test_a_decision_holds_for_its_sender_only(site: Path) -> None:
    config = CoreConfig.from_environment(site_content=site)
    decide_code(config, "fiscal_payroll", "kind", "辅警", "编外", "按合同制管理")
    found = load_contracts(config.content_roots)
    spellings = {field.name: field.codelist.spellings for field in found.get("fiscal_payroll").table().fields if field.codelist}
    assert spellings["kind"]["辅警"] == "编外"
    assert "辅警" not in found.codelists["payroll_kind"].spellings


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("fiscal_payroll", "kind", "辅警", "民警"), "XZ-CODE-02"),
        (("fiscal_payroll", "kind", "合同制", "在编"), "XZ-CODE-04"),
        (("fiscal_payroll", "amount", "辅警", "编外"), "XZ-CODE-05"),
        (("payroll", "kind", "辅警", "编外"), "XZ-CONTRACT-02"),
        (("fiscal_payroll", "kind", "99…4", "编外"), "XZ-CODE-03"),
    ],
)
def test_what_cannot_be_decided_is_refused(site: Path, arguments: tuple[str, ...], code: str) -> None:
    with pytest.raises(UserError) as refused:
        decide_code(CoreConfig.from_environment(site_content=site), *arguments, "why")
    assert refused.value.code == code
    assert not (site / "code_decisions.csv").exists()


def test_a_site_without_content_of_its_own_is_told_to_name_it() -> None:
    with pytest.raises(UserError) as refused:
        decide_code(CoreConfig(), "fiscal_payroll", "kind", "辅警", "编外", "why")
    assert refused.value.code == "XZ-CODE-01"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fiscal_payroll,payroll_kind,辅警,民警,甲,2024-05-01,x", "代码表中没有 民警"),
        ("fiscal_payroll,nothing,辅警,编外,甲,2024-05-01,x", "没有代码表 nothing"),
        ("fiscal_payroll,payroll_kind,合同制,在编,甲,2024-05-01,x", "另有所指"),
        ("fiscal_payroll,payroll_kind,辅警,编外,甲", "每行七列"),
        ("nothing,payroll_kind,辅警,编外,甲,2024-05-01,x", "没有数据契约 nothing"),
    ],
)
def test_a_wrong_line_is_named_by_the_check(site: Path, line: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / "code_decisions.csv").write_text(f"contract,codelist,written,code,by,on,reason\n{line}\n", "utf-8")
    monkeypatch.setenv("XIEZHI_CONTENT", str(site))
    checked = run("check")
    assert checked.exit_code == 4
    assert said in checked.output
