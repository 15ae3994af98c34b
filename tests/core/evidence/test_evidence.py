"""What a hit rests on can be opened, proved again, and nothing can be altered unnoticed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.builders.lake import build_lake
from tests.core.runs.world import run, world
from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.loader import load_contracts
from xiezhi.evidence.bundle import open_evidence
from xiezhi.evidence.page import page
from xiezhi.evidence.replay import ReplayReport, replay
from xiezhi.evidence.sentence import money
from xiezhi.evidence.why import why
from xiezhi.kernel.errors import IntegrityError, UserError
from xiezhi.kernel.progress import Silent
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import shipped_content
from xiezhi.rules.loader import Content, load_content
from xiezhi.rules.parameters import parameter_values
from xiezhi.runs.changes import gone_rows, hit_rows
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import RunFolders


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content([shipped_content()])


@pytest.fixture(scope="module")
def contracts() -> ContractCatalogue:
    return load_contracts([shipped_content()])


@pytest.fixture
def lake(tmp_path: Path, content: Content) -> Lake:
    lake = build_lake(tmp_path / "lake", world())
    run(lake, content)
    return lake


def fingerprint(lake: Lake, rule: str) -> str:
    return next(str(row["fingerprint"]) for row in hit_rows(RunFolders(lake.paths.runs), 1) if row["rule"] == rule)


def proved(lake: Lake, content: Content) -> ReplayReport:
    return replay(lake, content, [], Settings())


def test_evidence_leads_to_the_delivered_lines(lake: Lake, content: Content, contracts: ContractCatalogue) -> None:
    evidence = open_evidence(lake, content, contracts, fingerprint(lake, "SUB-001"))
    assert {(row.file, row.row) for row in evidence.rows} == {
        ("subsidy_payment.csv", 4),
        ("subsidy_payment.csv", 5),
        ("death_registry.csv", 2),
        ("subsidy_item.csv", 2),
    }
    assert "2025-01-05" in evidence.sentence.zh
    assert "400.00元" in evidence.sentence.zh
    assert [item.holds for item in evidence.conditions] == [True] * 6
    assert evidence.norms
    assert all(norm.in_force for norm in evidence.norms)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_holds_the_sentence_the_lines_and_the_seal(
    lake: Lake, content: Content, contracts: ContractCatalogue, language: str
) -> None:
    evidence = open_evidence(lake, content, contracts, fingerprint(lake, "SUB-001"))
    html = page(evidence, language)
    assert evidence.sentence.in_(language) in html
    assert evidence.hit.seal in html
    assert "subsidy_payment.csv" in html
    assert "<script" not in html


def test_an_unknown_hit_is_refused(lake: Lake, content: Content, contracts: ContractCatalogue) -> None:
    with pytest.raises(UserError):
        open_evidence(lake, content, contracts, "ffff0000ffff")


def test_every_hit_is_proved_again(lake: Lake, content: Content) -> None:
    report = proved(lake, content)
    assert report.differences == []
    assert len(report.proved) == 3


def test_what_an_earlier_xiezhi_computed_without_rows_of_a_table_is_proved_again(tmp_path: Path, content: Content) -> None:
    """Today an empty register counts as none, and its rule as not computable; the hits of then stand on the same bytes."""
    rule = content.rules["SUB-002"]
    asking = rule.model_copy(update={"population": rule.population.model_copy(update={"delivered": ["death"]})})
    held = replace(content, rules=dict(content.rules) | {"SUB-002": asking})
    lake = build_lake(tmp_path / "lake", world() | {"death_registry": []})
    plan = make_plan(held, lake.snapshot(), codes=["SUB-002"])
    assert plan.missing == {"SUB-002": ["death"]}
    execute(replace(plan, missing={}), RunFolders(lake.paths.runs), Settings(), Silent())
    report = proved(lake, held)
    assert report.differences == []
    assert len(report.proved) == 1


def test_one_altered_byte_of_the_lake_is_named(lake: Lake, content: Content) -> None:
    victim = next(file for file in lake.snapshot().files if file.table == "death_registry")
    path = lake.paths.root / victim.path
    flipped = bytearray(path.read_bytes())
    flipped[len(flipped) // 2] ^= 1
    path.write_bytes(bytes(flipped))
    named = [difference.about for difference in proved(lake, content).differences if difference.kind == "lake"]
    assert named == [str(path)]


def test_an_altered_rule_is_named_and_a_new_version_is_only_noted(lake: Lake, content: Content) -> None:
    rule = content.rules["SUB-001"]
    altered = rule.model_copy(update={"sql": rule.sql.replace("p.item", "p .item", 1)})
    report = proved(lake, replace(content, rules={**content.rules, "SUB-001": altered}))
    assert [(difference.kind, difference.about) for difference in report.differences] == [("rule", "SUB-001")]
    newer = altered.model_copy(update={"version": altered.version + 1})
    report = proved(lake, replace(content, rules={**content.rules, "SUB-001": newer}))
    assert report.differences == []
    assert len(report.notes) == 1


@pytest.mark.parametrize("name", ["hits.parquet", "standing.parquet", "content.json", "coverage.parquet"])
def test_an_altered_result_is_named(lake: Lake, content: Content, name: str) -> None:
    path = RunFolders(lake.paths.runs).folder(1) / name
    sound = path.read_bytes()
    for place in range(0, len(sound), max(1, len(sound) // 8)):
        flipped = bytearray(sound)
        flipped[place] ^= 1
        path.write_bytes(bytes(flipped))
        assert str(path) in [difference.about for difference in proved(lake, content).differences], place


def test_a_result_that_cannot_be_read_says_so(lake: Lake) -> None:
    folders = RunFolders(lake.paths.runs)
    (folders.folder(1) / "hits.parquet").write_bytes(b"PAR1" + b"x" * 40 + b"PAR1")
    for read in (lambda: hit_rows(folders, 1), lambda: gone_rows(folders, 1, ["a"])):
        with pytest.raises(IntegrityError, match="XZ-STORED-01"):
            read()


@pytest.mark.parametrize("kept", ["none", "of other rules"])
def test_hits_that_were_taken_out_of_the_record_are_found_again(lake: Lake, content: Content, kept: str) -> None:
    """A rule without a single recorded hit is computed too: that nothing is there is what must be proved."""
    path = RunFolders(lake.paths.runs).folder(1) / "hits.parquet"
    rows = pq.read_table(path)
    removed = rows.filter(pc.equal(rows["rule"], "SUB-001")) if kept == "of other rules" else rows
    pq.write_table(rows.filter(pc.not_equal(rows["rule"], "SUB-001")) if kept == "of other rules" else rows.slice(0, 0), path)
    found = {difference.about: difference for difference in proved(lake, content).differences}
    assert str(path) in found
    for fingerprint, rule in zip(removed["fingerprint"].to_pylist(), removed["rule"].to_pylist(), strict=True):
        assert (found[fingerprint].kind, found[fingerprint].rule, found[fingerprint].fields) == ("hit", rule, ())


def test_a_hit_that_was_altered_says_in_which_fields(lake: Lake, content: Content) -> None:
    path = RunFolders(lake.paths.runs).folder(1) / "hits.parquet"
    rows = pq.read_table(path).to_pylist()
    rows[0]["amount"] = 1
    pq.write_table(pa.Table.from_pylist(rows, pq.read_schema(path)), path)
    (hit,) = [difference for difference in proved(lake, content).differences if difference.kind == "hit"]
    assert (hit.about, hit.rule, hit.fields) == (rows[0]["fingerprint"], rows[0]["rule"], ("amount",))


def test_an_altered_record_breaks_the_chain(lake: Lake, content: Content) -> None:
    run(lake, content)
    path = RunFolders(lake.paths.runs).folder(1) / "run.json"
    record = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(record | {"actor": "somebody else"}), "utf-8")
    assert "record" in [difference.kind for difference in proved(lake, content).differences]


def test_why_and_why_not(lake: Lake, content: Content) -> None:
    rule = content.rules["SUB-001"]
    values = parameter_values(rule, {})

    def ask(person: int) -> object:
        return why(rule, values, content.facts, lake.snapshot(), person, "1GB")

    assert ask(1).answer == "flagged"
    assert ask(99).answer == "nothing_to_judge"
    assert (ask(4).answer, ask(4).unjudged) == ("not_computable", {"table_late": 1}), "the register of deaths ends earlier"
    assert ask(4).recorded == {"payment": 1, "death": 0}
    strict = parameter_values(rule, {"grace_months": 12})
    answer = why(rule, strict, content.facts, lake.snapshot(), 1, "1GB")
    assert answer.answer == "not_flagged"
    assert answer.candidates[0].nearest.name == "months_after"
    assert answer.candidates[0].nearest.distance == -1


@pytest.mark.parametrize(("fen", "shown"), [(0, "0.00元"), (123456, "1,234.56元"), (-5, "-0.05元")])
def test_money_is_said_in_yuan(fen: int, shown: str) -> None:
    assert money(fen) == shown
