"""The portable subset: what gives the same rows on DuckDB and on Spark, and the translation from one to the other.

The list is of what was measured to agree (sqlglot 30, DuckDB 2, PySpark 4), so it says what is allowed. A function that
is not on it is refused until somebody has compared both engines.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import SqlglotError

from xiezhi.engines.spark_sql import spark_sql
from xiezhi.kernel.errors import ContentError

_MEASURED = """
    And Or Not Case If Coalesce Nullif Cast TryCast Exists
    Count CountIf Sum Min Max Avg Median GroupConcat LogicalAnd LogicalOr
    RowNumber Rank DenseRank Ntile Lag Lead FirstValue LastValue NthValue
    Abs Sign Ceil Floor Round Sqrt Pow Ln Exp Greatest Least Mod IntDiv
    Length Lower Upper Trim Substring StrPosition SplitPart Concat ConcatWs Replace Left Right Pad StartsWith RegexpLike
    Year Month Day Quarter DayOfWeekIso DateDiff DateTrunc TimestampTrunc TimeToStr TimeToUnix Extract Unnest
"""
SAME_EVERYWHERE: frozenset[str] = frozenset(_MEASURED.split())
"""sqlglot's names of the functions that may be used."""


def to_spark(sql: str) -> str:
    """The same SELECT in Spark's dialect. Raises ContentError for what has no translation."""
    try:
        return spark_sql(sql)
    except SqlglotError as error:
        first = str(error).splitlines()[0]
        raise ContentError(
            "XZ-SQL-06", zh=f"不能翻译成 Spark SQL:{first}", en=f"cannot be written in Spark SQL: {first}"
        ) from error


def function_names(node: exp.Func) -> set[str]:
    """The names, in lower case, under which a function may have been written."""
    if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
        return {str(node.this).lower()}
    return {name.lower() for name in node.sql_names()}
