"""`xiezhi rules …` on a site's content: list, show, new, lint, test, docs, lock."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.builders.content import full, plant, write
from xiezhi.cli import rules
from xiezhi.kernel.errors import ContentError, UserError
from xiezhi.operations import rules as operations
from xiezhi.operations.config import CoreConfig, shipped_content
from xiezhi.rules.loader import load_content
from xiezhi.rules.scaffold import Order, usable_subjects

SHIPPED = Path(__file__).parents[3] / "content"


@pytest.fixture
def xiezhi(root: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `xiezhi rules …` over the small content folder; errors are raised."""
    config = CoreConfig(content_roots=(root,), language="en")
    monkeypatch.setattr(CoreConfig, "from_environment", lambda **_: config)
    monkeypatch.setenv("XIEZHI_LANG", "en")

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(rules.command, list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_list_as_json(xiezhi: Any) -> None:
    (listed,) = json.loads(xiezhi("list", "--format", "json").stdout)
    assert listed | {"id": ""} == {
        "code": "VIS-001",
        "id": "",
        "title_zh": "频繁就诊",
        "title_en": "Frequent visits",
        "domain": "medical",
        "status": "live",
        "level": "orange",
        "variants": ["A", "B"],
        "basis": ["visit-law-1"],
        "reads": {"visit": ["person", "place", "day", "hours", "cost"], "closure": ["person", "closed"]},
        "cases": 5,
    }
    assert "VIS-001" in xiezhi("list").stdout
    assert json.loads(xiezhi("list", "--domain", "subsidy", "--format", "json").stdout) == []


def test_show(xiezhi: Any) -> None:
    assert "## What it finds" in xiezhi("show", "VIS-001").stdout
    assert len(json.loads(xiezhi("show", "VIS-001", "--format", "json").stdout)["digest"]) == 64
    with pytest.raises(UserError, match="no rule with code VIS-009"):
        xiezhi("show", "VIS-009")


def test_lint_says_what_and_where(xiezhi: Any, root: Path) -> None:
    assert xiezhi("lint").exit_code == 0
    plant(root, "rule.yaml", "exclusions: [X1]", "exclusions: [X99]")
    result = xiezhi("lint", "VIS-001")
    assert result.exit_code == 4
    assert "rule.yaml, row 13: META-05 there is no exclusion X99" in result.stdout
    (finding,) = json.loads(xiezhi("lint", "--format", "json").stdout)
    assert (finding["code"], finding["line"], finding["hint"]) == ("META-05", 13, False)


def test_lint_asks_for_a_department_that_is_in_the_list(xiezhi: Any, root: Path) -> None:
    """Of one that is not, hits that name no place went to the root, and nobody heard of it."""
    shipped = shipped_content() / "codelists"
    (root / "codelists").mkdir()
    for ending in ("csv", "yaml"):
        shutil.copy(shipped / f"department.{ending}", root / "codelists")
    plant(root, "domains.yaml", "[medical_insurance]", "[medical_insurance, medcial]")
    result = xiezhi("lint", "--format", "json")
    (found,) = [one for one in json.loads(result.stdout) if one["code"] == "META-14"]
    assert (found["name"], found["line"], "medcial" in found["zh"], result.exit_code) == ("medical", 3, True, 4)


def test_lint_tells_of_files_it_cannot_read(xiezhi: Any, root: Path) -> None:
    plant(root, "facts/closure/fact.yaml", "type: DATE", "type: DAY")
    codes = [finding["code"] for finding in json.loads(xiezhi("lint", "--format", "json").stdout)]
    assert codes[0] == "XZ-YAML-03"
    assert "SQL-05" in codes


def test_test_runs_the_cases(xiezhi: Any, root: Path) -> None:
    assert xiezhi("test").exit_code == 0
    plant(root, "cases/fires_many.yaml", "visits: 3", "visits: 4")
    result = xiezhi("test", "VIS-001", "--format", "json")
    assert result.exit_code == 4
    assert [one["case"] for one in json.loads(result.stdout) if not one["passed"]] == ["fires_many"]
    assert "fires_many.yaml, row 8" in xiezhi("test").stdout


def test_new_rule_runs_at_once_and_lint_says_what_to_fill_in(xiezhi: Any, root: Path) -> None:
    folder = Path(
        xiezhi(
            "new", "VIS-042", "--title", "新模型", "--title-en", "A new rule", "--domain", "medical", "--fact", "visit"
        ).stdout.strip()
    )
    assert folder == root / "rules/medical/VIS-042-a-new-rule"
    assert xiezhi("test", "VIS-042").exit_code == 0
    found = json.loads(xiezhi("lint", "VIS-042", "--format", "json").stdout)
    assert {finding["code"] for finding in found} == {"DOC-01", "NORM-01"}
    for path in folder.rglob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace("【填写】", "已经填写好的").replace("[fill in]", "Written"), "utf-8")
    rule = folder / "rule.yaml"
    rule.write_text(rule.read_text("utf-8").replace("basis: []", "basis: [visit-law-1]"), "utf-8")
    assert xiezhi("lint", "VIS-042").exit_code == 0


