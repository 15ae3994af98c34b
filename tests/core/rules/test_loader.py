"""Content folders: what is read, how a site lays its own over it, and that every complaint names file and line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.builders.content import FACT, FILES, FOLDER, QUERY, RULE, full, plant, write, write_content
from xiezhi.kernel.errors import ContentError
from xiezhi.rules.facts import facts_in_order
from xiezhi.rules.loader import load_content, load_domains, read_content
from xiezhi.rules.rule import Rule


def refusal(*roots: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        load_content(roots)
    return caught.value


def test_a_folder_is_read_whole(root: Path) -> None:
    content = load_content([root])
    assert (set(content.rules), set(content.facts), set(content.norms)) == ({"VIS-001"}, {"visit", "closure"}, {"visit-law-1"})
    assert set(content.exclusions) == {"X1"}
    assert content.rules["VIS-001"].hit.subject.column == "person"
    assert content.folder("VIS-001") == root / FOLDER


def test_a_rule_survives_json(root: Path) -> None:
    rule = load_content([root]).rules["VIS-001"]
    again = Rule.model_validate(json.loads(json.dumps(rule.model_dump(mode="json", by_alias=True))))
    assert (again, again.digest) == (rule, rule.digest)


@pytest.mark.parametrize(
    ("file", "old", "new", "changes"),
    [
        ("rule.yaml", "en: Number of visits", "en: Count of visits", True),
        ("query.sql", "COUNT(*) AS visits", "COUNT(*) + 0 AS visits", True),
        ("rule.yaml", "min: 1, max: 10", "min: 1, max: 11", True),
        ("rule.yaml", "status: live", "status: trial", False),
        ("rule.yaml", "domain: medical", "domain: medical  # a remark", False),
        ("query.sql", "AS hours\n", "AS hours\r\n", False),
        ("cases/near_once.yaml", "only once", "just once", False),
    ],
)
def test_digest_covers_rule_and_query_and_nothing_else(root: Path, file: str, old: str, new: str, changes: bool) -> None:
    before = load_content([root]).rules["VIS-001"].digest
    if file != "cases/near_once.yaml":
        plant(root, file, old, new)
    else:
        full(root, file).unlink()
    assert (load_content([root]).rules["VIS-001"].digest != before) is changes


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("rule.yaml", "status: live", "status: alive", "status"),
        ("rule.yaml", "unit: place\n  month", "unit: place\n  mouth: day\n  month", "population.mouth: unknown key"),
        ("rule.yaml", "zh: 没有费用的不报, en: Visits", "zh: 没有费用的,不报, en: Visits", "needs quotes"),
        ("rule.yaml", "version: 1", "code: VIS-002", "given twice"),
        ("rule.yaml", "version: 1", "version: '1", "cannot read the YAML"),
        ("facts/visit/fact.yaml", "type: DATE", "type: DAY", "columns.day.type"),
    ],
)
def test_a_mistake_is_named_with_its_line(root: Path, file: str, old: str, new: str, said: str) -> None:
    plant(root, file, old, new)
    error = refusal(root)
    assert said in error.message("en")
    assert error.place is not None
    assert error.place.file == str(full(root, file))
    wrong = new.splitlines()[-2] if "\n" in new else new
    lines = [number for number, text in enumerate(full(root, file).read_text("utf-8").splitlines(), 1) if wrong in text]
    assert said == "cannot read the YAML" or error.place.row in lines


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("rule.yaml", "domain: medical\n", "", "domain: a required key is missing"),
        ("rule.yaml", "{repeats: [person, place]}", "{repeats: [person], with: {fact: closure, on: person}}", "either `with` or"),
        ("rule.yaml", "{repeats: [person, place]}", "{}", "either `with` or"),
        ("rule.yaml", "default: 2, min: 1", "min: 1", "needs a default or a norm_value"),
        ("norms/visit-law-1.yaml", "to: 2022-01-01", "to: 2023-01-01", "follow each other"),
    ],
)
def test_what_does_not_fit_together_is_refused(root: Path, file: str, old: str, new: str, said: str) -> None:
    plant(root, file, old, new)
    assert said in refusal(root).message("en")


@pytest.mark.parametrize(
    ("text", "row"),
    [("code: VIS-001\nversion: '1\n", 3), ("code: VIS-001\nversion: @1\n", 2), ("\udcff\nb: 1\n", 1), ("- a\n", 1)],
)
def test_what_is_no_yaml_is_named_with_its_line(root: Path, text: str, row: int) -> None:
    full(root, "rule.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    error = refusal(root)
    assert error.code == "XZ-YAML-01"
    assert error.place is not None
    assert (error.place.file, error.place.row) == (str(full(root, "rule.yaml")), row)


def test_what_is_missing_is_missing_in_the_first_line(root: Path) -> None:
    plant(root, "rule.yaml", "domain: medical\n", "")
    error = refusal(root)
    assert error.place is not None
    assert error.place.row == 1
    assert "line 1, domain: a required key is missing" in error.en


@pytest.mark.parametrize("text", ["- a list\n", "just words\n", "\udcff"])
def test_a_file_that_is_no_mapping_is_refused(root: Path, text: str) -> None:
    full(root, "rule.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert refusal(root).code == "XZ-YAML-01"


def test_words_that_old_yaml_takes_for_others_stay_words(root: Path) -> None:
    plant(
        root, "rule.yaml", "narrow:\n  visit: {repeats: [person, place]}", "narrow:\n  visit: {with: {fact: closure, on: person}}"
    )
    plant(root, "rule.yaml", 'value: visits, op: ">="', "value: visits, op: =")
    plant(root, "rule.yaml", "en: Places", "en: No")
    rule = load_content([root]).rules["VIS-001"]
    with_ = rule.narrow["visit"].with_
    assert with_ is not None
    assert (with_.on, rule.conditions[0].op, rule.parameters["places"].en) == ("person", "=", "No")


def test_all_complaints_are_made_at_once(root: Path) -> None:
    plant(root, "rule.yaml", "version: 1", "version: one")
    plant(root, "facts/visit/fact.yaml", "type: DATE", "type: DAY")
    content, problems = read_content([root])
    assert len(problems) == 2
    assert "closure" in content.facts
    assert "2 faults" in refusal(root).en


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda root: (root / FOLDER).rename(root / "rules/medical/VISITS"), "XZ-CONTENT-03"),
        (lambda root: (root / "rules/medical").rename(root / "rules/health"), "XZ-CONTENT-06"),
        (lambda root: (root / "facts/visit").rename(root / "facts/visits"), "XZ-CONTENT-06"),
        (lambda root: (root / "facts/visit/query.sql").rename(root / "facts/visit/visit.sql"), "XZ-CONTENT-07"),
        (lambda root: (root / "facts/visit/fact.yaml").rename(root / "facts/visit.yaml"), "XZ-CONTENT-08"),
        (lambda root: full(root, "query.sql").unlink(), "XZ-CONTENT-07"),
        (
            lambda root: write(root, "rules/medical/VIS-001-again/rule.yaml", RULE).with_name("query.sql").write_text("SELECT 1"),
            "XZ-CONTENT-04",
        ),
        (lambda root: plant(root, "rule.yaml", "version: 1", "version: 1\nreplaces: VIS-000"), "XZ-CONTENT-05"),
    ],
)
def test_a_misplaced_file_is_refused(root: Path, change: object, code: str) -> None:
    change(root)  # type: ignore[operator]
    assert refusal(root).code == code


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere").code == "XZ-CONTENT-02"


def test_a_site_adds_and_replaces(root: Path, tmp_path: Path) -> None:
    site = write_content(tmp_path / "site")
    for path in [*site.glob("facts/closure/*"), *site.glob("norms/*"), site / "exclusions.yaml", site / "domains.yaml"]:
        path.unlink()
    plant(site, "facts/visit/fact.yaml", "name: visit\n", "name: visit\nreplaces: visit\n")
    plant(site, "rule.yaml", "version: 1\n", "version: 2\nreplaces: VIS-001\n")
    content = load_content([root, site])
    assert content.rules["VIS-001"].version == 2
    assert content.document("fact", "visit").path.is_relative_to(site)
    assert content.document("fact", "closure").path.is_relative_to(root)


def test_a_site_may_replace_under_a_new_code(root: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    folder = site / "rules/medical/LOC-001-local"
    folder.mkdir(parents=True)
    (folder / "rule.yaml").write_text(RULE.replace("code: VIS-001", "code: LOC-001\nreplaces: VIS-001"), "utf-8")
    (folder / "query.sql").write_text("SELECT 1 AS person", "utf-8")
    assert set(load_content([root, site]).rules) == {"LOC-001"}


SHELVES = {"rule": ("rules/", "VIS-001"), "fact": ("facts/visit", "visit"), "norm": ("norms/", "visit-law-1")}
"""What a site could lay over something shipped: which files, and the name they bear."""


def site_of(folder: Path, kind: str, *, replaces: str = "") -> Path:
    """A content folder with one rule, fact or norm, and nothing else that could be refused instead."""
    files, name = SHELVES[kind]
    key = "code" if kind == "rule" else "name" if kind == "fact" else "id"
    for path, text in FILES.items():
        if path.startswith(files):
            said = f"{key}: {name}\nreplaces: {replaces}\n" if replaces else f"{key}: {name}\n"
            write(folder, path, text.replace(f"{key}: {name}\n", said))
    return folder


@pytest.mark.parametrize("kind", SHELVES)
def test_a_site_that_does_not_say_so_replaces_nothing(root: Path, tmp_path: Path, kind: str) -> None:
    error = refusal(root, site_of(tmp_path / "site", kind))
    assert error.code == "XZ-CONTENT-04"
    assert f"replaces: {SHELVES[kind][1]}" in error.message("en")
    content, _ = read_content([root, tmp_path / "site"])
    assert content.document(kind, SHELVES[kind][1]).path.is_relative_to(root), "what is shipped stays"


@pytest.mark.parametrize("kind", SHELVES)
def test_a_site_that_says_so_replaces_it(root: Path, tmp_path: Path, kind: str) -> None:
    site = site_of(tmp_path / "site", kind, replaces=SHELVES[kind][1])
    assert load_content([root, site]).document(kind, SHELVES[kind][1]).path.is_relative_to(site)


@pytest.mark.parametrize("kind", SHELVES)
def test_what_a_site_replaced_cannot_be_replaced_again_unsaid(root: Path, tmp_path: Path, kind: str) -> None:
    """A third folder has to say so too; saying so, it stands in for the second."""
    site = site_of(tmp_path / "site", kind, replaces=SHELVES[kind][1])
    assert refusal(root, site, site_of(tmp_path / "third", kind)).code == "XZ-CONTENT-04"
    again = site_of(tmp_path / "fourth", kind, replaces=SHELVES[kind][1])
    assert load_content([root, site, again]).document(kind, SHELVES[kind][1]).path.is_relative_to(again)


def test_one_that_replaces_another_does_not_replace_its_namesake(root: Path, tmp_path: Path) -> None:
    """`replaces: VIS-000` says nothing of the shipped VIS-001, which bears the site's own code."""
    write(root, "rules/medical/VIS-000-old/rule.yaml", RULE.replace("code: VIS-001", "code: VIS-000").replace("id: 7a", "id: 8a"))
    write(root, "rules/medical/VIS-000-old/query.sql", QUERY)
    assert refusal(root, site_of(tmp_path / "site", "rule", replaces="VIS-000")).code == "XZ-CONTENT-04"


