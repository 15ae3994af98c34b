"""PORT: what gives other rows, or none, on another engine or on another day. Shared by rules and facts.

Functions that nothing here knows reach too far (`rules.reach`), whatever rows they give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from xiezhi.rules.portable import ANY_ROW, CLOCKS, SAME_EVERYWHERE, WEEKS, function_names, lists


@dataclass(frozen=True)
class PortabilityFault:
    """A finding still without a place: the node that is wrong."""

    code: str
    node: exp.Expr
    zh: str
    en: str
    hint: bool = False


TOLD = (
    ("PORT-02", CLOCKS, "每次结果不同:模型不看钟、不掷骰子", "changes from run to run: rules read no clock and roll no dice"),
    ("PORT-06", WEEKS, "各引擎起算不同,用 isodow 或 date_trunc", "counts differently between engines; use isodow or date_trunc"),
    (
        "PORT-14",
        ANY_ROW,
        "取到哪一行不确定,用 min、max 或带 ORDER BY 的 row_number",
        "may pick any row; use min, max or row_number with ORDER BY",
    ),
)
"""Functions that authors reach for, and what to say to each."""

ORDERED = (
    exp.RowNumber, exp.Rank, exp.DenseRank, exp.Ntile, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue,
)  # fmt: skip
WHOLE = ("INT", "BIGINT", "SMALLINT", "TINYINT", "INT128", "HUGEINT")
BROKEN = ("DOUBLE", "FLOAT", "DECIMAL")
FLOATING = ("DOUBLE", "FLOAT")
TEXT = ("TEXT", "VARCHAR")
ROUNDED = (exp.Round, exp.Floor, exp.Ceil)
DAYS = ("DATE", "TIMESTAMP", "TIMESTAMPNTZ", "DATETIME")


def faults(tree: exp.Expr) -> Iterator[PortabilityFault]:
    """Everything in a query or expression, as written, that is not portable or not deterministic."""
    for node in tree.walk():
        for check in _CHECKS:
            yield from check(node)


def typed_faults(typed: exp.Expr) -> Iterator[PortabilityFault]:
    """What only shows once types are known: dates subtracted, fractions cast to whole numbers or written as text."""
    for node in typed.walk():
        if isinstance(node, exp.Sub) and _is(node.this, DAYS) and _is(node.expression, DAYS):
            yield PortabilityFault(
                "PORT-03",
                node,
                "日期相减各引擎结果不同,用 date_diff('day', 早, 晚)",
                "date minus date differs between engines; write date_diff('day', earlier, later)",
            )
        if _writes_fraction(node):
            yield PortabilityFault(
                "PORT-17",
                node,
                "小数写成文字各引擎不同(10000000.0 与 1.0E7),先取整",
                "a fraction written as text differs between engines (10000000.0, 1.0E7); make it a whole number first",
            )
        if isinstance(node, exp.Cast) and _is(node, WHOLE):
            inner = node.this.unnest()
            if _is(inner, BROKEN) and not isinstance(inner, ROUNDED):
                yield PortabilityFault(
                    "PORT-05",
                    node,
                    "小数转整数有的舍入有的截断,先用 round 或 floor",
                    "a fraction cast to a whole number is rounded by one engine and cut by another; round or floor it first",
                )


def _is(node: exp.Expr, kinds: tuple[str, ...]) -> bool:
    return node.type is not None and str(node.type.this.value).upper() in kinds


def _writes_fraction(node: exp.Expr) -> bool:
    if isinstance(node, exp.Cast):
        return _is(node, TEXT) and _is(node.this, FLOATING)
    parts = (node.this, node.expression) if isinstance(node, exp.DPipe) else ()
    return any(_is(part, FLOATING) for part in parts)


def _function(node: exp.Expr) -> Iterator[PortabilityFault]:
    if not isinstance(node, exp.Func) or type(node).__name__ in SAME_EVERYWHERE:
        return
    names = function_names(node)
    told = min(names)
    for code, known, zh, en in TOLD:
        if names & known:
            yield PortabilityFault(code, node, f"{told} {zh}", f"{told} {en}")
            return
    if lists(node, names):
        yield PortabilityFault(
            "PORT-07", node, f"列表、结构和映射不在可移植子集内({told})", f"lists, structs and maps are not portable ({told})"
        )


def _brackets(node: exp.Expr) -> Iterator[PortabilityFault]:
    if isinstance(node, exp.Bracket | exp.Lambda):
        yield PortabilityFault(
            "PORT-07", node, "列表下标和匿名函数不在可移植子集内", "list subscripts and lambdas are not portable"
        )


def _date_difference(node: exp.Expr) -> Iterator[PortabilityFault]:
    unit = node.args.get("unit")
    if isinstance(node, exp.DateDiff) and unit is not None and unit.name.upper() != "DAY":
        yield PortabilityFault(
            "PORT-04",
            node,
            "date_diff 只能按 'day';月数写 year(d) * 12 + month(d)",
            "date_diff only by 'day'; for months write year(d) * 12 + month(d)",
        )
    if isinstance(node, exp.Extract) and node.name.lower() in WEEKS:
        yield PortabilityFault(
            "PORT-06", node, f"extract({node.name}) 各引擎起算不同", f"extract({node.name}) counts differently between engines"
        )


def _joins(node: exp.Expr) -> Iterator[PortabilityFault]:
    if isinstance(node, exp.Join) and node.method and node.method.upper() in ("ASOF", "POSITIONAL", "NATURAL"):
        yield PortabilityFault("PORT-09", node, f"不许用 {node.method.upper()} JOIN", f"no {node.method.upper()} JOIN")
    if isinstance(node, exp.SetOperation) and node.args.get("by_name"):
        yield PortabilityFault(
            "PORT-10",
            node,
            "不许用 UNION BY NAME,两边按同样次序列出各列",
            "no UNION BY NAME; list the columns in the same order on both sides",
        )


def _all(node: exp.Expr) -> Iterator[PortabilityFault]:
    grouped = isinstance(node, exp.Group) and bool(node.args.get("all"))
    ordered = isinstance(node, exp.Order) and any(
        isinstance(item.this, exp.Var) and item.this.name.upper() == "ALL" for item in node.expressions
    )
    if grouped or ordered:
        yield PortabilityFault(
            "PORT-11", node, "不许用 GROUP BY ALL 和 ORDER BY ALL,列出各列", "no GROUP BY ALL or ORDER BY ALL; name the columns"
        )


def _stars(node: exp.Expr) -> Iterator[PortabilityFault]:
    if isinstance(node, exp.Columns) or (isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count | exp.Columns)):
        yield PortabilityFault("PORT-12", node, "不许用 SELECT *,列出各列", "no SELECT *; name the columns")


def _limits(node: exp.Expr) -> Iterator[PortabilityFault]:
    first_of = isinstance(node, exp.Distinct) and node.args.get("on") is not None
    if first_of or isinstance(node, exp.Limit | exp.Offset | exp.Fetch | exp.TableSample):
        yield PortabilityFault(
            "PORT-13",
            node,
            "LIMIT、OFFSET、抽样和 DISTINCT ON 取到哪些行不确定",
            "LIMIT, OFFSET, samples and DISTINCT ON may pick any rows",
        )


def _windows(node: exp.Expr) -> Iterator[PortabilityFault]:
    if isinstance(node, exp.WindowSpec) and (node.args.get("kind") or "").upper() == "RANGE" and _has_distance(node):
        yield PortabilityFault(
            "PORT-15", node, "不许用 RANGE 窗口,用 ROWS 或自连接", "no RANGE frame with a distance; use ROWS or a self-join"
        )
    if isinstance(node, exp.Window) and isinstance(_inner(node), ORDERED) and not _window_order(node):
        yield PortabilityFault("PORT-14", node, "窗口没有 ORDER BY,结果不确定", "a window without ORDER BY may give any result")
    if isinstance(node, exp.GroupConcat) and not isinstance(node.this, exp.Order) and node.find(exp.Order) is None:
        yield PortabilityFault("PORT-14", node, "string_agg 要写 ORDER BY", "string_agg needs ORDER BY")


def _has_distance(frame: exp.Expr) -> bool:
    return any(isinstance(frame.args.get(side), exp.Expr) for side in ("start", "end"))


def _inner(window: exp.Window) -> Any:
    """The function of a window, without IGNORE NULLS around it."""
    inner = window.this
    return inner.this if isinstance(inner, exp.IgnoreNulls | exp.RespectNulls) else inner


def _window_order(window: exp.Window) -> bool:
    """Whether a window is ordered, by itself or through the WINDOW clause it names."""
    if window.args.get("order"):
        return True
    select, alias = window.find_ancestor(exp.Select), window.args.get("alias")
    if select is None or alias is None:
        return False
    named = select.args.get("windows") or []
    return any(other.this.name == alias.name and other.args.get("order") for other in named)


def _distinct_count(node: exp.Expr) -> Iterator[PortabilityFault]:
    compared = (isinstance(node, exp.GTE) and node.expression.name == "2") or (
        isinstance(node, exp.GT) and node.expression.name == "1"
    )
    if not compared:
        return
    count = node.this
    if isinstance(count, exp.Count) and isinstance(count.this, exp.Distinct):
        yield PortabilityFault(
            "PORT-16",
            node,
            "COUNT(DISTINCT x) >= 2 写成 MIN(x) <> MAX(x) 快一倍",
            "COUNT(DISTINCT x) >= 2 is twice as fast written MIN(x) <> MAX(x)",
            hint=True,
        )


COMPARED = (exp.EQ, exp.NullSafeEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)


def _three_tables(node: exp.Expr) -> Iterator[PortabilityFault]:
    """DuckDB 2.0 takes such a comparison for a join condition and moves it past an outer join, also one around this query or
    within it: rows without a partner are lost, unsaid. Inside COALESCE it is a plain filter."""
    if isinstance(node, COMPARED) and _decides_alone(node) and len({column.table for column in node.find_all(exp.Column)}) > 2:
        yield PortabilityFault(
            "PORT-18",
            node,
            "一个比较用到三个以上的表,遇外连接时引擎会丢行;写成 COALESCE(…, FALSE)",
            "one comparison over three tables or more: beside an outer join the engine loses rows; write COALESCE(…, FALSE)",
        )


def _decides_alone(node: exp.Expr) -> bool:
    """Whether a row must meet this to be kept: it is joined to the others of ON or WHERE by AND."""
    while isinstance(node.parent, exp.And | exp.Paren):
        node = node.parent
    return isinstance(node.parent, exp.Where | exp.Join)


_CHECKS: tuple[Callable[[exp.Expr], Iterator[PortabilityFault]], ...] = (
    _function, _brackets, _date_difference, _joins, _all, _stars, _limits, _windows, _distinct_count,
    _three_tables,
)  # fmt: skip
