"""Coverage that is said, leave that is given, and where each finding is said to stand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.builders.content import plant
from tests.core.rules.test_lint import QUERY, RULE, findings
from xiezhi.kernel.clock import today

HORIZON, WHY = "  horizon: {closure: closed}\n", "{zh: 只会少报, en: it only leaves hits out}"
CANDIDATE, SHOWS = "  candidate: {person: person, place: place}\n", "  shows: [visits, cost]\n"


def found(root: Path) -> list[tuple[str, str, str]]:
    """(code, file, the line it stands in) of every finding."""
    told = []
    for finding in findings(root):
        assert finding.place.file is not None
        assert finding.place.row is not None
        lines = Path(finding.place.file).read_text("utf-8").splitlines()
        told.append((finding.code, Path(finding.place.file).name, lines[finding.place.row - 1].strip()))
    return told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (HORIZON, f"  unaffected: {{closure: {WHY}}}\n"),
        (HORIZON, f"{HORIZON}  unaffected: {{closure.closed: {WHY}}}\n"),
        (HORIZON, f"{HORIZON}  unaffected: {{visit.hours: {WHY}}}\n"),
        (HORIZON, "  delivered: [closure]\n"),
        (CANDIDATE, "  candidate: [{person: person}, {place: place}]\n"),
    ],
)
def test_a_fact_is_counted_or_said_to_change_nothing(root: Path, old: str, new: str) -> None:
    plant(root, RULE, old, new)
    assert findings(root) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        (HORIZON, "", "COV-01", "closure: [person, closed]"),
        (HORIZON, f"{HORIZON}  unaffected:\n    closure: {WHY}\n", "COV-02", f"closure: {WHY}"),
        (HORIZON, f"{HORIZON}  unaffected:\n    departure: {WHY}\n", "COV-02", f"departure: {WHY}"),
        (HORIZON, f"{HORIZON}  unaffected:\n    visit.night: {WHY}\n", "COV-02", f"visit.night: {WHY}"),
        (
            HORIZON,
            f"{HORIZON}  unaffected:\n    visit.hours: {{zh: 少报, en: 少报}}\n",
            "META-01",
            "visit.hours: {zh: 少报, en: 少报}",
        ),
        ("  month: day\n", "", "COV-03", HORIZON.strip()),
        (CANDIDATE, "", "COV-04", "population:"),
        (CANDIDATE, "  candidate: {person: person, place: spot}\n", "META-08", "candidate: {person: person, place: spot}"),
        (SHOWS, "  shows: [visits, cost, first_day, last_day]\n", "META-13", "shows: [visits, cost, first_day, last_day]"),
        (
            SHOWS,
            "  shows: [visits, cost, hours]\n  titles:\n    hours: {zh: 费用, en: Hours}\n",
            "META-13",
            "hours: {zh: 费用, en: Hours}",
        ),
        ("  norms: {min_cost: day}\n", "", "NORM-06", "population:"),
        (
            "  needs: {person",
            '  compared: {by: [place], count: person, at_least: "2", where: "price > 0"}\n  needs: {person',
            "SQL-03",
            'compared: {by: [place], count: person, at_least: "2", where: "price > 0"}',
        ),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_at_its_line(root: Path, old: str, new: str, code: str, line: str) -> None:
    plant(root, RULE, old, new)
    assert (code, RULE, line) in found(root)


def test_peers_may_be_compared_over_all_rows(root: Path) -> None:
    plant(root, RULE, "  needs: {person", '  compared: {by: [place], count: person, at_least: "2"}\n  needs: {person')
    assert findings(root) == []
    plant(root, RULE, 'at_least: "2"}', 'at_least: "2", where: "cost > 0"}')
    assert findings(root) == []


def test_a_version_that_the_query_does_not_read_is_told_where_it_is_asked_for(root: Path) -> None:
    plant(root, QUERY, "INNER JOIN min_cost_versions AS n ON v.day >= n.valid_from AND v.day < n.valid_to\n", "")
    plant(root, QUERY, "MAX(n.value)", "MAX($min_cost)")
    assert ("NORM-06", RULE, "norms: {min_cost: day}") in found(root)
    assert ("NORM-05", RULE) in {(code, file) for code, file, _ in found(root)}


def test_what_is_not_declared_is_told_where_it_is_used(root: Path) -> None:
    """In query.sql at the first line that names it, else in rule.yaml."""
    plant(root, RULE, "visit: [person, place, day, hours, cost]", "visit: [person, place, day, cost]")
    line = "MIN(v.day) AS first_day, MAX(v.day) AS last_day, MAX(n.value) AS min_cost, SUM(v.hours) AS hours"
    assert found(root) == [("SQL-07", QUERY, line)]
    plant(root, QUERY, "SUM(v.hours) AS hours", "SUM(v.cost) AS hours")
    assert found(root) == []
    plant(root, RULE, 'where: "cost > 0"', 'where: "cost > 0 AND hours > 0"')
    assert found(root) == [("SQL-07", RULE, 'where: "cost > 0 AND hours > 0"')]


def test_a_finding_stands_in_the_first_of_its_lines(root: Path) -> None:
    plant(root, QUERY, "COUNT(*) AS visits,", "COUNT(*) AS visits, MAX(v.day)\n  - MIN(v.day)\n  AS days,")
    assert found(root) == [("PORT-03", QUERY, "SELECT v.person, v.place, COUNT(*) AS visits, MAX(v.day)")]


def test_what_takes_lists_apart_is_no_unknown_function(root: Path) -> None:
    """Of two names by which it is known one says so: FILTER and ARRAY_FILTER. There may be leave for lists."""
    plant(root, QUERY, "COUNT(*) AS visits,", "COUNT(*) AS visits, list_filter([1], x -> x > 0) AS days,")
    assert {code for code, _, _ in found(root)} == {"PORT-07"}


def test_of_evidence_only_the_fact_s_own_columns_are_the_fact_s(root: Path) -> None:
    """`h.visits` is the hit's, and no column of the fact."""
    plant(root, RULE, '"f.day >= h.first_day"', '"f.day >= h.first_day AND h.visits > 0"')
    assert findings(root) == []
    plant(root, RULE, "h.visits > 0", "f.night > 0")
    assert {code for code, _, _ in found(root)} == {"SQL-03", "SQL-06"}