@pytest.mark.parametrize(("code", "fact"), [("vis-1", "visit"), ("VIS-001", "visit"), ("VIS-002", "visits")])
def test_new_refuses_what_cannot_be(xiezhi: Any, code: str, fact: str) -> None:
    with pytest.raises(UserError):
        xiezhi("new", code, "--title", "新", "--fact", fact)


VILLAGE = """\
name: place
title: {zh: 村, en: Village}
summary: {zh: 每村一行, en: One row per village}
tables: [places]
principal: places
columns:
  village: {type: BIGINT, zh: 村代码, en: Village code}
  chief: {type: INTEGER, zh: 村主任, en: Head of the village, identity: name}
  firm: {type: INTEGER, zh: 承包人, en: Contractor, identity: credit_code}
  project: {type: VARCHAR, zh: 项目, en: Project}
  amount: {type: BIGINT, zh: 金额, en: Amount, unit: fen}
"""


def write_village(root: Path) -> None:
    """A fact that names no subject."""
    write(root, "facts/place/fact.yaml", VILLAGE)
    write(root, "facts/place/query.sql", "SELECT village, chief, firm, project, amount, _delivery, _row FROM places\n")


def test_new_tells_a_fact_without_a_subject_from_one_that_does_not_exist(xiezhi: Any, root: Path) -> None:
    """The same words for both sent an analyst looking for a typing mistake in a name that was right."""
    write_village(root)
    with pytest.raises(UserError, match=r"no fact places.* choose one of: closure, place, visit"):
        xiezhi("new", "VIS-002", "--title", "新", "--domain", "medical", "--fact", "places")
    with pytest.raises(UserError, match=r"place names no subject.* --subject: firm, village, project$"):
        xiezhi("new", "VIS-002", "--title", "新", "--domain", "medical", "--fact", "place")
    assert not list(root.glob("rules/*/VIS-002*"))


@pytest.mark.parametrize(
    ("column", "said"), [("nothing", "has no column nothing"), ("chief", "cannot be a subject"), ("amount", "cannot")]
)
def test_new_refuses_a_column_that_cannot_be_the_subject(column: str, said: str, xiezhi: Any, root: Path) -> None:
    write_village(root)
    with pytest.raises(UserError, match=f"{said}.*firm, village, project$"):
        xiezhi("new", "VIS-002", "--title", "新", "--domain", "medical", "--fact", "place", "--subject", column)


