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


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


CLOCKS = _words("""
    now today current_date current_time current_timestamp localtime localtimestamp transaction_timestamp random rand uuid
    gen_random_uuid generate_uuid
""")
WEEKS = _words("week weekofyear week_of_year yearweek dayofweek day_of_week weekday isoyear dow")
ANY_ROW = _words("any_value arbitrary first last mode arg_max arg_min max_by min_by approx_count_distinct approx_quantile")
EXCUSABLE = CLOCKS | WEEKS | ANY_ROW
"""Functions that give other rows on another engine or day, and do no worse: a rule may have leave for them, as for lists."""


OF_LISTS = _words("""
    array array_agg array_append array_cat array_concat array_contains array_distinct array_extract array_filter array_has
    array_has_all array_has_any array_length array_position array_prepend array_size array_slice array_sort array_sum
    array_to_string array_unique filter list list_append list_cat list_concat list_contains list_count list_distinct
    list_element list_extract list_has list_has_all list_has_any list_max list_min list_position list_prepend list_slice
    list_sort list_sum list_unique list_value map map_contains map_extract map_keys map_values struct struct_extract
    struct_pack
""")
"""Of functions on lists, structs and maps those that make nothing much larger than what they are given: not list_resize."""


def lists(node: exp.Expr, names: set[str]) -> bool:
    """Whether a function, by its `names`, makes or takes apart lists, structs or maps."""
    return isinstance(node, exp.Array | exp.ArrayAgg | exp.Struct | exp.Map) or bool(names & OF_LISTS)


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
        return {node.name.lower()}
    return {name.lower() for name in node.sql_names()}
