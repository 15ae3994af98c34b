"""What content can reach: the tables it declares, and functions that compute with their rows. No leave excuses from this.

Asked before a run, a try, a replay and the cases, and told by lint (family SEC). The engine is sealed besides (`DuckDB.seal`):
what one of the two overlooks, the other refuses. Rejected: a list of what is forbidden. Each version of an engine brings
functions that nobody here has looked at, so what is not on a list cannot be called.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlglot import exp

from xiezhi.kernel.errors import ContentError
from xiezhi.kernel.yaml_document import Location
from xiezhi.rules.binding import parse_select
from xiezhi.rules.expressions import expressions
from xiezhi.rules.fact import Fact
from xiezhi.rules.law_by_day import table_types
from xiezhi.rules.portable import EXCUSABLE, SAME_EVERYWHERE, function_names, lists
from xiezhi.rules.rule import Rule

_ACTS = (
    exp.Command, exp.Create, exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Copy, exp.Drop, exp.Alter, exp.Attach, exp.Detach,
    exp.Set, exp.Pragma, exp.Show, exp.Describe, exp.Summarize, exp.Install, exp.Into, exp.Pivot, exp.Lock, exp.Use,
    exp.SessionParameter, exp.Parameter,
)  # fmt: skip


_VALUES = frozenset({
    "user", "current_user", "session_user", "current_role", "current_schema", "current_catalog", "current_database",
    "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
})  # fmt: skip
"""What an engine answers by itself where a column of that name is asked for and none is there, in quotes, too."""

WIDEST = 1_000
"""Characters that a padded text may have: DuckDB holds one of 1.5 GB outside of the memory it was given."""


WIDER = 16
"""Characters that a text may become where one is replaced, and `GROWING` such replacements in one query: 256 times in all."""
GROWING = 2


@dataclass(frozen=True)
class Reach:
    """One thing that reaches too far: the node, what is said of it, and where in rule.yaml it stands (nowhere: in query.sql)."""

    code: str
    node: exp.Expr
    zh: str
    en: str
    location: Location = ()


def reaches(tree: exp.Expr, declared: Collection[str], *, excusable: bool = True) -> Iterator[Reach]:
    """Everything in a query or expression that reaches beyond the tables `declared` and plain computation.

    `excusable`: whether functions that lint advises against and a rule may have leave for can be called (not on Spark, which
    nothing seals).
    """
    growing = [node for node in tree.find_all(exp.Replace) if _grows(node)]
    for replacing in growing[GROWING:]:
        zh = f"一条查询里至多 {GROWING} 处替换可以变长"
        yield Reach("SEC-03", replacing, f"{zh}:{_short(replacing)}", f"{GROWING} may lengthen a text: {_short(replacing)}")
    for node in tree.walk():
        if isinstance(node, _ACTS):
            yield Reach("SEC-04", node, f"内容只能查询:{_short(node)}", f"content asks and does nothing else: {_short(node)}")
        elif isinstance(node, exp.Table):
            yield from _table(node, declared)
        elif isinstance(node, exp.Func) and not isinstance(node.parent, exp.Table):
            yield from _function(node, excusable=excusable)
        elif isinstance(node, exp.Column) and not node.table and node.name.lower() in _VALUES:
            yield Reach("SEC-03", node, f"{node.name} 不是列名", f"{node.name} names no column")
        elif isinstance(node, exp.Dot):
            yield Reach("SEC-03", node, f"不许用点号调用函数:{_short(node)}", f"no function called by a dot: {_short(node)}")


def rule_reaches(rule: Rule, *, excusable: bool = True) -> Iterator[Reach]:
    """The same for a rule's query and each of its expressions. Raises ContentError for SQL that cannot be read."""
    yield from reaches(parse_select(rule.sql), {*rule.reads, *table_types(rule)}, excusable=excusable)
    for expression in expressions(rule):
        for reach in reaches(expression.tree(), (), excusable=excusable):
            yield replace(reach, location=expression.location)


def fact_reaches(fact: Fact, *, excusable: bool = True) -> Iterator[Reach]:
    """The same for a fact's query. Raises ContentError for SQL that cannot be read."""
    yield from reaches(parse_select(fact.sql), {*fact.tables, *fact.facts}, excusable=excusable)


