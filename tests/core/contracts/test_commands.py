"""xiezhi contracts …, by the front door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.core.contracts.conftest import SHIPPED
from xiezhi.cli.contracts import command
from xiezhi.contracts.kinds import IdentityKind, Kind, Unit
from xiezhi.contracts.loader import load_contracts
from xiezhi.kernel.errors import UserError

SAMPLE = """身份证号,号牌号码,购车价(万元),登记日期,排量,报废,备注
990000199001011234,豫A12345,12.5,2021-01-05,1.6,否,
990000199001011234,豫A12346,8,2021-01-06,2.0,是,旧
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site's own content folder."""
    monkeypatch.setenv("XIEZHI_CONTENT", str(tmp_path / "site"))
    return tmp_path / "site"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_check_is_silent_about_sound_content_and_exits_4_on_a_mistake(site: Path) -> None:
    assert run("check").exit_code == 0
    (site / "contracts/finance").mkdir(parents=True)
    (site / "contracts/finance/broken.yaml").write_text("apiVersion: v3.1.0\nkind: DataContract\n", encoding="utf-8")
    broken = run("check", "--format", "json")
    assert broken.exit_code == 4
    assert [(Path(problem["file"]).name, problem["line"]) for problem in json.loads(broken.output)] == [("broken.yaml", 1)]


def test_list_and_show_speak_json() -> None:
    listed = json.loads(run("list", "--department", "finance", "--format", "json").output)
    assert {one["name"] for one in listed} == {"subsidy_payment", "subsidy_item", "fiscal_payroll", "procurement"}
    shown = json.loads(run("show", "enterprise", "--format", "json").output)
    assert shown["tables"][0]["key"] == ["company"]
    assert next(field for field in shown["tables"][0]["fields"] if field["name"] == "registered_capital")["unit"] == "万元"


def test_show_and_list_speak_to_people() -> None:
    assert "补贴金额" in run("show", "subsidy_payment").output
    assert "subsidy_payment" in run("list").output


def test_new_drafts_a_contract_that_loads(site: Path, tmp_path: Path) -> None:
    (tmp_path / "机动车.csv").write_text(SAMPLE, encoding="gb18030")
    assert run("new", "vehicle", "--from", str(tmp_path / "机动车.csv"), "--department", "public_security").exit_code == 0
    table = load_contracts([SHIPPED, site]).get("vehicle").table()
    kinds = [(field.kind, field.identity or field.unit, field.required) for field in table.fields]
    assert table.fields[0].name == "person"
    assert kinds == [
        (Kind.IDENTITY, IdentityKind.CITIZEN_ID, True),
        (Kind.IDENTITY, IdentityKind.VEHICLE_PLATE, True),
        (Kind.MONEY, Unit.TEN_THOUSAND, True),
        (Kind.DATE, None, True),
        (Kind.DECIMAL, None, True),
        (Kind.BOOLEAN, None, True),
        (Kind.TEXT, None, False),
    ]
    taken = run("new", "vehicle", "--from", str(tmp_path / "机动车.csv"), "--department", "public_security")
    assert isinstance(taken.exception, UserError)


def test_docs_write_a_page_per_contract_and_remove_old_ones(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text("old", encoding="utf-8")
    assert run("docs", str(tmp_path)).exit_code == 0
    assert len(list(tmp_path.glob("*.md"))) == 23
    page = (tmp_path / "subsidy_payment.md").read_text(encoding="utf-8")
    assert "惠民惠农补贴" in page
    assert "身份证号码、身份证、证件号码" in page
    assert "(subsidy_payment.md)" in (tmp_path / "index.md").read_text(encoding="utf-8")
    assert "男" in (tmp_path / "person_population.md").read_text(encoding="utf-8")