def test_a_rule_in_force_reads_what_its_days_are_held_against(root: Path) -> None:
    plant(root, RULE, "scope: person\n", "scope: person\nin_force: {first: 2020-01-01, day: day}\n")
    assert findings(root) == []
    plant(root, QUERY, "FROM visit AS v", "FROM closure AS v")
    assert ("NORM-08", RULE, "in_force: {first: 2020-01-01, day: day}") in found(root)
    plant(root, RULE, "in_force: {first: 2020-01-01, day: day}\n", "")
    assert "NORM-08" not in {code for code, _, _ in found(root)}


def leave(code: str, until: date) -> str:
    return f"scope: person\nlint_allow:\n  - {{code: {code}, reason: 已核对, until: {until}}}\n"


def test_leave_silences_a_finding_until_its_day(root: Path) -> None:
    plant(root, RULE, "exclusions: [X1]", "exclusions: [X99]")
    plant(root, RULE, "scope: person\n", leave("META-05", today() + timedelta(days=30)))
    assert findings(root) == []
    plant(root, RULE, str(today() + timedelta(days=30)), "2020-01-01")
    assert {finding.code for finding in findings(root)} == {"META-05", "ALLOW-01"}


def test_leave_that_nothing_needs_is_a_finding(root: Path) -> None:
    plant(root, RULE, "scope: person\n", leave("META-05", today() + timedelta(days=30)))
    assert [finding.code for finding in findings(root)] == ["ALLOW-02"]


def test_leave_holds_on_its_last_day(root: Path) -> None:
    plant(root, RULE, "exclusions: [X1]", "exclusions: [X99]")
    plant(root, RULE, "scope: person\n", leave("META-05", today()))
    assert findings(root) == []
    plant(root, RULE, f"until: {today()}", f"until: {today() - timedelta(days=1)}")
    assert {finding.code for finding in findings(root)} == {"META-05", "ALLOW-01"}