def refuse_what_reaches(rules: Iterable[Rule], facts: Iterable[Fact], *, excusable: bool = True) -> None:
    """Raises ContentError, naming the rule or fact, where one of them reaches too far."""
    for rule in rules:
        if reach := _first_of_rule(rule, excusable):
            raise _refused(rule.code, reach)
    for fact in facts:
        if reach := _first_of_fact(fact, excusable):
            raise _refused(fact.name, reach)


@lru_cache(maxsize=256)
def _first_of_rule(rule: Rule, excusable: bool) -> Reach | None:
    """Asked before every run, of rules that seldom change."""
    return next(rule_reaches(rule, excusable=excusable), None)


@lru_cache(maxsize=256)
def _first_of_fact(fact: Fact, excusable: bool) -> Reach | None:
    return next(fact_reaches(fact, excusable=excusable), None)


def _refused(name: str, reach: Reach) -> ContentError:
    return ContentError(
        "XZ-CONTENT-09",
        zh=f"{name} 越出了内容所能触及的范围({reach.code}):{reach.zh}",
        en=f"{name} reaches beyond what content may reach ({reach.code}): {reach.en}",
        todo_zh="内容只能读所声明的表并做计算;用 xiezhi rules lint 查看位置,改好后再运行",
        todo_en="content reads the tables it declares and computes; see where with xiezhi rules lint, mend it, then run again",
    )


def _table(node: exp.Table, declared: Collection[str]) -> Iterator[Reach]:
    if not isinstance(node.this, exp.Identifier):
        yield Reach("SEC-02", node, f"FROM 里不许用表函数:{_short(node)}", f"no table function in FROM: {_short(node)}")
    elif node.args.get("db") or node.args.get("catalog"):
        yield Reach("SEC-01", node, f"表名不许带库名:{_short(node)}", f"a table is named without its schema: {_short(node)}")
    elif node.name not in declared and node.name not in _own_parts(node):
        yield Reach("SEC-01", node, f"读了没有声明的表 {node.name}", f"it reads the table {node.name}, which is not declared")


def _own_parts(table: exp.Table) -> set[str]:
    """The WITH parts that the engine sees from here: those of the queries around it, in a part only the parts before it."""
    seen: set[str] = set()
    inner: exp.Expr = table
    while (outer := inner.parent) is not None:
        if isinstance(outer, exp.With):
            place = next(place for place, part in enumerate(outer.expressions) if part is inner)
            seen |= {part.alias for part in outer.expressions[: place + bool(outer.args.get("recursive"))]}
        elif (own := outer.args.get("with_")) is not None and own is not inner:
            seen |= {part.alias for part in own.expressions}
        inner = outer
    return seen


def _function(node: exp.Func, *, excusable: bool) -> Iterator[Reach]:
    if isinstance(node, exp.Pad) and not _short_enough(node.expression):
        zh, en = f"补齐的长度应是不大于 {WIDEST} 的数字", f"the length of a padded text is a number of at most {WIDEST}"
        yield Reach("SEC-03", node, f"{zh}:{_short(node)}", f"{en}: {_short(node)}")
    if isinstance(node, exp.Replace) and not _narrow(node.args.get("replacement")):
        zh, en = f"替换成的文字应写明,至多 {WIDER} 个字", f"what replaces is written down, of {WIDER} characters at most"
        yield Reach("SEC-03", node, f"{zh}:{_short(node)}", f"{en}: {_short(node)}")
    if type(node).__name__ in SAME_EVERYWHERE:
        return
    names = function_names(node)
    told = min(names)
    if not (names & EXCUSABLE or lists(node, names)):
        yield Reach("SEC-03", node, f"函数 {told} 不在可用函数之列", f"the function {told} is none of those that can be used")
    elif not excusable:
        yield Reach("SEC-05", node, f"函数 {told} 没有在 Spark 上比对过", f"the function {told} was not compared on Spark")


def _short_enough(length: exp.Expr) -> bool:
    return isinstance(length, exp.Literal) and not length.is_string and length.name.isdigit() and int(length.name) <= WIDEST


def _narrow(replacement: exp.Expr | None) -> bool:
    return replacement is None or (isinstance(replacement, exp.Literal) and len(replacement.name) <= WIDER)


def _grows(node: exp.Replace) -> bool:
    """Whether a text may be longer after it than before."""
    replaced, replacement = node.expression, node.args.get("replacement")
    if replacement is None:
        return False
    literal = isinstance(replaced, exp.Literal) and isinstance(replacement, exp.Literal)
    return not literal or len(replacement.name) > len(replaced.name)


def _short(node: exp.Expr) -> str:
    return " ".join(node.sql().split())[:60]
