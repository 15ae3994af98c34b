"""xiezhi contracts …, by the front door."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.core.contracts.conftest import SHIPPED
from xiezhi.cli.contracts import command
from xiezhi.cli.receive import command as receive
from xiezhi.contracts.column_names import RESERVED
from xiezhi.contracts.kinds import FieldKind, Unit
from xiezhi.contracts.loader import load_contracts
from xiezhi.contracts.model import PROVENANCE
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.citizen import check_digit
from xiezhi.identity.organisation import check_character
from xiezhi.kernel.errors import RefusedDelivery, UserError
from xiezhi.kernel.identity_kind import IdentityKind

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
        (FieldKind.IDENTITY, IdentityKind.CITIZEN_ID, True),
        (FieldKind.IDENTITY, IdentityKind.VEHICLE_PLATE, True),
        (FieldKind.MONEY, Unit.TEN_THOUSAND, True),
        (FieldKind.DATE, None, True),
        (FieldKind.DECIMAL, None, True),
        (FieldKind.BOOLEAN, None, True),
        (FieldKind.TEXT, None, False),
    ]
    taken = run("new", "vehicle", "--from", str(tmp_path / "机动车.csv"), "--department", "public_security")
    assert isinstance(taken.exception, UserError)


def drafted(site: Path, sample: Path) -> list[tuple[str, str, str | None]]:
    """Name, kind and identity of each field of a draft from a sample, which must load and be sound."""
    made = run("new", "drafted", "--from", str(sample), "--department", "market")
    assert made.exit_code == 0, made.exception
    assert run("check").exit_code == 0
    fields = load_contracts([SHIPPED, site]).get("drafted").table().fields
    return [(field.name, field.kind.value, field.identity.value if field.identity else None) for field in fields]


def write_rows(path: Path, *columns: Sequence[str]) -> Path:
    """A CSV of columns, each with its header first."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(zip(*columns, strict=True))
    return path


CITIZENS = [f"33010619900101{number:03d}" for number in range(1, 10)]
CITIZENS = [body + check_digit(body) for body in CITIZENS]
FIRMS = [f"91330106MA2{number:06d}" for number in range(100000, 100009)]
FIRMS = [body + check_character(body) for body in FIRMS]
PERSONS = ["张伟", "王秀英", "欧阳娜娜", "李 娜", "阿依古丽·买买提", "陈建国", "刘洋", "诸葛亮", "赵敏"]
HOMES = [f"余杭区仓前街道文一西路{number}号" for number in range(960, 969)]


@pytest.mark.parametrize(
    ("identity", "values", "said"),
    [
        ("citizen_id", CITIZENS, "9 个非空值中 9 个是公民身份号码"),
        ("citizen_id", [one.lower() + " " for one in CITIZENS], "9 个是公民身份号码"),
        ("citizen_id", [f"330106{year}0101001" for year in range(50, 59)], "9 个是公民身份号码"),
        ("citizen_id", ["330106202401010001"] * 9, "9 个像公民身份号码"),
        ("citizen_id", [*CITIZENS[:5], *FIRMS[:4]], "9 个非空值中 5 个像公民身份号码"),
        ("credit_code", FIRMS, "9 个是统一社会信用代码"),
        ("bank_account", [f"621700000000{number:07d}" for number in range(9)], "9 个像银行账号"),
        ("bank_account", [f"6217 0000 0000 {number:04d}" for number in range(9)], "9 个像银行账号"),
        ("phone", [f"1380571{number:04d}" for number in range(9)], "9 个是电话号码"),
        ("phone", [*(f"138-0571-{number:04d}" for number in range(8)), "0571-85021234"], "9 个是电话号码"),
        ("name", PERSONS, "9 个非空值中 9 个像姓名"),
        ("name", [*PERSONS[:6], "杭州某某有限公司", "余杭区民政局", "无名超市"], "6 个像姓名"),
        ("vehicle_plate", [f"浙A{number}" for number in range(12345, 12354)], "9 个是车牌号码"),
        ("address", HOMES, "9 个像住址"),
    ],
)
def test_new_takes_people_by_their_values_under_any_header(
    identity: str, values: list[str], said: str, site: Path, tmp_path: Path
) -> None:
    """Under a header that says nothing such a column became a number or a text, and stood in the lake in clear."""
    fields = drafted(site, write_rows(tmp_path / "a.csv", ["备用一", *values], ["次数", *"123456789"]))
    assert fields == [("column_1", "identity", identity), ("column_2", "integer", None)]
    assert said in (site / "contracts/market/drafted.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", ["白色", "黑色", "红色", "黄色", "白色", "灰色", "白色", "蓝色", "白色"]),
        ("text", ["王家村", "李家庄", "张庄村", "陈家村", "赵村", "钱家村", "孙家村", "周村", "吴家村"]),
        ("text", ["满族", "白族", "苗族", "水族", "满族", "汉族", "回族", "满族", "白族"]),
        ("text", ["高中", "高中", "高中", "高中", "高中", "高中", "高中", "高中", "高中"]),
        ("text", [f"仓前镇政〔2024〕{number}号" for number in range(9)]),
        ("text", [f"{number:03d}" for number in range(9)]),
        ("text", [f"20240101{number:013d}" for number in range(9)]),
        ("decimal", [f"17040672{number:05d}" for number in range(9)]),
        ("integer", ["1", "20", "300", "4", "5", "6", "7", "8", "0"]),
        ("text", [*CITIZENS[:4], "A-1", "A-2", "A-3", "A-4", "A-5"]),
        ("text", ["1" * 16] * 9),
    ],
)
def test_new_takes_nobody_for_a_person_who_is_none(kind: str, values: list[str], site: Path, tmp_path: Path) -> None:
    found = drafted(site, write_rows(tmp_path / "a.csv", ["备用一", *values], ["次数", *"123456789"]))
    assert found[0] == ("column_1", kind, None)


