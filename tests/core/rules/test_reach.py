"""Content reads the tables it declares and computes. Every other attempt is refused, wherever in a rule or fact it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp

from tests.builders.attempts import SOURCES, STATEMENTS, VALUES
from tests.builders.content import write_content
from xiezhi.kernel.clock import today
from xiezhi.kernel.errors import ContentError
from xiezhi.operations.config import shipped_content
from xiezhi.rules.binding import parse_expression, parse_select
from xiezhi.rules.case_file import load_cases
from xiezhi.rules.cases import run_cases
from xiezhi.rules.lint import lint_fact, lint_rule
from xiezhi.rules.loader import Content, load_content
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.reach import fact_reaches, refuse_what_reaches, rule_reaches
from xiezhi.rules.render import hits_sql
from xiezhi.rules.rule import LintAllowance, Rule

PLACES = {"file": "/etc/passwd", "folder": "/etc", "new": "/tmp/marked"}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return load_content([write_content(tmp_path_factory.mktemp("reach") / "content")])


def changed(rule: Rule, **parts: Any) -> Rule:
    return rule.model_copy(update=parts)


def first(items: list[Any], **parts: Any) -> list[Any]:
    return [items[0].model_copy(update=parts), *items[1:]]


def with_value(rule: Rule, value: str) -> Iterator[tuple[str, Rule]]:
    """The rule with `value` in every place of rule.yaml and query.sql where an expression stands."""
    yield "query", changed(rule, sql=rule.sql.replace("COUNT(*) AS visits", f"COUNT(*) AS visits, {value} AS stolen"))
    yield "join", changed(rule, sql=rule.sql.replace("c.closed < v.day", f"c.closed < v.day AND {value} = '1'"))
    yield "condition", changed(rule, conditions=first(rule.conditions, value=value))
    yield "bound", changed(rule, conditions=first(rule.conditions, bound=value))
    yield "variant", changed(rule, variants=first(rule.variants, when=f"{value} = '1'"))
    yield "population", changed(rule, population=rule.population.model_copy(update={"where": f"{value} = '1'"}))
    yield "evidence", changed(rule, evidence=first(rule.evidence, where=f"{value} = '1'"))
    narrow = {name: how.model_copy(update={"keep": f"{value} = '1'"}) for name, how in rule.narrow.items()}
    yield "narrow", changed(rule, narrow=narrow)


@pytest.mark.parametrize("attempt", VALUES)
def test_a_value_computes_with_the_row_and_nothing_else(content: Content, attempt: str) -> None:
    value = attempt.format(**PLACES)
    for place, rule in with_value(content.rules["VIS-001"], value):
        with pytest.raises(ContentError) as refused:
            refuse_what_reaches([rule], [])
        assert refused.value.code in ("XZ-CONTENT-09", "XZ-SQL-01", "XZ-SQL-03"), place


@pytest.mark.parametrize("attempt", SOURCES)
def test_a_table_is_a_declared_one(content: Content, attempt: str) -> None:
    rule, source = content.rules["VIS-001"], attempt.format(**PLACES)
    fact = content.facts["closure"]
    beside = rule.sql.replace("LEFT JOIN closure", f"CROSS JOIN {source} AS x LEFT JOIN closure")
    within = rule.sql.replace("-- One row per person and place.", f"WITH x AS (SELECT 1 AS one FROM {source} AS y)")
    for sql in (f"SELECT 1 AS person FROM {source}", beside, within):
        with pytest.raises(ContentError):
            refuse_what_reaches([changed(rule, sql=sql)], [])
    if source != "closures":  # what this fact declares
        with pytest.raises(ContentError):
            refuse_what_reaches(
                [], [fact.model_copy(update={"sql": f"SELECT person, closed, _delivery, _row FROM {source} AS x"})]
            )


@pytest.mark.parametrize("attempt", STATEMENTS)
def test_content_asks_and_does_nothing_else(content: Content, attempt: str) -> None:
    rule, fact, statement = content.rules["VIS-001"], content.facts["closure"], attempt.format(**PLACES)
    for sql in (statement, f"{rule.sql};\n{statement}", f"{statement};\n{rule.sql}"):
        with pytest.raises(ContentError):
            refuse_what_reaches([changed(rule, sql=sql)], [])
        with pytest.raises(ContentError):
            refuse_what_reaches([], [fact.model_copy(update={"sql": sql})])
    for _place, tried in with_value(rule, f"1; {statement}"):
        with pytest.raises(ContentError):
            refuse_what_reaches([tried], [])


def shape(rule: Rule, words: list[str], content: Content) -> tuple[str, set[str]]:
    """The statement of the run under these words: without its texts, and the texts."""
    tree = parse_select(hits_sql(rule, parameter_values(rule, {"places": words}, content.norms)))
    texts = [node for node in tree.find_all(exp.Literal) if node.is_string]
    found = {str(node.this) for node in texts}
    for node in texts:
        node.set("this", "")
    return tree.sql("duckdb"), found


@pytest.mark.parametrize("before", ["", "') OR 1 IN (", "'; ", "\\' ", "'' "])
def test_a_parameters_value_stays_a_value(content: Content, before: str) -> None:
    """Values become literals of the syntax tree: what is written in them is never read as SQL."""
    rule, words = content.rules["VIS-001"], [f"{before}{attempt} --" for attempt in (*SOURCES, *VALUES, *STATEMENTS)]
    plain, _ = shape(rule, [f"place {number}" for number, _ in enumerate(words)], content)
    tried, texts = shape(rule, words, content)
    assert tried == plain
    assert set(words) <= texts


def test_a_part_of_the_query_hides_no_table(content: Content) -> None:
    """A WITH part is a table where the engine sees it, and nowhere else."""
    rule = content.rules["VIS-001"]
    inner = "SELECT a FROM (WITH duckdb_tables AS (SELECT 1 AS a FROM visit) SELECT a FROM duckdb_tables) AS b"
    assert not list(rule_reaches(changed(rule, sql=inner)))
    for sql in (
        f"{inner} CROSS JOIN duckdb_tables",
        "WITH x AS (SELECT 1 AS a FROM sqlite_master), sqlite_master AS (SELECT 1 AS b FROM visit) SELECT a FROM x",
        "WITH sqlite_master AS (SELECT 1 AS b FROM sqlite_master) SELECT b FROM sqlite_master",
    ):
        assert [reach.code for reach in rule_reaches(changed(rule, sql=sql))] == ["SEC-01"], sql
    again = "WITH RECURSIVE x AS (SELECT 1 AS a FROM visit UNION ALL SELECT a + 1 FROM x WHERE a < 3) SELECT a FROM x"
    assert not list(rule_reaches(changed(rule, sql=again)))


def test_no_leave_excuses(content: Content) -> None:
    """Lint tells it whatever leave the rule gives itself, and says so; other findings can be excused still."""
    rule = content.rules["VIS-001"]
    until = today() + timedelta(days=9)
    leave = [LintAllowance(code=code, reason="we need it", until=until) for code in ("SEC-02", "SEC-03", "PORT-02")]
    sql = rule.sql.replace("COUNT(*) AS visits", "COUNT(*) AS visits, getenv('HOME') AS stolen, today() AS day")
    found = [finding.code for finding in lint_rule(changed(rule, sql=sql, lint_allow=leave), content)]
    assert {"SEC-03", "ALLOW-03"} <= set(found)
    assert "PORT-02" not in found


def test_on_spark_only_what_was_compared(content: Content) -> None:
    """Nothing seals Spark: functions that lint advises against are refused there as well."""
    rule = content.rules["VIS-001"]
    tried = changed(rule, sql=rule.sql.replace("COUNT(*) AS visits", "COUNT(*) AS visits, any_value(v.place) AS spot"))
    refuse_what_reaches([tried], [])
    with pytest.raises(ContentError, match="SEC-05"):
        refuse_what_reaches([tried], [], excusable=False)


def test_the_cases_of_a_rule_are_not_run_where_it_reaches(content: Content, tmp_path: Path) -> None:
    rule = content.rules["VIS-001"]
    tried = changed(rule, conditions=first(rule.conditions, value="getenv('HOME')"))
    with pytest.raises(ContentError, match="SEC-03"):
        run_cases(tried, load_cases(content.folder(rule.code)), content, lambda: pytest.fail("an engine was opened"))


def test_what_is_shipped_reaches_nothing() -> None:
    shipped = load_content([shipped_content()])
    assert shipped.rules
    for rule in shipped.rules.values():
        assert not list(rule_reaches(rule, excusable=False)), rule.code
    for fact in shipped.facts.values():
        assert not list(fact_reaches(fact, excusable=False)), fact.name
        assert not [finding for finding in lint_fact(fact.name, shipped) if finding.code.startswith("SEC")]


@pytest.mark.parametrize("deep", ["(" * 600 + "1" + ")" * 600, "NOT " * 3000 + "true", "1" + " + 1" * 400])
def test_sql_too_deep_is_that_rules_own_fault(deep: str) -> None:
    """It ended the run of every rule with the program's own stack."""
    for parse, sql in ((parse_expression, deep), (parse_select, f"SELECT {deep} AS one FROM visit")):
        with pytest.raises(ContentError, match=r"XZ-SQL-(01|11)"):
            parse(sql)
