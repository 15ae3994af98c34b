"""From DuckDB's SQL to Spark's, so that both give the same rows.

sqlglot translates the words. What it leaves as it stands, though Spark would answer otherwise, is spelled out here; each
line was found by asking both engines (DuckDB 2.0, Spark 4.3, sqlglot 30) and is held by tests/core/engines.
"""

from __future__ import annotations

import re
from typing import Any

import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator

_SPACE_BEFORE = r"^\p{Zs}+"
_SPACE_AFTER = r"\p{Zs}+\z"
_TRIMMED = {"LEADING": _SPACE_BEFORE, "TRAILING": _SPACE_AFTER}
_KEPT_OR_END = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|\$", re.DOTALL)


def spark_sql(sql: str) -> str:
    """One SELECT of DuckDB's in Spark's dialect, every name quoted. Raises SqlglotError for what has no translation."""
    return sqlglot.transpile(sql, read="duckdb", write=SameAnswers, identify=True, unsupported_level=ErrorLevel.RAISE)[0]


def _divide(writer: Any, node: exp.Div) -> str:
    """DuckDB divides as DOUBLE always, by zero too (infinite, or no number); Spark gives DECIMALs to DECIMALs, or an error."""
    over, under = writer.sql(node, "this"), writer.sql(node, "expression")
    usual = f"CAST({over} AS DOUBLE) / CAST(NULLIF({under}, 0) AS DOUBLE)"
    return f"(CASE WHEN {under} = 0 THEN CAST({over} AS DOUBLE) * CAST('Infinity' AS DOUBLE) ELSE {usual} END)"


def _round(writer: Any, node: exp.Round) -> str:
    """Of a DOUBLE, DuckDB scales, rounds half away from zero, scales back and keeps -0.0; Spark rounds its decimal spelling."""
    value, places = writer.sql(node, "this"), node.args.get("decimals") or exp.Literal.number(0)
    if not (isinstance(places, exp.Literal) and places.is_int):
        writer.unsupported("ROUND to a number of places that is not written out")
    scale = f"1E{places.name}D"
    of_double = f"SIGN({value}) * (ROUND(ABS(CAST({value} AS DOUBLE)) * {scale}, 0) / {scale})"
    return f"(CASE WHEN TYPEOF({value}) = 'double' THEN {of_double} ELSE ROUND({value}, {places.name}) END)"


def _trim(writer: Any, node: exp.Trim) -> str:
    """DuckDB takes away every kind of Unicode space, the ideographic one too; Spark only U+0020."""
    if node.expression:
        return str(SparkGenerator.TRANSFORMS[exp.Trim](writer, node))
    pattern = _TRIMMED.get((node.args.get("position") or "").upper(), f"{_SPACE_BEFORE}|{_SPACE_AFTER}")
    return f"REGEXP_REPLACE({writer.sql(node, 'this')}, {writer.sql(exp.Literal.string(pattern))}, '')"


def _matches(writer: Any, node: exp.RegexpLike) -> str:
    """In RE2 `$` is the very end and `.` anything but \\n; in Java `$` also stands before a last line break."""
    pattern = node.expression
    if node.args.get("flag"):
        writer.unsupported("regexp_matches with options")
    if isinstance(pattern, exp.Literal):
        java = _KEPT_OR_END.sub(lambda found: found.group(1) or r"\z", pattern.name)
        pattern = exp.Literal.string(f"(?d){java}")
    return f"({writer.sql(node, 'this')} RLIKE {writer.sql(pattern)})"


def _concat(writer: Any, node: exp.Concat) -> str:
    """DuckDB leaves NULLs out and takes any type."""
    return f"CONCAT_WS('', {', '.join(f'CAST({writer.sql(part)} AS STRING)' for part in node.expressions)})"


def _days(writer: Any, node: exp.DateDiff) -> str:
    """DuckDB counts midnights passed; of two timestamps Spark would count whole spans of 24 hours."""
    if (node.text("unit") or "DAY").upper() != "DAY":
        writer.unsupported("DATE_DIFF by anything but days")
    return f"DATEDIFF(CAST({writer.sql(node, 'this')} AS DATE), CAST({writer.sql(node, 'expression')} AS DATE))"


def _try_cast(writer: Any, node: exp.TryCast) -> str:
    """DuckDB reads '1.5' and '1e3' as whole numbers, rounded half away from zero; Spark refuses them."""
    if not node.to.is_type(*exp.DataType.INTEGER_TYPES):
        return str(writer.trycast_sql(node))
    kind = writer.sql(node, "to")
    return f"TRY_CAST(ROUND(TRY_CAST({writer.sql(node, 'this')} AS DECIMAL(38, 9)), 0) AS {kind})"


def _seconds(writer: Any, node: exp.TimeToUnix) -> str:
    """Seconds with their fraction; Spark's own function cuts it off."""
    return f"(UNIX_MICROS(CAST({writer.sql(node, 'this')} AS TIMESTAMP_LTZ)) / 1E6D)"


def _weekday(writer: Any, node: exp.DayOfWeekIso) -> str:
    """Monday 1 to Sunday 7; sqlglot's own spelling is off by two days."""
    return f"(WEEKDAY({writer.sql(node, 'this')}) + 1)"


def _whole(writer: Any, node: exp.Ceil | exp.Floor) -> str:
    """Of a DOUBLE DuckDB makes a DOUBLE, which keeps the sign of -0.0; Spark makes a BIGINT."""
    value = writer.sql(node, "this")
    plain = f"{'CEIL' if isinstance(node, exp.Ceil) else 'FLOOR'}({value})"
    if node.args.get("decimals"):
        writer.unsupported("FLOOR or CEIL to a number of places")
    return f"(CASE WHEN TYPEOF({value}) = 'double' THEN SIGN({value}) * ABS(CAST({plain} AS DOUBLE)) ELSE {plain} END)"


def _substring(writer: Any, node: exp.Substring) -> str:
    """Counted from 1 both agree; from 0 or from the end they count differently."""
    start = node.args.get("start")
    if isinstance(start, exp.Neg) or (isinstance(start, exp.Literal) and start.name == "0"):
        writer.unsupported("SUBSTR from before the first character")
    return str(writer.function_fallback_sql(node))


def _percentile(writer: Any, node: exp.Expr) -> str:
    """Both interpolate, with another last digit; and sqlglot would make some an approximation."""
    writer.unsupported("a percentile, whose last digit differs: compare ranks")
    return node.sql()


def _within(writer: Any, node: exp.WithinGroup) -> str:
    return _percentile(writer, node) if isinstance(node.this, exp.PERCENTILES) else str(writer.withingroup_sql(node))


class SameAnswers(Spark):
    """Spark's dialect, with another spelling wherever the plain one answers differently."""

    class Generator(SparkGenerator):
        TRANSFORMS = {  # noqa: RUF012 - sqlglot declares it so
            **SparkGenerator.TRANSFORMS,
            exp.Ceil: _whole,
            exp.Concat: _concat,
            exp.DateDiff: _days,
            exp.DayOfWeekIso: _weekday,
            exp.Div: _divide,
            exp.Floor: _whole,
            exp.PercentileCont: _percentile,
            exp.PercentileDisc: _percentile,
            exp.RegexpLike: _matches,
            exp.Round: _round,
            exp.Substring: _substring,
            exp.TimeToUnix: _seconds,
            exp.Trim: _trim,
            exp.TryCast: _try_cast,
            exp.WithinGroup: _within,
        }
