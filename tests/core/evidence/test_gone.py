"""A hit that vanished says why: data with file and line, a parameter from what to what, the rule's version, and by whom."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.builders.lake import build_lake, deliver
from tests.core.runs.world import CODES, payment, world
from xiezhi.cli.evidence import command as evidence_command
from xiezhi.cli.hits import command as hits_command
from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.loader import load_contracts
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.evidence.bundle import open_evidence
from xiezhi.evidence.gone import Cause, causes_of
from xiezhi.evidence.page import page
from xiezhi.kernel.progress import Silent
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import shipped_content
from xiezhi.rules.loader import Content, load_content
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import RunFolders, RunRecord


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content([shipped_content()])


@pytest.fixture(scope="module")
def contracts() -> ContractCatalogue:
    return load_contracts([shipped_content()])


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return build_lake(tmp_path / "lake", world())


def go(lake: Lake, content: Content, actor: str = "first", **overrides: dict[str, Any]) -> RunRecord:
    plan = make_plan(
        content, lake.snapshot(), codes=CODES, overrides={code.replace("_", "-"): given for code, given in overrides.items()}
    )
    return execute(plan, RunFolders(lake.paths.runs), Settings(actor=actor), Silent())


def gone(lake: Lake, record: RunRecord, rule: str) -> str:
    (row,) = [row for row in hit_rows(RunFolders(lake.paths.runs), record.run, rule) if row["state"] == "gone"]
    return str(row["fingerprint"])


def why(lake: Lake, contracts: ContractCatalogue, record: RunRecord, rule: str) -> list[Cause]:
    return causes_of(lake, contracts, record, rule)[gone(lake, record, rule)]


def kinds(causes: list[Cause]) -> set[str]:
    return {cause.kind for cause in causes}


def test_a_parameter_is_named_with_its_values_and_who_ran_it_so(
    lake: Lake, content: Content, contracts: ContractCatalogue
) -> None:
    go(lake, content)
    record = go(lake, content, "analyst", SUB_002={"min_excess": 50_000})
    causes = why(lake, contracts, record, "SUB-002")
    (parameter,) = [cause for cause in causes if cause.kind == "parameter"]
    assert "由 100.00元 改为 500.00元" in parameter.words.zh
    assert parameter.by == "analyst"
    assert "第 2 次运行，analyst" in parameter.words.zh
    (judged,) = [cause for cause in causes if cause.kind == "judged"]
    assert judged.words.zh.endswith("为 200.00元，< 500.00元，不再成立")
    assert kinds(causes) == {"parameter", "judged"}


def test_a_new_row_beside_it_is_named_with_file_and_line(lake: Lake, content: Content, contracts: ContractCatalogue) -> None:
    """The payment is taken back by another of the same sum."""
    go(lake, content)
    deliver(lake, "subsidy_payment", [payment(2, 3, payment_id="back", amount=-20_000)])
    causes = why(lake, contracts, go(lake, content), "SUB-002")
    (added,) = [cause for cause in causes if cause.kind == "added"]
    assert (added.delivery, added.row) == (5, 2)
    assert "subsidy_payment.csv 第 2 行（第 5 号交付）" in added.words.zh
    assert not kinds(causes) & {"parameter", "rule", "fact", "withdrawn"}


def take_out(lake: Lake, table: str, where: str) -> None:
    """As a withdrawal or a correction does: from the next state on those rows are not there."""
    with lake.writing() as writer, DuckDB() as engine:
        change = writer.change()
        assert change.delete_rows(engine, table, where)
        change.commit("test")


@pytest.mark.parametrize(
    ("table", "where", "rule", "place"),
    [
        ("subsidy_payment", "person = 2 AND payment_id = 'again'", "SUB-002", "subsidy_payment.csv 第 7 行（第 4 号交付）"),
        ("death_registry", "person = 1", "SUB-001", "death_registry.csv 第 2 行（第 2 号交付）"),
        ("subsidy_payment", "person = 3 AND village = 990101001002", "SUB-003", "subsidy_payment.csv 第 10 行（第 4 号交付）"),
    ],
)
def test_a_row_that_was_withdrawn_is_named_where_it_stood(
    lake: Lake, content: Content, contracts: ContractCatalogue, table: str, where: str, rule: str, place: str
) -> None:
    deliver(lake, "death_registry", [{"person": 9, "death_date": date(2025, 1, 20), "source": "火化"}])  # a register, still
    go(lake, content)
    take_out(lake, table, where)
    causes = why(lake, contracts, go(lake, content), rule)
    assert f"{place}已被撤回或不在新的交付中" in [cause.words.zh for cause in causes]
    assert not kinds(causes) & {"parameter", "rule", "fact", "added", "unknown"}


def test_a_corrected_row_says_from_what_to_what_and_where(lake: Lake, content: Content, contracts: ContractCatalogue) -> None:
    """The second payment of the month was of another month; it comes again under its own number."""
    go(lake, content)
    take_out(lake, "subsidy_payment", "payment_id = 'again'")
    deliver(lake, "subsidy_payment", [payment(2, 5, payment_id="again", amount=15_000)])
    causes = why(lake, contracts, go(lake, content), "SUB-002")
    (corrected,) = [cause for cause in causes if cause.kind == "corrected"]
    assert corrected.words.zh == (
        "subsidy_payment.csv 第 7 行（第 4 号交付）由subsidy_payment.csv 第 2 行（第 5 号交付）更正："
        "所属月份 2025-03 → 2025-05，补贴金额 200.00元 → 150.00元"
    )
    assert corrected.words.en == (
        "subsidy_payment.csv line 7 (delivery 4) was corrected by subsidy_payment.csv line 2 (delivery 5): "
        "Benefit month 2025-03 → 2025-05, Amount 200.00 yuan → 150.00 yuan"
    )
    assert (corrected.delivery, corrected.row) == (5, 2)
    assert "added" not in kinds(causes)


def test_of_an_identity_only_that_it_changed(lake: Lake, content: Content, contracts: ContractCatalogue) -> None:
    go(lake, content)
    take_out(lake, "subsidy_payment", "payment_id = 'again'")
    deliver(lake, "subsidy_payment", [payment(77, 3, payment_id="again")])
    (corrected,) = [one for one in why(lake, contracts, go(lake, content), "SUB-002") if one.kind == "corrected"]
    assert "身份证号已改" in corrected.words.zh
    assert "77" not in corrected.words.zh + corrected.words.en


def test_of_many_rows_the_first_are_named_and_the_rest_counted(
    lake: Lake, content: Content, contracts: ContractCatalogue
) -> None:
    deliver(lake, "subsidy_payment", [payment(2, month) for month in range(4, 9) for _ in (1, 2)])
    go(lake, content)
    take_out(lake, "subsidy_payment", "person = 2")
    causes = why(lake, contracts, go(lake, content), "SUB-002")
    assert [cause.kind for cause in causes].count("withdrawn") == 3
    assert "另有 9 行变化" in [cause.words.zh for cause in causes]


def test_the_rule_and_its_version_are_named(lake: Lake, content: Content, contracts: ContractCatalogue) -> None:
    go(lake, content)
    rule = content.rules["SUB-001"]
    stricter = [one.model_copy(update={"bound": "99"}) if one.name == "months_after" else one for one in rule.conditions]
    newer = rule.model_copy(update={"version": rule.version + 1, "conditions": stricter})
    record = go(lake, replace(content, rules={**content.rules, "SUB-001": newer}), "author")
    causes = why(lake, contracts, record, "SUB-001")
    (changed,) = [cause for cause in causes if cause.kind == "rule"]
    assert f"由第 {rule.version} 版改为第 {rule.version + 1} 版" in changed.words.zh
    assert changed.by == "author"


def test_words_alone_are_no_cause(lake: Lake, content: Content, contracts: ContractCatalogue) -> None:
    go(lake, content)
    rule = content.rules["SUB-002"]
    reworded = rule.model_copy(update={"version": rule.version + 1, "title": rule.title.model_copy(update={"zh": "另名"})})
    record = go(lake, replace(content, rules={**content.rules, "SUB-002": reworded}), SUB_002={"min_excess": 50_000})
    assert "rule" not in kinds(why(lake, contracts, record, "SUB-002"))


def test_the_same_matter_under_another_variant_is_no_disappearance(
    lake: Lake, content: Content, contracts: ContractCatalogue
) -> None:
    go(lake, content)
    record = go(lake, content, SUB_001={"key_months": 50, "key_amount": 90_000_000})
    (variant,) = [cause for cause in why(lake, contracts, record, "SUB-001") if cause.kind == "variant"]
    assert "SUB-001/B" in variant.words.zh


@pytest.mark.parametrize("language", ["zh", "en"])
def test_terminal_page_and_list_say_it_and_it_can_be_opened_years_later(
    lake: Lake, content: Content, contracts: ContractCatalogue, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(lake, content)
    record = go(lake, content, "analyst", SUB_002={"min_excess": 50_000})
    fingerprint = gone(lake, record, "SUB-002")
    expected = "由 100.00元 改为 500.00元" if language == "zh" else "went from 100.00 yuan to 500.00 yuan"
    monkeypatch.setenv("XIEZHI_LANG", language)
    monkeypatch.setenv("COLUMNS", "400")
    root = str(lake.paths.root)
    listed = CliRunner().invoke(hits_command, ["--lake", root, "--gone"])
    as_csv = CliRunner().invoke(hits_command, ["--lake", root, "--gone", "--format", "csv"])
    assert expected in listed.output
    assert expected in as_csv.output
    assert ",200.00," in as_csv.output
    go(lake, content, SUB_002={"min_excess": 50_000})
    opened = open_evidence(lake, content, contracts, fingerprint)
    assert opened.gone_in is not None
    assert (opened.gone_in.run, opened.record.run) == (2, 1)
    assert {row.file for row in opened.rows} >= {"subsidy_payment.csv"}, "the rows it stood on are still told"
    assert expected in page(opened, language)
    assert expected in CliRunner().invoke(evidence_command, [fingerprint, "--lake", root]).output


def test_a_seal_is_matched_with_hit_runs_and_moments(lake: Lake, content: Content) -> None:
    go(lake, content)
    (first,) = hit_rows(RunFolders(lake.paths.runs), 1, "SUB-002")
    deliver(lake, "subsidy_payment", [payment(9, 3)])
    go(lake, content)
    (second,) = hit_rows(RunFolders(lake.paths.runs), 2, "SUB-002")
    assert first["seal"] != second["seal"]
    root = str(lake.paths.root)
    for row, run in ((first, 1), (second, 2)):
        asked = CliRunner().invoke(
            evidence_command, ["--seal", str(row["seal"])[:12].upper(), "--lake", root, "--format", "json"]
        )
        (found,) = json.loads(asked.output)
        assert (found["fingerprint"], found["seal"], found["runs"]) == (row["fingerprint"], row["seal"], [run])
    shown = CliRunner().invoke(evidence_command, [str(first["fingerprint"]), "--lake", root]).output
    assert str(first["seal"]) in shown.replace("\n", "")


@pytest.mark.parametrize(("seal", "code"), [("abc", "XZ-EVI-04"), ("0" * 64, "XZ-EVI-05")])
def test_a_seal_nobody_had_is_said_to_be_nobodys(lake: Lake, content: Content, seal: str, code: str) -> None:
    go(lake, content)
    asked = CliRunner().invoke(evidence_command, ["--seal", seal, "--lake", str(lake.paths.root)])
    assert asked.exit_code != 0
    assert getattr(asked.exception, "code", "") == code
