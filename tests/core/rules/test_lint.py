"""Every finding is triggered by the mistake it is meant for, at the line where the mistake stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.content import full, plant
from xiezhi.rules.lint import Finding, lint_fact, lint_norm, lint_rule
from xiezhi.rules.loader import load_content

RULE, QUERY, FACT, FACT_SQL = "rule.yaml", "query.sql", "facts/visit/fact.yaml", "facts/visit/query.sql"
COUNTED = "COUNT(*) AS visits,"
TWO_MORE = "FROM visit AS v JOIN closure AS d ON v.person = d.person JOIN closure AS e ON v.person = e.person"
ONE_MORE = (
    "UNION ALL BY NAME SELECT 1 AS person, '甲' AS place, 2 AS visits, 9 AS cost, DATE '2024-01-01' AS first_day, "
    "DATE '2024-01-02' AS last_day, 1000 AS min_cost, 1.5 AS hours"
)


def findings(root: Path) -> list[Finding]:
    content = load_content([root])
    about_facts = [finding for name in content.facts for finding in lint_fact(name, content)]
    about_norms = [finding for name in content.norms for finding in lint_norm(name, content)]
    return [*lint_rule(content.rules["VIS-001"], content), *about_facts, *about_norms]


def test_sound_content_has_no_findings(root: Path) -> None:
    assert findings(root) == []


MISTAKES = [
    ("META-01", RULE, "title: {zh: 频繁就诊,", "title: {zh: Visits,"),
    ("META-01", RULE, "en: Least visits,", "en: 次数,"),
    ("META-01", RULE, "title: {zh: 很多次, en: Very many}", "title: {zh: 很多次, en: ''}"),
    ("META-01", FACT, "place: {type: VARCHAR, zh: 地点, en: Place}", "place: {type: VARCHAR, zh: place, en: Place}"),
    ("META-01", "norms/visit-law-1.yaml", "en: Old text", "en: 旧文"),
    ("META-02", RULE, "verify: {zh: [调取病历],", "verify: {zh: [调取病历, 询问医生],"),
    ("DOC-03 META-02", RULE, "false_positives: {zh: [慢性病], en: [A chronic illness]}", "false_positives: {zh: [], en: []}"),
    ("META-04", RULE, "{name: cost, value", "{name: visits, value"),
    ("META-04", RULE, "{code: B, level", "{code: A, level"),
    ("META-05", RULE, "exclusions: [X1]", "exclusions: [X99]"),
    ("META-13", "domains.yaml", "medical:", "medicine:"),
    ("META-06", RULE, "level: orange\nowner", "level: red\nowner"),
    ("META-07", RULE, 'when: "true"', 'when: "visits >= 2"'),
    ("META-08", RULE, "  key: [person, place]", "  key: [person, spot]"),
    ("META-08", RULE, "  shows: [visits, cost]", "  shows: [visits, price]"),
    ("META-08", RULE, "{visits} visits to {place}", "{times} visits to {place}"),
    ("META-09", RULE, "period: [first_day, last_day]", "period: [first_day, visits]"),
    ("META-09", RULE, "  amount: cost", "  amount: hours"),
    ("META-10", RULE, "{cost:money}, from", "{cost:euros}, from"),
    ("META-11", RULE, "subject: {kind: person, column: person}", "subject: {kind: company, column: person}"),
    ("META-11", RULE, "  key: [person", "  counterpart: {kind: person, column: visits}\n  key: [person"),
    ("META-12", RULE, "  shows: [visits, cost]", "  shows: [visits, cost, hours]"),
    ("META-12", RULE, "  shows: [visits, cost]", "  shows: [visits, cost, min_cost]"),
    ("META-12", RULE, "value: visits, op", "value: visits + 0, op"),
    ("META-12", RULE, "  shows: [visits, cost]", "  shows: [cost]\n  peers: {own: hours, median: min_cost}"),
    ("META-13 META-13", RULE, "  shows: [visits, cost]", "  shows: [visits, cost, first_day, last_day]"),
    ("META-13 META-13", RULE, "shows: [visits, cost]", "shows: [visits, cost]\n  titles: {visits: {zh: 费用, en: How often}}"),
    ("META-13 META-13", RULE, "shows: [visits, cost]", "shows: [visits, cost]\n  titles: {visits: {zh: 就诊, en: Cost}}"),
    ("META-13 META-13", RULE, "zh: 费用(分), en: Cost (fen)", "zh: 次数, en: Cost (fen)"),
    ("META-14", RULE, "  shows: [visits, cost]", "  shows: [visits, cost]\n  titles: {hours: {zh: 时长, en: Hours}}"),
    ("META-08", RULE, "  shows: [visits, cost]", "  shows: [visits, cost]\n  titles: {spots: {zh: 地点, en: Spots}}"),
    ("META-08", RULE, "  shows: [visits, cost]", "  shows: [visits, cost]\n  says: {spots: {1: {zh: 一处, en: one}}}"),
    ("META-08", RULE, "  shows: [visits, cost]", "  shows: [visits, cost]\n  peers: {own: cost, median: middle}"),
    ("META-01", RULE, "  shows: [visits, cost]", "  shows: [visits, cost]\n  titles: {visits: {zh: visits, en: Visits}}"),
    ("META-01", RULE, "en: Number of visits}", "en: Number of visits, says: {0: {zh: none, en: none}}}"),
    ("SQL-01", QUERY, "GROUP BY v.person, v.place", "GROUP BY (v.person"),
    ("SQL-01", QUERY, "-- One row per person and place.", "DELETE FROM visit;"),
    ("META-12 SQL-01", RULE, 'value: visits, op: ">="', 'value: "visits) OR (1 = 1", op: ">="'),
    ("SQL-01", RULE, 'when: "visits >= 3"', 'when: "visits >= 3; DROP TABLE visit"'),
    ("SQL-02", QUERY, "MIN(v.day) AS first_day", "MIN(v.night) AS first_day"),
    ("SQL-03", RULE, 'when: "visits >= 3"', 'when: "calls >= 3"'),
    ("SQL-03", RULE, "f.day >= h.first_day", "f.day >= h.start"),
    ("SQL-03 SQL-06", RULE, "f.day >= h.first_day", "f.night >= h.first_day"),
    ("SQL-03", RULE, "f.day >= h.first_day", "day >= h.first_day"),
    ("SQL-03 SQL-06", RULE, 'where: "cost > 0"', 'where: "price > 0"'),
    ("SQL-03", RULE, "by: {person: person, place: place}", "by: {person: person, place: spot}"),
    ("SEC-01 SQL-04 SQL-07 SQL-07", RULE, "  closure: [person, closed]\nparam", "param"),
    ("COV-01 SQL-05", RULE, "{closure: closed}", "{departure: closed}"),
    ("SQL-06", RULE, "  unit: place\n  month", "  unit: spot\n  month"),
    ("SQL-06", RULE, "needs: {person: id_unsound}", "needs: {human: id_unsound}"),
    ("SQL-06", RULE, "repeats: [person, place]", "repeats: [person, spot]"),
    ("SQL-07", RULE, "visit: [person, place, day, hours, cost]", "visit: [person, place, day, cost]"),
    ("SQL-07", RULE, "visit: [person, place, day, hours, cost]", "visit: [person, place, hours, cost]"),
    ("SQL-08", QUERY, ", SUM(v.hours) AS hours", ""),
    ("SQL-09 SQL-10", QUERY, "($places)", "($spots)"),
    ("SQL-09", RULE, 'when: "visits >= 3"', 'when: "visits >= $many"'),
    ("SQL-10", RULE, 'bound: "$min_visits"', 'bound: "2"'),
    ("SQL-11", RULE, "default: 2, min: 1", "default: 0, min: 1"),
    ("SQL-12", QUERY, COUNTED, "v.day + v.place AS later, COUNT(*) AS visits,"),
    ("SEC-01 SQL-13", RULE, 'when: "visits >= 3"', 'when: "visits >= (SELECT COUNT(*) FROM closure)"'),
    ("SEC-03", QUERY, COUNTED, COUNTED + " levenshtein(MIN(v.place), '甲') AS apart,"),
    ("SEC-03", QUERY, COUNTED, COUNTED + " made_up(MIN(v.place)) AS made,"),
    ("PORT-02", QUERY, "MAX(v.day) AS last_day", "current_date AS last_day"),
    ("PORT-02", QUERY, COUNTED, COUNTED + " random() AS luck,"),
    ("PORT-02", QUERY, COUNTED, COUNTED + " now() AS at,"),
    ("PORT-02", RULE, 'where: "cost > 0"', 'where: "cost > 0 AND day < today()"'),
    ("PORT-03", QUERY, COUNTED, COUNTED + " MAX(v.day) - MIN(v.day) AS days,"),
    ("PORT-04 SQL-12", QUERY, COUNTED, COUNTED + " date_diff('month', MIN(v.day), MAX(v.day)) AS months,"),
    ("PORT-05", QUERY, COUNTED, COUNTED + " CAST(SUM(v.hours) AS INTEGER) AS whole,"),
    ("PORT-05", QUERY, COUNTED, COUNTED + " CAST(COUNT(*) / 2 AS BIGINT) AS half,"),
    ("PORT-06", QUERY, COUNTED, COUNTED + " week(MIN(v.day)) AS week,"),
    ("PORT-06", QUERY, COUNTED, COUNTED + " dayofweek(MIN(v.day)) AS weekday,"),
    ("PORT-06", QUERY, COUNTED, COUNTED + " extract(week FROM MIN(v.day)) AS week,"),
    ("PORT-07", QUERY, COUNTED, COUNTED + " list(v.day) AS days,"),
    ("PORT-07", QUERY, COUNTED, COUNTED + " [1, 2] AS pair,"),
    ("PORT-07 PORT-07", QUERY, COUNTED, COUNTED + " list_sum([1]) AS total,"),
    ("SEC-02", QUERY, "FROM visit AS v", "FROM read_csv('/etc/passwd') AS x, visit AS v"),
    ("SEC-02", QUERY, "FROM visit AS v", "FROM range(3) AS x, visit AS v"),
    ("PORT-09", QUERY, "LEFT JOIN closure AS c ON v.person = c.person AND", "ASOF JOIN closure AS c ON v.person = c.person AND"),
    ("PORT-10", QUERY, "GROUP BY v.person, v.place", f"GROUP BY v.person, v.place {ONE_MORE}"),
    ("PORT-11", QUERY, "GROUP BY v.person, v.place", "GROUP BY ALL"),
    ("PORT-11", QUERY, "GROUP BY v.person, v.place", "GROUP BY v.person, v.place ORDER BY ALL"),
    ("PORT-12", QUERY, "FROM visit AS v", "FROM (SELECT * FROM visit) AS v"),
    ("PORT-12", QUERY, "FROM visit AS v", "FROM (SELECT visit.* FROM visit) AS v"),
    ("PORT-13", QUERY, "GROUP BY v.person, v.place", "GROUP BY v.person, v.place LIMIT 5"),
    ("PORT-13", QUERY, "SELECT v.person", "SELECT DISTINCT ON (v.person) v.person"),
    ("PORT-14", QUERY, COUNTED, COUNTED + " row_number() OVER (PARTITION BY v.place) AS n,"),
    ("PORT-14", QUERY, COUNTED, COUNTED + " any_value(v.day) AS someday,"),
    ("PORT-14", QUERY, COUNTED, COUNTED + " string_agg(v.place, ',') AS spots,"),
    ("PORT-15 SQL-12", QUERY, COUNTED, COUNTED + " COUNT(*) OVER (ORDER BY v.place RANGE BETWEEN 3 PRECEDING AND CURRENT ROW),"),
    ("PORT-16", QUERY, "GROUP BY v.person, v.place", "GROUP BY v.person, v.place HAVING COUNT(DISTINCT v.day) >= 2"),
    ("PORT-17", QUERY, COUNTED, COUNTED + " CAST(SUM(v.hours) AS VARCHAR) AS told,"),
    ("PORT-17", QUERY, COUNTED, COUNTED + " SUM(v.hours) || ' h' AS told,"),
    ("PORT-18", QUERY, "FROM visit AS v", TWO_MORE + " AND v.cost = d.person + e.person"),
    ("PORT-18", QUERY, "FROM visit AS v", TWO_MORE + " AND (v.cost BETWEEN d.person AND e.person)"),
    ("PORT-18", FACT_SQL, "FROM visits", "FROM visits, visits AS d, visits AS e WHERE visits.cost <= d.cost + e.cost"),
    ("PORT-02", FACT_SQL, "SELECT person, place, day,", "SELECT person, place, current_date AS day,"),
    ("CASE-03", "cases/fires_two.yaml", "variant: B", "visits: 2"),
    ("CASE-04", "cases/fires_many.yaml", "visits: 3", "calls: 3"),
    ("CASE-05", "cases/near_once.yaml", "expect: []", "expect: [{person: 1}]"),
    ("CASE-05", "cases/near_once.yaml", "given:", "gifts:"),
    ("NORM-01", RULE, "basis: [visit-law-1]", "basis: []"),
    ("NORM-02", RULE, "basis: [visit-law-1]", "basis: [visit-law-2]"),
    ("NORM-03 SQL-11", RULE, "norm: visit-law-1, name: limit", "norm: visit-law-1, name: bound"),
    ("NORM-04", RULE, "en: Places, basis: L9", "en: Places, basis: hearsay"),
    ("DOC-01", RULE, "zh: [慢性病]", "zh: [【填写】]"),
    ("DOC-01", "cases/near_once.yaml", "en: Only once", 'en: "[fill in]"'),
    ("DOC-02", RULE, "zh: 短时间内反复到同一地点就诊并不常见。", "zh: 可疑。"),
    ("FACT-01", FACT_SQL, "SELECT person", "SELEC person"),
    ("FACT-03", FACT, "principal: visits", "principal: closures"),
    ("FACT-04", FACT, "subject: person", "subject: human"),
    ("SEC-01", FACT_SQL, "FROM visits", "FROM visits, closures"),
    ("FACT-05", FACT, "tables: [visits]", "tables: [visits, closures]"),
    ("FACT-05 FACT-05", FACT, "tables: [visits]", "tables: [visits, closure]\nfacts: [closure]"),
    ("FACT-01", FACT, "tables: [visits]", "tables: [visits]\nfacts: [visit]"),
    ("FACT-06", FACT_SQL, "SELECT person,", "SELECT person, 1 AS extra,"),
    ("FACT-06", FACT_SQL, ", _row", ""),
    ("FACT-07", FACT_SQL, "FROM visits", "FROM visits WHERE cost > $min_cost"),
]  # fmt: skip


@pytest.mark.parametrize(("codes", "file", "old", "new"), MISTAKES)
def test_planted_mistake_is_found_and_nothing_else(root: Path, codes: str, file: str, old: str, new: str) -> None:
    plant(root, file, old, new)
    found = findings(root)
    assert sorted(finding.code for finding in found) == codes.split()
    assert all(finding.zh and finding.en for finding in found)
    assert [finding.hint for finding in found] == [code == "PORT-16" for code in codes.split()]


SOUND = [
    (QUERY, COUNTED, COUNTED + " row_number() OVER (PARTITION BY v.place ORDER BY v.person) AS n,"),
    (QUERY, COUNTED, COUNTED + " row_number() OVER (ORDER BY COUNT(*), v.person, v.place) AS n,"),
    (QUERY, COUNTED, COUNTED + " LAG(MIN(v.day) IGNORE NULLS) OVER (PARTITION BY v.place ORDER BY v.person) AS before,"),
    (QUERY, COUNTED, COUNTED + " SUM(COUNT(*)) OVER (PARTITION BY v.place) AS all_visits,"),
    (QUERY, COUNTED, COUNTED + " SUM(COUNT(*)) OVER (ORDER BY v.person ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS near,"),
    (
        QUERY,
        COUNTED,
        COUNTED + " SUM(COUNT(*)) OVER (ORDER BY v.person RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS near,",
    ),
    (QUERY, COUNTED, COUNTED + " string_agg(v.place, ',' ORDER BY v.place) AS spots,"),
    (QUERY, COUNTED, COUNTED + " COUNT(DISTINCT v.day) AS days,"),
    (QUERY, "GROUP BY v.person, v.place", "GROUP BY v.person, v.place HAVING COUNT(DISTINCT v.day) >= 3"),
    (QUERY, "GROUP BY v.person, v.place", "GROUP BY v.person, v.place HAVING COUNT(DISTINCT v.day) > 2"),
    (QUERY, "GROUP BY v.person, v.place", "GROUP BY v.person, v.place HAVING COUNT(DISTINCT v.day) >= 1"),
    (QUERY, "GROUP BY v.person, v.place", "GROUP BY v.person, v.place HAVING COUNT(*) >= 2 AND MIN(v.cost) > 1"),
    (QUERY, "GROUP BY v.person, v.place", "GROUP BY v.person, v.place ORDER BY v.person"),
    (QUERY, COUNTED, COUNTED + " date_diff('day', MIN(v.day), MAX(v.day)) AS days,"),
    (QUERY, COUNTED, COUNTED + " extract(month FROM MIN(v.day)) AS month,"),
    (QUERY, COUNTED, COUNTED + " CAST(round(SUM(v.hours)) AS BIGINT) AS whole,"),
    (QUERY, COUNTED, COUNTED + " CAST((floor(SUM(v.hours))) AS BIGINT) AS whole,"),
    (QUERY, COUNTED, COUNTED + " CAST(ceil(SUM(v.hours)) AS INTEGER) AS whole,"),
    (QUERY, COUNTED, COUNTED + " CAST(COUNT(*) AS VARCHAR) AS told,"),
    (QUERY, COUNTED, COUNTED + " COUNT(*) || ' x' AS told,"),
    (QUERY, COUNTED, COUNTED + " SUM(v.cost) - 5 AS less,"),
    (QUERY, "FROM visit AS v", TWO_MORE + " AND COALESCE(v.cost = d.person + e.person, FALSE)"),
    (QUERY, "FROM visit AS v", TWO_MORE + " AND (v.cost = d.person OR v.cost = e.person)"),
    (QUERY, "FROM visit AS v", TWO_MORE + " AND v.cost = d.person + d.person"),
    (RULE, "domain: medical", "domain: medical  # its line of work"),
    (RULE, "period: [first_day, last_day]", "period: [first_day, first_day]"),
    (RULE, "  amount: cost", "  amount: visits"),
    (RULE, "{cost:money}, from", "{cost:percent}, from"),
    (RULE, "  key: [person", "  counterpart: {kind: text, column: place}\n  key: [person"),
    (RULE, 'when: "true"', 'when: "TRUE "'),
    (RULE, "en: Places, basis: L9", "en: Places, basis: P50"),
    (RULE, "en: Places, basis: L9", "en: Places, basis: S1"),
]


@pytest.mark.parametrize(("file", "old", "new"), SOUND)
def test_what_is_sound_has_no_finding(root: Path, file: str, old: str, new: str) -> None:
    plant(root, file, old, new)
    assert [(finding.code, finding.en) for finding in findings(root)] == []


PLACED = [
    ("META-05", RULE, "exclusions: [X1]", "exclusions: [X99]"),
    ("SQL-03", RULE, 'when: "visits >= 3"', 'when: "calls >= 3"'),
    ("PORT-02", QUERY, "MIN(v.day) AS first_day", "current_date AS first_day"),
    ("PORT-03", QUERY, "AS BIGINT) AS cost", "AS BIGINT) AS cost, MAX(v.day) - MIN(v.day) AS d"),
    ("CASE-04", "cases/fires_many.yaml", "visits: 3", "calls: 3"),
]


@pytest.mark.parametrize(("code", "file", "old", "new"), PLACED)
def test_finding_names_file_and_line(root: Path, code: str, file: str, old: str, new: str) -> None:
    plant(root, file, old, new)
    lines = full(root, file).read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if new in text)
    place = next(finding.place for finding in findings(root) if finding.code == code)
    assert (place.file, place.row) == (str(full(root, file)), line)


def test_too_few_cases(root: Path) -> None:
    for case in ("fires_many", "near_once", "near_cheap"):
        full(root, f"cases/{case}.yaml").unlink()
    assert {"CASE-01", "CASE-02", "CASE-03"} <= {finding.code for finding in findings(root)}


def test_an_id_belongs_to_one_rule(root: Path) -> None:
    twin = root / "rules/medical/VIS-002-twin"
    (root / "rules/medical/VIS-001-frequent-visits").rename(root / "rules/medical/VIS-001-x")
    twin.mkdir()
    for name in ("rule.yaml", "query.sql"):
        (twin / name).write_text(
            (root / f"rules/medical/VIS-001-x/{name}").read_text("utf-8").replace("VIS-001", "VIS-002"), "utf-8"
        )
    assert "META-03" in {finding.code for finding in findings(root)}


@pytest.mark.parametrize(
    ("shows", "titles"),
    [
        ("visits, cost, place", ""),  # by the fact's column, as it was
        ("visits, cost, first_day", ""),  # by the fact's column, one of its values
        ("visits, cost, hours", "  titles: {hours: {zh: 总时长, en: Hours in all}}\n"),
        ("visits", "  peers: {own: cost, median: min_cost, count: hours}\n"),  # the peers' statistics have their own
    ],
)
def test_a_figure_has_its_title_from_the_rule_a_condition_or_the_fact(root: Path, shows: str, titles: str) -> None:
    plant(root, RULE, "  shows: [visits, cost]\n", f"  shows: [{shows}]\n{titles}")
    assert findings(root) == []


def test_hint_does_not_fail(root: Path) -> None:
    plant(root, QUERY, "GROUP BY v.person, v.place", "GROUP BY v.person, v.place HAVING COUNT(DISTINCT v.day) >= 2")
    assert [finding.hint for finding in findings(root)] == [True]


def test_named_ordered_window_is_deterministic(root: Path) -> None:
    plant(root, QUERY, COUNTED, COUNTED + " LAG(MIN(v.day)) OVER earlier AS before,")
    plant(
        root,
        QUERY,
        "GROUP BY v.person, v.place",
        "GROUP BY v.person, v.place WINDOW earlier AS (PARTITION BY v.place ORDER BY v.person)",
    )
    assert findings(root) == []
