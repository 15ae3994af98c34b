"""A page per rule that a supervision officer can read, and an index: Markdown, in Chinese or English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from xiezhi.kernel.articles import article_words
from xiezhi.kernel.level import Level
from xiezhi.kernel.reference import write_reference
from xiezhi.kernel.words import Words
from xiezhi.rules.case_file import load_cases
from xiezhi.rules.law_by_day import dated
from xiezhi.rules.loader import Content
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.rule import Condition, Parameter, Rule

STATUSES = {"draft": ("草稿", "draft"), "trial": ("试运行", "trial"), "live": ("启用", "live"), "retired": ("停用", "retired")}
TYPES = {
    "integer": ("整数", "whole number"),
    "money": ("金额", "money"),
    "decimal": ("小数", "number"),
    "text": ("文字", "text"),
    "date": ("日期", "date"),
    "texts": ("清单", "list"),
}
OPERATORS = {
    ">=": ("不少于", "at least"),
    ">": ("大于", "more than"),
    "<=": ("不超过", "at most"),
    "<": ("小于", "less than"),
    "=": ("为", "is"),
    "!=": ("不为", "is not"),
}
FEN = re.compile(r"\s*[(（](分|fen)[)）]$")
"""A condition is computed in fen and says so; a page shows its bound in yuan."""

PARAMETER = re.compile(r"\$(\w+)")
COLUMN = re.compile(r"(?<!\$)\b[a-z]\w*")
"""A name in an expression that is no parameter: then its value differs from candidate to candidate."""


def write_pages(content: Content, folder: Path, language: str = "zh") -> list[Path]:
    """One page per rule and `index.md`, in `zh` or `en`; returns the files written. Pages of rules that are gone are removed."""
    pages = {f"{code}.md": page(rule, content, language) for code, rule in sorted(content.rules.items())}
    pages["index.md"] = index(content, language)
    return write_reference(folder, pages)


def page(rule: Rule, content: Content, language: str = "zh") -> str:
    """The Markdown page of one rule."""
    writer = Writer(rule, content, language)
    return tidy(
        _environment(language)
        .get_template("rule.md")
        .render(
            rule=rule,
            article_words=article_words,
            conditions=[writer.condition(item) for item in rule.conditions],
            parameters=[writer.parameter(name, item) for name, item in rule.parameters.items()],
            with_defaults=writer.with_defaults,
            norms=[content.norms[name] for name in rule.basis if name in content.norms],
            exclusions=[(code, content.exclusions[code]) for code in rule.exclusions if code in content.exclusions],
            cases=load_cases(content.folder(rule.code)),
            reads=list(writer.reads()),
            population=writer.population(),
        )
    )


def index(content: Content, language: str = "zh") -> str:
    """The Markdown page that lists all rules by domain."""
    rules = sorted(content.rules.values(), key=lambda rule: (rule.domain, rule.code))
    return tidy(_environment(language).get_template("index.md").render(rules=rules))


class Writer:
    """Says the parts of one rule in one language, with the values it has where `overrides` lie over the shipped ones."""

    def __init__(self, rule: Rule, content: Content, language: str, overrides: Mapping[str, Any] | None = None) -> None:
        self._rule, self._content, self._language = rule, content, language
        self._values = parameter_values(rule, overrides or {}, content.norms)

    def _say(self, zh: str, en: str) -> str:
        return zh if self._language == "zh" else en

    def condition(self, condition: Condition) -> str:
        words = Words(zh=condition.zh, en=condition.en).in_(self._language)
        compared = self._say(*OPERATORS[condition.op])
        if condition.is_statement:
            return words
        if condition.bound.strip() in dated(self._rule):
            by_day = self._say("（按事发当日当地施行的标准）", " (or what was in force on the day and in the place of the event)")
            return f"{FEN.sub('', words)} {compared} {self._value(condition.bound.strip())}{by_day}"
        if COLUMN.search(condition.bound):
            return words + self._say(f"（{compared}按数据算出的界限）", f" ({compared} a bound computed from the data)")
        return f"{FEN.sub('', words)} {compared} {self._bound(condition)}"

    def _bound(self, condition: Condition) -> str:
        bound = condition.bound.strip()
        alone = PARAMETER.fullmatch(bound)
        return (
            self._value(alone[1]) if alone else f"`{self.with_defaults(bound)}`" if "$" in bound or not bound.isdigit() else bound
        )

    def with_defaults(self, sql: str) -> str:
        """An expression with the parameters' values in place of their names."""
        return PARAMETER.sub(lambda match: self._value(match[1]), sql)

    def _value(self, name: str) -> str:
        return self._shown(self._rule.parameters[name], self._values[name])

    def _shown(self, parameter: Parameter, value: Any) -> str:
        if value is None:
            return ""
        if parameter.type == "money":
            return f"{int(value) / 100:,.2f}{self._say(' 元', ' yuan')}"
        if isinstance(value, list):
            return self._say("、", ", ").join(value) or self._say("(空)", "(none)")
        return str(value) if value != "" else self._say("(空)", "(empty)")

    def parameter(self, name: str, parameter: Parameter) -> dict[str, str]:
        low, high = self._shown(parameter, parameter.min), self._shown(parameter, parameter.max)
        source = parameter.basis + (f" → {parameter.norm_value.norm}" if parameter.norm_value else "")
        allowed = self._say("、", ", ").join(parameter.choices or []) or (
            f"{low} – {high}" if low or high else self._say(*TYPES[parameter.type])
        )
        return {
            "name": name,
            "words": parameter.zh if self._language == "zh" else parameter.en,
            "default": self._shown(parameter, self._values[name]),
            "range": allowed,
            "source": source,
        }

    def reads(self) -> Iterator[tuple[Any, list[str]]]:
        for name, columns in self._rule.reads.items():
            fact = self._content.facts[name]
            yield fact, [self._column(name, column) for column in columns if column in fact.columns]

    def _column(self, fact: str, column: str) -> str:
        words = self._content.facts[fact].columns[column]
        return words.zh if self._language == "zh" else words.en

    def population(self) -> str:
        """What the denominator of this rule is, and what must be there for a row of it to be judged."""
        asked = self._rule.population
        fact = self._content.facts[asked.fact]
        unit = self._column(asked.fact, asked.unit)
        zh = f"可评估性以“{fact.title.zh}”的行为分母，按{unit}" + ("和月份统计。" if asked.month else "统计。")
        en = f"Coverage counts the rows of {fact.title.en} by {unit.lower()}" + (" and month." if asked.month else ".")
        return self._say(zh, f"{en} ") + "".join(self._not_computable())

    def _not_computable(self) -> Iterator[str]:
        asked, between = self._rule.population, self._say("、", ", ")
        if asked.needs:
            needs = between.join(self._column(asked.fact, column) for column in asked.needs)
            yield self._say(f"{needs}为空的行无法评估。", f"Rows without {needs.lower()} cannot be evaluated. ")
        for find in asked.finds:
            title = self._content.facts[find.fact].title
            what = between.join(self._column(find.fact, column) for column in find.columns)
            yield self._say(
                f"在“{title.zh}”中找不到对应记录" + (f"或其{what}为空" if what else "") + "的行无法评估。",
                f"Nor can rows that find nothing in {title.en}" + (f", or no {what.lower()} there. " if what else ". "),
            )
        for spread in asked.everywhere:
            title = self._content.facts[spread.fact].title
            yield self._say(
                f"“{title.zh}”里一个人也没有的县（市、区）无法评估。", f"Nor can a county of whose people {title.en} has none. "
            )
        for name in asked.horizon:
            title = self._content.facts[name].title
            yield self._say(
                f"“{title.zh}”没有到达、或缺数据的月份无法评估。",
                f"Nor can months that {title.en} does not reach, or has a gap in. ",
            )
        for name in asked.delivered:
            title = self._content.facts[name].title
            yield self._say(f"没有交付过“{title.zh}”的，全部无法评估。", f"Nothing can be evaluated without {title.en}. ")
        if asked.compared:
            yield self._say("可比对象太少的行无法评估。", "Nor can rows with too few peers. ")
        for name, why in asked.unaffected.items():
            fact, _, column = name.partition(".")
            title = self._content.facts[fact].title
            said = self._column(fact, column) if column else title.in_(self._language)
            yield self._say(f"缺“{said}”不影响可评估性：{why.zh}。", f"{said} does not bound it: {why.en}. ")


def _environment(language: str) -> Environment:
    def say(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.globals.update(
        language=language,
        say=say,
        level=lambda level: say(Level(level).zh, str(level)),
        status=lambda status: say(*STATUSES[status]),
        cell=lambda text: str(text).replace("|", "\\|").replace("\n", " "),
    )
    return environment


def tidy(text: str) -> str:
    """No more than one empty line anywhere, one newline at the end."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