def test_two_of_one_folder_cannot_both_replace_one_thing(root: Path, tmp_path: Path) -> None:
    site = site_of(tmp_path / "site", "rule", replaces="VIS-001")
    write(site, "rules/medical/VIS-001-twin/rule.yaml", RULE.replace("code: VIS-001\n", "code: VIS-001\nreplaces: VIS-001\n"))
    write(site, "rules/medical/VIS-001-twin/query.sql", QUERY)
    assert refusal(root, site).code == "XZ-CONTENT-04"


def test_a_site_adds_exclusions_and_changes_none(root: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(site, "exclusions.yaml", (root / "exclusions.yaml").read_text("utf-8").replace("X1:", "X90:"))
    assert set(load_content([root, site]).exclusions) == {"X1", "X90"}
    plant(site, "exclusions.yaml", "X90:", "X1:")
    assert refusal(root, site).code == "XZ-CONTENT-04"


def test_the_norm_in_force_on_a_day(root: Path) -> None:
    norm = load_content([root]).norms["visit-law-1"]
    assert norm.on(date(2019, 12, 31)) is None
    old, new = norm.on(date(2021, 12, 31)), norm.on(date(2022, 1, 1))
    assert old is not None
    assert new is not None
    assert (old.text.en, new.text.en, new.values["limit"]) == ("Old text", "New text", 1000)


def add_fact(root: Path, name: str, reads: str) -> None:
    text = FACT.replace("name: visit", f"name: {name}").replace("principal: visits", f"principal: visits\nfacts: [{reads}]")
    write(root, f"facts/{name}/fact.yaml", text)
    write(root, f"facts/{name}/query.sql", "SELECT person, place, day, hours, cost, _delivery, _row FROM visits\n")


def test_facts_come_after_what_they_read(root: Path) -> None:
    add_fact(root, "a_first", "b_second")
    add_fact(root, "b_second", "visit")
    facts = load_content([root]).facts
    assert [fact.name for fact in facts_in_order(facts, ["a_first"])] == ["visit", "b_second", "a_first"]


def test_facts_that_read_each_other_are_refused(root: Path) -> None:
    add_fact(root, "a_first", "b_second")
    add_fact(root, "b_second", "a_first")
    with pytest.raises(ContentError, match="a_first → b_second → a_first"):
        facts_in_order(load_content([root]).facts, ["a_first"])
    with pytest.raises(ContentError, match="no fact c_third"):
        facts_in_order(load_content([root]).facts, ["c_third"])


DRONES = "drones:\n  title: {zh: 低空经济, en: Drones}\n  departments: [traffic]\n"


def test_a_site_adds_a_domain_and_stands_in_for_one_by_saying_so(root: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(site, "domains.yaml", DRONES + "medical:\n  replaces: medical\n  title: {zh: 医保, en: Medical}\n")
    both = load_content([root, site]).domains
    assert (both["drones"].title.zh, both["drones"].departments) == ("低空经济", ("traffic",))
    assert (both["medical"].title.en, both["medical"].departments) == ("Medical", ())
    assert load_domains([root, site]) == both
    plant(site, "domains.yaml", "  replaces: medical\n", "")
    error = refusal(root, site)
    assert (error.code, error.place and error.place.row) == ("XZ-CONTENT-04", 4)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("drones: 低空经济\n", "line 1"),
        ("drones:\n  title: {zh: 低空经济}\n", "line 2, title.en: a required key is missing"),
        ("drones:\n  title: {zh: 低空经济, en: Drones}\n  department: traffic\n", "line 3, department: unknown key"),
    ],
)
def test_a_domain_that_is_not_said_whole_is_refused(root: Path, written: str, said: str) -> None:
    write(root, "domains.yaml", written)
    error = refusal(root)
    assert (error.code, said in error.en) == ("XZ-YAML-03", True), error.en