@pytest.mark.parametrize(
    ("fact", "column", "kind", "scope"),
    [("place", "firm", "company", "all"), ("place", "village", "village", "all"), ("place", "project", "process", "all"),
     ("visit", "place", "process", "all"), ("visit", "person", "person", "person")],
)  # fmt: skip
def test_new_starts_from_any_column_that_can_be_counted_by(
    fact: str, column: str, kind: str, scope: str, xiezhi: Any, root: Path
) -> None:
    write_village(root)
    xiezhi("new", "VIS-042", "--title", "新模型", "--domain", "medical", "--fact", fact, "--subject", column)
    assert json.loads(xiezhi("test", "VIS-042", "--format", "json").stdout)
    assert xiezhi("test", "VIS-042").exit_code == 0
    shown = json.loads(xiezhi("show", "VIS-042", "--format", "json").stdout)
    assert (shown["hit"]["subject"], shown["scope"]) == ({"kind": kind, "column": column, "identity": None}, scope)
    reason = "id_unsound" if kind in ("company", "person") else "value_missing"
    assert shown["population"]["needs"] == {column: reason}
    found = json.loads(xiezhi("lint", "VIS-042", "--format", "json").stdout)
    assert {finding["code"] for finding in found} == {"DOC-01", "NORM-01"}


@pytest.mark.parametrize("fact", sorted(load_content([SHIPPED]).facts))
def test_new_starts_from_every_fact_that_we_ship(fact: str, tmp_path: Path) -> None:
    content = load_content([SHIPPED])
    subject = None if content.facts[fact].subject else usable_subjects(content.facts[fact])[0]
    (tmp_path / "site").mkdir()
    config = CoreConfig(content_roots=(SHIPPED, tmp_path / "site"))
    operations.new_rule(config, Order("NEW-001", "新", "New", "subsidy", fact, subject))
    ((_, results),) = operations.run_cases_of_rules(config, ["NEW-001"])
    assert [result.case.name for result in results if not result.passed] == []
    assert {finding.code for finding in operations.lint_rules(config, ["NEW-001"])} == {"DOC-01", "NORM-01"}


@pytest.mark.parametrize(
    "title",
    [
        "代领, 冒领",
        "代领: 多人",
        '所谓"代领"',
        "它's",
        "{代领}",
        "[代领]",
        "代领 # 多人",
        "- 代领",
        "true",
        "\\代领",
        "*代领",
        "代领\u2028多人",
        "代领\x7f多人",
    ],
)
def test_new_keeps_a_title_as_it_was_given(title: str, xiezhi: Any) -> None:
    """In `{zh: …}` a comma ends a text and a colon makes it a key."""
    xiezhi("new", "VIS-042", "--title", title, "--title-en", title, "--domain", "medical", "--fact", "visit")
    assert json.loads(xiezhi("show", "VIS-042", "--format", "json").stdout)["title"] == {"zh": title, "en": title}
    assert xiezhi("test", "VIS-042").exit_code == 0


def test_new_says_that_a_domain_is_still_to_be_described_and_how(xiezhi: Any, root: Path) -> None:
    made = xiezhi("new", "DRO-001", "--title", "新", "--domain", "drones", "--fact", "visit")
    assert f"there is no domain drones yet. Add it to {root / 'domains.yaml'}" in made.stderr
    assert made.stdout.strip() == str(root / "rules/drones/DRO-001-new-rule")
    lines = made.stderr.splitlines()
    start = lines.index("drones:")
    assert "META-13" in xiezhi("lint", "DRO-001").stdout
    domains = root / "domains.yaml"
    domains.write_text(domains.read_text("utf-8") + "\n".join(lines[start : start + 3]) + "\n", "utf-8")
    assert "META-13" not in xiezhi("lint", "DRO-001").stdout
    assert "there is no domain" not in xiezhi("new", "DRO-002", "--title", "新", "--domain", "drones", "--fact", "visit").stderr


@pytest.mark.parametrize("domain", ["../out", "Drones", "", "a/b"])
def test_new_refuses_a_domain_that_is_no_folder(domain: str, xiezhi: Any) -> None:
    with pytest.raises(UserError, match=r"names a folder.*there are: medical"):
        xiezhi("new", "VIS-042", "--title", "新", "--domain", domain, "--fact", "visit")


