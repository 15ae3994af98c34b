"""ZONE: a day, month or year is cut from a moment by the one clock of the site, and spelled in the one way.

Moments are kept in UTC. Cut as they stand, a bid opened at seven in the morning on the first of February was opened in
January. The spelling is fixed in the SQL, not set at a site, so that a replay cuts as the run did; the People's Republic has
had one zone since 1949 and no daylight saving since 1992. Where there is another clock, facts are replaced.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from xiezhi.rules.lint.portability import PortabilityFault

HOURS = "8"
SPELLING = "CAST(x + INTERVAL 8 HOUR AS DATE)"
MOMENTS = ("TIMESTAMP", "TIMESTAMPNTZ", "DATETIME", "TIMESTAMPTZ", "TIMESTAMPLTZ")

CUTS = (exp.Cast, exp.TryCast, exp.TimestampTrunc, exp.DateTrunc, exp.Year, exp.Month, exp.Day, exp.DayOfMonth, exp.Quarter,
        exp.Extract, exp.DateDiff, exp.TsOrDsDiff, exp.TsOrDsToDate, exp.Date, exp.LastDay)  # fmt: skip


def moment_faults(typed: exp.Expr) -> Iterator[PortabilityFault]:
    """Every place of a typed query where a moment becomes a day, month or year otherwise than by the spelling."""
    for node in typed.walk():
        if isinstance(node, CUTS) and _makes_days(node) and any(_is_bare_moment(part) for part in _operands(node)):
            yield PortabilityFault(
                "ZONE-01",
                node,
                f"时刻按 UTC 存放,截取日期要写 {SPELLING}",
                f"moments are kept in UTC; a day is cut as {SPELLING}",
            )


def _makes_days(node: exp.Expr) -> bool:
    return not isinstance(node, exp.Cast | exp.TryCast) or _kind(node) == "DATE"


def _operands(node: exp.Expr) -> Iterator[exp.Expr]:
    operands = (node.expression,) if isinstance(node, exp.Extract) else (node.this, node.args.get("expression"))
    yield from (part for part in operands if isinstance(part, exp.Expr))


def _is_bare_moment(node: exp.Expr) -> bool:
    inner = node.unnest()
    if isinstance(inner, exp.TimestampTrunc | exp.DateTrunc):  # of a day a moment, of which only the day is left
        return _is_bare_moment(inner.this)
    return _kind(inner) in MOMENTS and not _is_local(inner)


def _is_local(node: exp.Expr) -> bool:
    """`x + INTERVAL 8 HOUR`."""
    interval = node.expression if isinstance(node, exp.Add) else None
    return (
        isinstance(interval, exp.Interval)
        and interval.this is not None
        and interval.this.name == HOURS
        and str(interval.args.get("unit") or "").upper().startswith("HOUR")
    )


def _kind(node: exp.Expr) -> str:
    return str(node.type.this.value).upper() if node.type is not None else ""
