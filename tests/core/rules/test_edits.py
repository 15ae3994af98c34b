"""Edits: which small mistakes are planted in an expression and in a query, and what is said of each."""

from __future__ import annotations

import pytest

from xiezhi.rules.mutation.edits import expression_edits, query_edits


@pytest.mark.parametrize(
    ("sql", "mutants"),
    [
        ("a >= b", {"a > b"}),
        ("a > b", {"a >= b"}),
        ("a <= b", {"a < b"}),
        ("a < b", {"a <= b"}),
        ("a = b", {"a <> b"}),
        ("a <> b", {"a = b"}),
        ("a BETWEEN b AND c", {"(a > b AND a <= c)", "(a >= b AND a < c)"}),
        ("p AND q", {"p OR q", "p", "q"}),
        ("p OR q", {"p AND q", "p", "q"}),
        ("p OR q AND r", {"p AND (q AND r)", "p", "q AND r", "p OR q OR r", "p OR q", "p OR r"}),
        ("p AND q AND r", {"(p AND q) OR r", "p AND q", "(p OR q) AND r", "p AND r", "q AND r"}),
        ("NOT p", {"p"}),
        ("NOT (p OR q)", {"(p OR q)", "NOT (p AND q)", "NOT (p)", "NOT (q)"}),
        ("a IS NULL", {"NOT a IS NULL"}),
        ("a IS NOT NULL", {"a IS NULL"}),
        ("a IN ($x, $y)", {"a IN ($y)", "a IN ($x)"}),
        ("a NOT IN ($x)", {"a IN ($x)"}),
        ("a + b", {"a - b"}),
        ("a - b", {"a + b"}),
        ("MIN(a)", {"MAX(a)"}),
        ("LEAST(a, b)", {"GREATEST(a, b)"}),
        ("SUM(a)", {"COUNT(a)"}),
        ("COUNT(a)", {"SUM(a)", "COUNT(DISTINCT a)"}),
        ("COUNT(DISTINCT a)", {"COUNT(a)"}),
        ("COUNT(*) FILTER (WHERE p)", {"COUNT(*)"}),
        ("COALESCE(a, b)", {"a"}),
        ("a = 7", {"a <> 7", "a = 8", "a = 6"}),
        ("a = 0", {"a <> 0", "a = 1", "a = (-1)"}),
        ("a * 1.5", {"a * 2.5", "a * 0.5"}),
        ("a = 'x'", {"a <> 'x'", "a = 'x~'"}),
        ("DATE '2024-01-01'", {"CAST('2024-01-02' AS DATE)", "CAST('2023-12-31' AS DATE)"}),
        ("DATE '9999-12-31'", set()),
        ("DATE '9000-01-01'", set()),
        ("DATE '8999-12-31'", {"CAST('9000-01-01' AS DATE)", "CAST('8999-12-30' AS DATE)"}),
        ("CAST('x' AS VARCHAR)", {"CAST('x~' AS TEXT)"}),
        ("date_trunc('month', a)", set()),
        ("true", {"FALSE"}),
        ("CASE WHEN p THEN a WHEN q THEN b ELSE c END", {
            "CASE WHEN p THEN b WHEN q THEN a ELSE c END", "CASE WHEN p THEN a WHEN q THEN c ELSE b END",
        }),
        ("CASE WHEN p THEN a WHEN q THEN b END", {"CASE WHEN p THEN b WHEN q THEN a END"}),
        ("SUM(a) OVER (PARTITION BY b, c ORDER BY d NULLS LAST)", {
            "COUNT(a) OVER (PARTITION BY b, c ORDER BY d)", "SUM(a) OVER (PARTITION BY c ORDER BY d)",
            "SUM(a) OVER (PARTITION BY b ORDER BY d)", "SUM(a) OVER (PARTITION BY b, c ORDER BY d DESC)",
        }),
    ],
)  # fmt: skip
def test_each_small_mistake_of_an_expression_is_made(sql: str, mutants: set[str]) -> None:
    assert {edit.text for edit in expression_edits(sql)} == mutants


@pytest.mark.parametrize(
    ("sql", "mutants"),
    [
        ("SELECT a FROM t JOIN u ON t.k = u.k", {
            "SELECT a FROM t LEFT JOIN u ON t.k = u.k", "SELECT a FROM t JOIN u ON TRUE", "SELECT a FROM t JOIN u ON t.k <> u.k",
        }),
        ("SELECT a FROM t LEFT JOIN u ON t.k = u.k", {
            "SELECT a FROM t JOIN u ON t.k = u.k", "SELECT a FROM t LEFT JOIN u ON TRUE",
            "SELECT a FROM t LEFT JOIN u ON t.k <> u.k",
        }),
        ("SELECT a FROM t SEMI JOIN u ON t.k = u.k", {
            "SELECT a FROM t ANTI JOIN u ON t.k = u.k", "SELECT a FROM t SEMI JOIN u ON TRUE",
            "SELECT a FROM t SEMI JOIN u ON t.k <> u.k",
        }),
        ("SELECT a FROM t WHERE p", {"SELECT a FROM t"}),
        ("SELECT a FROM t WHERE p AND q", {"SELECT a FROM t WHERE p OR q", "SELECT a FROM t WHERE p", "SELECT a FROM t WHERE q"}),
        ("SELECT a FROM t GROUP BY a, b HAVING p", {
            "SELECT a FROM t GROUP BY b HAVING p", "SELECT a FROM t GROUP BY a HAVING p", "SELECT a FROM t GROUP BY a, b",
        }),
        ("SELECT DISTINCT a FROM t", {"SELECT a FROM t"}),
        ("SELECT a FROM t UNION ALL SELECT a FROM u", {"SELECT a FROM t UNION SELECT a FROM u"}),
        ("SELECT a FROM t UNION SELECT a FROM u", {"SELECT a FROM t UNION ALL SELECT a FROM u"}),
        ("SELECT a FROM t WHERE NOT EXISTS (SELECT b FROM u)", {
            "SELECT a FROM t", "SELECT a FROM t WHERE EXISTS(SELECT b FROM u)",
        }),
        ("SELECT a FROM t QUALIFY p", {"SELECT a FROM t"}),
        ("WITH w AS (SELECT a FROM t WHERE p) SELECT a FROM w", {"WITH w AS (SELECT a FROM t) SELECT a FROM w"}),
    ],
)  # fmt: skip
def test_each_small_mistake_of_a_query_is_made(sql: str, mutants: set[str]) -> None:
    assert {edit.text for edit in query_edits(sql)} == mutants


@pytest.mark.parametrize(
    ("sql", "after"),
    [
        ("a >= b", "a > b"),
        ("CASE WHEN p THEN a ELSE b END", "CASE WHEN p THEN b ELSE a END"),
        ("a IN ($x, $y)", "a IN ($y)"),
        ("a BETWEEN b AND c", "a > b AND a <= c"),
        ("a IS NULL", "NOT a IS NULL"),
    ],
)
def test_an_edit_tells_the_part_that_differs(sql: str, after: str) -> None:
    assert (sql, after) in {(edit.before, edit.after) for edit in expression_edits(f"f({sql})")}