@pytest.mark.parametrize(("header", "values", "identity"), [
    ("证件号码", FIRMS, "credit_code"),
    ("统一社会信用代码", CITIZENS, "citizen_id"),
    ("对方账号", ["330106202401010001"] * 9, "bank_account"),
    ("联系电话", CITIZENS, "citizen_id"),
    ("摘要", CITIZENS, "citizen_id"),
    ("法定代表人", ["无"] * 9, "name"),
])  # fmt: skip
def test_new_believes_values_that_prove_themselves_before_a_header(
    header: str, values: list[str], identity: str, site: Path, tmp_path: Path
) -> None:
    (_, kind, found), _ = drafted(site, write_rows(tmp_path / "a.csv", [header, *values], ["次数", *"123456789"]))
    assert (kind, found) == ("identity", identity)


def test_new_keeps_the_names_of_latin_headers(site: Path, tmp_path: Path) -> None:
    headers = {
        "bed_id": "bed_id", "WardId": "ward_id", "Fee (yuan)": "fee_yuan", "_row": "row", "order": "order_value",
        "HTTPCode": "http_code", "Señal": "senal", "2024 total": "column_2024_total", "column_12": "column_12",
        "自定义": "column_10", "类别B": "column_11", "列": "column_12_2", "№": "no", "WARD-NO.": "ward_no", "a" * 80: "a" * 60,
    }  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps([dict.fromkeys(headers, number) for number in (1, 2)]), "utf-8")
    fields = drafted(site, tmp_path / "a.json")
    assert [name for name, _, _ in fields] == list(headers.values())
    table = load_contracts([SHIPPED, site]).get("drafted").table()
    assert [(field.business_name, field.aliases) for field in table.fields] == [(header, (header,)) for header in headers]


def test_new_gives_no_two_fields_one_column_of_the_lake(site: Path, tmp_path: Path) -> None:
    """A graded identity fills a second column, `…_grade`, whether it was guessed or another contract knows it."""
    columns = (["payer_grade", "x", "y"], ["payer", *CITIZENS[:2]], ["owner", *CITIZENS[2:4]], ["owner_grade", "x", "y"],
               ["person_grade", "x", "y"], ["身份证号", *CITIZENS[4:6]])  # fmt: skip
    drafted(site, write_rows(tmp_path / "a.csv", *columns))
    table = load_contracts([SHIPPED, site]).get("drafted").table()
    assert len(table.lake_columns()) == sum(len(field.lake_columns()) for field in table.fields) + len(PROVENANCE)


