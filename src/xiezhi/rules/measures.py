"""What the numbers of a query count: units carried from the columns that declare them, through the query, to its output.

Only what is certain is carried. A sum of fen is fen, fen/kg times kg is fen, the lesser of two sums of fen is fen; what is
multiplied by a number written in the SQL may have been turned into another unit, so nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from xiezhi.kernel.words import Words
from xiezhi.rules.reading import Schema, typed_query

FEN = "fen"
MINOR = "minor"
"""Hundredths of the main unit of a currency that a column beside it names."""
CURRENCY = "currency"
"""The column that names it."""
SHARE = "share"
"""Of one: 0.25 is 25 %."""
MONTH = "MONTH"
"""The type of a DATE that stands for its month."""


@dataclass(frozen=True)
class Measure:
    """A column: its DuckDB type, the unit it counts (`fen`, `fen/kg`, `days`, `minor`; None: a mere number or not known).

    `title` and `identity` (the kind whose vault number it is) where it is a declared column as it was, or one of its values.
    """

    type: str = "UNKNOWN"
    unit: str | None = None
    title: Words | None = None
    identity: str | None = None


Declared = Mapping[str, Mapping[str, Measure]]
"""Table or fact → column → what it is."""

Powers = tuple[tuple[str, int], ...]
"""Base unit → power, in order: fen/kg is (("fen", 1), ("kg", -1)). Empty for a mere number."""


@dataclass(frozen=True)
class _Part:
    """What an expression counts. `powers` None: cannot be told. `neutral`: a constant, which takes the unit of its company."""

    powers: Powers | None = ()
    title: Words | None = None
    identity: str | None = None
    neutral: bool = False


Look = Callable[[exp.Column], _Part]

UNKNOWN = _Part(None)
NUMBER = _Part(())
NEUTRAL = _Part((), neutral=True)

ONE_OF = (exp.Min, exp.Max, exp.AnyValue, exp.ArgMax, exp.ArgMin, exp.First, exp.Last, exp.FirstValue, exp.LastValue,
          exp.Lag, exp.Lead, exp.Median, exp.Quantile, exp.PercentileCont, exp.Paren, exp.Cast, exp.TryCast, exp.Filter,
          exp.Window, exp.Distinct, exp.Ordered, exp.Upper, exp.Lower, exp.Trim, exp.Alias, exp.Order, exp.IgnoreNulls,
          exp.WithinGroup)  # fmt: skip
"""They give back one of the values that stand in their first place."""
LIKE = (exp.Sum, exp.Avg, exp.Abs, exp.Round, exp.Floor, exp.Ceil, exp.Neg)
"""They give back something in the same unit."""


def output_measures(query: exp.Expr, schema: Schema, declared: Declared) -> dict[str, Measure]:
    """Output column → what it is. `schema`: the types of all columns the query may name. Raises ContentError as typed_query."""
    typed = typed_query(query, schema)
    found: dict[int, list[tuple[str, _Part]]] = {}
    for scope in traverse_scope(typed):
        found[id(scope)] = _outputs(scope, found, declared)
    outermost = dict(found[id(scope)])
    return {
        column.alias_or_name: Measure(
            type=column.type.sql("duckdb") if column.type else "UNKNOWN",
            unit=_spelled(outermost[column.alias_or_name].powers),
            title=outermost[column.alias_or_name].title,
            identity=outermost[column.alias_or_name].identity,
        )
        for column in typed.selects
    }


def expression_unit(expression: exp.Expr, columns: Mapping[str, Measure]) -> str | None:
    """The unit of an expression over columns that are known by their names; None for a mere number and where it is not known."""

    def look(column: exp.Column) -> _Part:
        measure = columns.get(column.name)
        return _of(measure) if measure else UNKNOWN

    return _spelled(_part(expression, look).powers)


def _outputs(scope: Scope, found: Mapping[int, list[tuple[str, _Part]]], declared: Declared) -> list[tuple[str, _Part]]:
    """In order, with their names. Of a UNION: what all its branches agree on."""
    if scope.set_operation_scopes:
        branches = [found[id(branch)] for branch in scope.set_operation_scopes]
        return [
            (name, _agreed(branch[place][1] for branch in branches if place < len(branch)))
            for place, (name, _first) in enumerate(branches[0])
        ]

    def look(column: exp.Column) -> _Part:
        source = scope.sources.get(column.table)
        if isinstance(source, exp.Table):
            measure = declared.get(source.name, {}).get(column.name)
            return _of(measure) if measure else UNKNOWN
        return dict(found.get(id(source), [])).get(column.name, UNKNOWN)

    if not isinstance(scope.expression, exp.Query):  # VALUES, or rows that a function gives (UNNEST): nothing is declared of them
        return []
    return [(column.alias_or_name, _part(column, look)) for column in scope.expression.selects]


def _part(node: exp.Expr, look: Look) -> _Part:
    if isinstance(node, exp.Column):
        return look(node)
    if isinstance(node, exp.Null) or (isinstance(node, exp.Literal) and not node.is_string):
        return NEUTRAL
    if isinstance(node, ONE_OF):
        return _part(node.this, look) if isinstance(node.this, exp.Expr) else UNKNOWN
    if isinstance(node, LIKE):
        return _Part(_part(node.this, look).powers)
    if isinstance(node, exp.Count | exp.RowNumber | exp.Predicate | exp.Boolean):
        return NUMBER
    if isinstance(node, exp.Add | exp.Sub | exp.Coalesce | exp.Greatest | exp.Least):
        parts = _agreed(_part(one, look) for one in _operands(node))
        return parts if isinstance(node, exp.Coalesce | exp.Greatest | exp.Least) else _Part(parts.powers, neutral=parts.neutral)
    if isinstance(node, exp.Case | exp.If):
        return _agreed(_part(one, look) for one in _branches(node))
    if isinstance(node, exp.Mul | exp.Div | exp.IntDiv):
        return _multiplied(node, look)
    return _counted(node)


SPANS = {"YEAR": "years", "MONTH": "months", "DAY": "days", "HOUR": "hours", "MINUTE": "minutes", "SECOND": "seconds"}


def _counted(node: exp.Expr) -> _Part:
    """Days, months, hours between two moments, as the query counts them."""
    unit = ""
    if isinstance(node, exp.DateDiff | exp.TimestampDiff | exp.DatetimeDiff | exp.TsOrDsDiff):
        unit = node.args["unit"].name if node.args.get("unit") is not None else "DAY"
    elif isinstance(node, exp.Anonymous) and node.name.lower() in ("date_sub", "datesub"):
        unit = node.expressions[0].name
    span = SPANS.get(unit.upper().removesuffix("S"))
    return _Part(((span, 1),)) if span else UNKNOWN


def _operands(node: exp.Expr) -> list[exp.Expr]:
    return [one for one in (node.this, node.args.get("expression"), *node.expressions) if isinstance(one, exp.Expr)]


def _branches(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.If):
        return [one for one in (node.args.get("true"), node.args.get("false")) if one is not None]
    default = node.args.get("default")
    return [branch.args["true"] for branch in node.args["ifs"]] + ([default] if default is not None else [])


def _multiplied(node: exp.Expr, look: Look) -> _Part:
    sides = [node.this, node.expression]
    if any(_is_factor(side) for side in sides):
        return UNKNOWN
    left, right = (NUMBER if _is_one(side) else _part(side, look) for side in sides)
    if left.powers is None or right.powers is None:
        return UNKNOWN
    sign = 1 if isinstance(node, exp.Mul) else -1
    powers = dict(left.powers)
    for unit, power in right.powers:
        powers[unit] = powers.get(unit, 0) + sign * power
    return _Part(tuple(sorted((unit, power) for unit, power in powers.items() if power)))


def _is_factor(node: exp.Expr) -> bool:
    """A number written in the SQL that is not one: it may turn fen into yuan, or a share into per cent."""
    inner = node.unnest()
    inner = inner.this if isinstance(inner, exp.Cast) else inner
    return isinstance(inner, exp.Literal) and not _is_one(inner)


def _is_one(node: exp.Expr) -> bool:
    inner = node.unnest()
    return isinstance(inner, exp.Literal) and not inner.is_string and float(inner.this) == 1


def _agreed(parts: Iterable[_Part]) -> _Part:
    """What all say that are not neutral; UNKNOWN where they differ."""
    listed = list(parts)
    telling = [part for part in listed if not part.neutral]
    if not telling:
        return NEUTRAL if listed else UNKNOWN
    first = telling[0]
    if any(part.powers != first.powers for part in telling):
        return UNKNOWN
    same_title = all(part.title == first.title for part in telling)
    same_identity = all(part.identity == first.identity for part in telling)
    return _Part(first.powers, first.title if same_title else None, first.identity if same_identity else None)


def _of(measure: Measure) -> _Part:
    return _Part(_powers(measure.unit), measure.title, measure.identity)


def _powers(unit: str | None) -> Powers:
    if not unit:
        return ()
    above, _slash, below = unit.partition("/")
    return tuple(sorted([(above, 1), *([(below, -1)] if below else [])]))


def _spelled(powers: Powers | None) -> str | None:
    """fen, fen/kg; None for anything else that nobody has a word for (square fen, one per kilogram)."""
    above = [unit for unit, power in powers or () if power == 1]
    below = [unit for unit, power in powers or () if power == -1]
    if len(above) != 1 or len(below) > 1 or len(above) + len(below) != len(powers or ()):
        return None
    return "/".join([*above, *below])