def test_docs_in_both_languages(xiezhi: Any, tmp_path: Path) -> None:
    xiezhi("docs", str(tmp_path / "zh"))
    text = (tmp_path / "zh/VIS-001.md").read_text("utf-8")
    for expected in (
        "查什么",
        "费用 不少于 10.00 元",
        "次数 不少于 2",
        "2020-01-01 – 2022-01-01",
        "三次就诊",
        "**就诊** (`visit`)",
        "甲、乙",
        "号码错误",
    ):
        assert expected in text
    assert "\n\n\n" not in text
    assert "[VIS-001](VIS-001.md)" in (tmp_path / "zh/index.md").read_text("utf-8")
    xiezhi("docs", str(tmp_path / "en"), "--lang", "en")
    assert "Cost at least 10.00 yuan" in (tmp_path / "en/VIS-001.md").read_text("utf-8")


def test_docs_drop_pages_of_rules_that_are_gone(xiezhi: Any, tmp_path: Path) -> None:
    """Those that the index of last time links to; whatever else lies there is somebody's."""
    (tmp_path / "OLD-001.md").write_text("old", "utf-8")
    (tmp_path / "mine.md").write_text("mine", "utf-8")
    (tmp_path / "index.md").write_text("| [OLD-001](OLD-001.md) |", "utf-8")
    xiezhi("docs", str(tmp_path))
    assert not (tmp_path / "OLD-001.md").exists()
    assert (tmp_path / "mine.md").exists()


def test_lock_notices_a_change(xiezhi: Any, root: Path) -> None:
    with pytest.raises(ContentError, match="VIS-001 is new"):
        xiezhi("lock", "--check")
    assert "VIS-001 is new" in xiezhi("lock").stdout
    assert str(root / "lock.yaml") in xiezhi("lock").stderr
    assert "5 items agree" in xiezhi("lock", "--check").stderr
    plant(root, "norms/visit-law-1.yaml", "limit: 1000", "limit: 2000")
    with pytest.raises(ContentError, match="visit-law-1 has changed"):
        xiezhi("lock", "--check")
    xiezhi("lock")
    assert xiezhi("lock", "--check").exit_code == 0


def test_lock_refuses_a_changed_rule_without_a_new_version(xiezhi: Any, root: Path) -> None:
    xiezhi("lock")
    plant(root, "query.sql", "COUNT(*) AS visits", "COUNT(v.day) AS visits")
    for arguments in (("lock",), ("lock", "--check")):
        with pytest.raises(ContentError, match="raise `version`"):
            xiezhi(*arguments)
    plant(root, "rule.yaml", "version: 1", "version: 2")
    assert "is now version 2" in xiezhi("lock").stdout
    plant(root, "rule.yaml", "version: 2", "version: 1")
    with pytest.raises(ContentError, match="went back"):
        xiezhi("lock")
    plant(root, "rule.yaml", "id: 7a1c1c58", "id: 8a1c1c58")
    with pytest.raises(ContentError, match="for life"):
        xiezhi("lock")


def test_a_draft_may_change_freely(xiezhi: Any, root: Path) -> None:
    plant(root, "rule.yaml", "status: live", "status: draft")
    xiezhi("lock")
    plant(root, "query.sql", "COUNT(*) AS visits", "COUNT(v.day) AS visits")
    xiezhi("lock")
    full(root, "rule.yaml").unlink()
    assert "is gone" in xiezhi("lock").stdout


def test_operations_refuse_an_unknown_code(root: Path) -> None:
    config = CoreConfig(content_roots=(root,))
    with pytest.raises(UserError):
        list(operations.run_cases_of_rules(config, ["NO-1"]))
    with pytest.raises(UserError):
        operations.lint_rules(config, ["NO-1"])
