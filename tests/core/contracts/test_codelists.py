"""Codelists and what a site decides on them: mistakes are said with file and line, a decision holds for one sender."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.contracts.conftest import where
from xiezhi.contracts.code_decisions import CodeDecision, add_decision
from xiezhi.contracts.loader import check_contracts, load_contracts
from xiezhi.kernel.errors import ContentError

HEADER = "code,zh,en,aliases\n"
DECISIONS = "contract,codelist,written,code,by,on,reason\n"


def complaint(content: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        load_contracts([content])
    return caught.value


@pytest.mark.parametrize(
    ("file", "text", "at", "said"),
    [
        ("sex.yaml", "- sex\n", "sex.yaml:1", "one mapping of keys to values"),
        ("sex.yaml", "version: 1.0.0\nname: gender\n", "sex.yaml:2", "name must be sex"),
        ("sex.yaml", "name: sex\nversion: 1.0.0\ntitel: x\n", "sex.yaml:3", "unknown key titel; did you mean title?"),
        ("sex.yaml", "# nothing yet\n", "sex.yaml:1", "one mapping of keys to values"),
        ("sex.csv", None, "sex.yaml:1", "sex.csv is missing"),
        ("sex.csv", "", "sex.csv:1", "header must be code,zh,en,aliases"),
        ("sex.csv", "code,zh,en\n男,男,Male\n", "sex.csv:1", "header must be code,zh,en,aliases"),
        ("sex.csv", "code,zh,aliases,en\n男,男,1,Male\n", "sex.csv:1", "header must be code,zh,en,aliases"),
        ("sex.csv", f"{HEADER}男,男,Male,1\n女,女,Female\n", "sex.csv:3", "each row needs code, zh, en and aliases"),
        ("sex.csv", f"{HEADER}男,男,Male,1,M\n", "sex.csv:2", "each row needs code, zh, en and aliases"),
        ("sex.csv", f"{HEADER}男,男,,1\n", "sex.csv:2", "each row needs code, zh, en and aliases"),
        ("sex.csv", f"{HEADER}男,男,Male,\n女,女,Female,m|MALE\n", "sex.csv:3", "stands for two codes"),
    ],
)
def test_a_mistake_in_a_codelist_names_its_line(content: Path, file: str, text: str | None, at: str, said: str) -> None:
    path = content / "codelists" / file
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")
    error = complaint(content)
    assert said in error.en
    assert where(error).rpartition("/")[2] == at


@pytest.mark.parametrize(("file", "header"), [("codelists/sex.csv", HEADER), ("code_decisions.csv", DECISIONS)])
def test_a_file_that_a_spreadsheet_saved_in_gbk_is_a_complaint_and_no_crash(content: Path, file: str, header: str) -> None:
    """`contracts check` must tell what to do with the file, beside whatever else is wrong."""
    (content / file).write_bytes(f"{header}男,男,Male,\n".encode("gb18030"))
    found, [problem] = check_contracts([content])
    assert list(found.contracts) == ["death_registry"]
    assert "CSV UTF-8" in problem.zh
    assert "not UTF-8" in problem.en
    assert where(problem) == f"{content / file}:2"


def test_the_mark_that_spreadsheets_put_before_utf_8_is_passed_over(content: Path) -> None:
    (content / "codelists/sex.csv").write_text(f"{HEADER}男,男,Male,\n", encoding="utf-8-sig")
    (content / "code_decisions.csv").write_text(
        f"{DECISIONS}death_registry,death_source,乡镇,火化,甲,2024-05-01,x\n", encoding="utf-8-sig"
    )
    assert check_contracts([content])[1] == []


def test_a_codelist_keeps_its_order_and_its_spellings(content: Path) -> None:
    (content / "codelists/sex.csv").write_text(f"{HEADER}女,女,Female,2||f\n男,男,Male,\n", encoding="utf-8")
    found = load_contracts([content]).codelists["sex"]
    assert [code.code for code in found.codes] == ["女", "男"]
    assert found.spellings == {"女": "女", "FEMALE": "女", "2": "女", "F": "女", "男": "男", "MALE": "男"}


def decision(**more: str) -> CodeDecision:
    said = {"contract": "death_registry", "codelist": "death_source", "written": "殡仪馆-a", "code": "火化"}
    return CodeDecision(**(said | {"by": "甲", "on": "2024-05-01", "reason": "旧称"} | more))


def test_decisions_stand_under_one_header(content: Path) -> None:
    add_decision(content, decision())
    path = add_decision(content, decision(written="乡镇", reason="含逗号,的理由"))
    assert path.read_text(encoding="utf-8").splitlines() == [
        DECISIONS.strip(),
        "death_registry,death_source,殡仪馆-a,火化,甲,2024-05-01,旧称",
        'death_registry,death_source,乡镇,火化,甲,2024-05-01,"含逗号,的理由"',
    ]


def test_a_decision_is_read_as_a_spelling_of_its_sender_and_of_no_other(content: Path) -> None:
    """Decided for one sender, a word may mean something else elsewhere; and what was decided on nowhere is hashed as ever."""
    text = (content / "contracts/civil_affairs/death_registry.yaml").read_text(encoding="utf-8")
    other = text.replace("death_registry", "second_registry").replace("1f5499c6", "2f5499c6")
    (content / "contracts/civil_affairs/second_registry.yaml").write_text(other, encoding="utf-8")
    add_decision(content, decision())
    add_decision(content, decision(written="cremated"))
    found = load_contracts([content])
    deciding, undecided = (found.get(name).table().field("source").codelist for name in ("death_registry", "second_registry"))
    assert deciding
    assert undecided
    assert {deciding.spellings[written] for written in ("殡仪馆-A", "CREMATED", "火化证明")} == {"火化"}
    assert deciding.model_dump()["decided"] == {"殡仪馆-a": "火化", "cremated": "火化"}
    for plain in (undecided, found.codelists["death_source"]):
        assert "CREMATED" not in plain.spellings
        assert plain.model_dump().keys() == {"name", "version", "title", "origin", "source", "replaces", "codes"}


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        ("death_registry,death_source,殡仪馆,火化,甲,2024-05-01", "每行七列", "all seven cells"),
        ("death_registry,death_source,殡仪馆,火化,,2024-05-01,x", "每行七列", "all seven cells"),
        ("death_registry,nothing,殡仪馆,火化,甲,2024-05-01,x", "没有代码表 nothing", "no codelist nothing"),
        ("death_registry,death_source,殡仪馆,土葬,甲,2024-05-01,x", "没有 土葬", "土葬 is not in the codelist"),
        ("death_registry,death_source,卫健,火化,甲,2024-05-01,x", "卫健 在代码表中另有所指", "卫健 means another code"),
    ],
)
def test_a_wrong_decision_names_its_line_and_stops_no_other_file(content: Path, line: str, zh: str, en: str) -> None:
    sound = "death_registry,death_source,乡镇,火化,甲,2024-05-01,x"
    (content / "code_decisions.csv").write_text(f"{DECISIONS}{sound}\n{line}\n", encoding="utf-8")
    found, [problem] = check_contracts([content])
    assert list(found.contracts) == ["death_registry"]
    assert zh in problem.zh
    assert en in problem.en
    assert where(problem) == f"{content / 'code_decisions.csv'}:3"


def test_decisions_under_another_header_are_refused(content: Path) -> None:
    (content / "code_decisions.csv").write_text("contract,written,code\n", encoding="utf-8")
    assert "the header must be contract,codelist," in complaint(content).en