@pytest.mark.parametrize(("headers", "names"), [
    (["统一社会信用代码", "company"], ["contractor", "company"]),
    (["company", "统一社会信用代码"], ["company", "contractor"]),
    (["自定义", "Column 1"], ["column_1_2", "column_1"]),
])  # fmt: skip
def test_new_gives_no_field_a_name_that_is_the_header_of_another(
    headers: list[str], names: list[str], site: Path, tmp_path: Path
) -> None:
    """One header would stand for two fields, and the draft could not be read."""
    fields = drafted(site, write_rows(tmp_path / "a.csv", *([header, "甲", "乙"] for header in headers)))
    assert [name for name, _, _ in fields] == names


def test_new_refuses_columns_that_nobody_could_tell_apart(site: Path, tmp_path: Path) -> None:
    sample = write_rows(tmp_path / "a.csv", ["HospitalId", "1"], ["hospital_id", "2"], ["x", "3"])
    refused = run("new", "drafted", "--from", str(sample), "--department", "market").exception
    assert isinstance(refused, UserError)
    assert "HospitalId, hospital_id" in refused.en
    assert not (site / "contracts").exists()


def test_new_refuses_a_sample_with_objects_in_its_rows_by_their_paths(site: Path, tmp_path: Path) -> None:
    """The object became a text column, and the people in it stood in the lake in clear."""
    rows = [{"编号": "A1", "户主": {"姓名": "张三", "证件": {"号码": CITIZENS[0]}}, "成员": [{"姓名": "李四"}]}, {"编号": "A2"}]
    sample = tmp_path / "a.json"
    sample.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    refused = run("new", "drafted", "--from", str(sample), "--department", "market").exception
    assert isinstance(refused, RefusedDelivery)
    assert refused.code == "json_nested"
    assert "户主.姓名, 户主.证件.号码, 成员[].姓名" in refused.zh
    assert refused.todo_zh
    assert not (site / "contracts").exists()


def test_a_draft_receives_its_own_sample_and_no_person_stands_in_the_lake(site: Path, tmp_path: Path) -> None:
    phones = [f"1380571{number:04d}" for number in range(9)]
    accounts = [f"622848000000{number:07d}" for number in range(9)]
    columns = [["甲", *CITIZENS], ["乙", *PERSONS], ["丙", *phones], ["丁", *accounts], ["order", *map(str, range(9))],
               ["select", *(f"{number:04d}" for number in range(9))], ["己", *HOMES]]  # fmt: skip
    sample = write_rows(tmp_path / "a.csv", *columns)
    drafted(site, sample)
    arguments = [str(sample), "--contract", "drafted", "--lake", str(tmp_path / "lake"), "--format", "json"]
    received = CliRunner().invoke(receive, arguments)
    assert received.exit_code == 0, received.exception or received.output
    with DuckDB(threads=1) as engine:
        files = [str(path) for path in (tmp_path / "lake").rglob("*.parquet") if "drafted" in str(path.parent)]
        rows = engine.rows("SELECT * FROM read_parquet($files)", {"files": files})
    assert len(rows) == 9
    assert sorted(str(row["select_value"]) for row in rows) == [f"{number:04d}" for number in range(9)]
    stored = " ".join(str(value) for row in rows for value in row.values())
    assert not any(person in stored for person in [*CITIZENS, *PERSONS, *phones, *accounts, *HOMES])


def test_no_word_that_a_query_reserves_is_a_column() -> None:
    with DuckDB(threads=1) as engine:
        found = engine.rows("SELECT keyword_name AS word FROM duckdb_keywords() WHERE keyword_category = 'reserved'")
    assert {row["word"] for row in found} <= RESERVED


def test_docs_write_a_page_per_contract_and_remove_old_ones(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text("old", encoding="utf-8")
    (tmp_path / "index.md").write_text("[gone](gone.md)", encoding="utf-8")
    assert run("docs", str(tmp_path)).exit_code == 0
    assert len(list(tmp_path.glob("*.md"))) == 23
    page = (tmp_path / "subsidy_payment.md").read_text(encoding="utf-8")
    assert "惠民惠农补贴" in page
    assert "身份证号码、身份证、证件号码" in page
    assert "(subsidy_payment.md)" in (tmp_path / "index.md").read_text(encoding="utf-8")
    assert "男" in (tmp_path / "person_population.md").read_text(encoding="utf-8")
