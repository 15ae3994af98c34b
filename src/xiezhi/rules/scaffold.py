"""A new rule that already runs: it counts the rows per subject of one fact. The author replaces the question and the words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from xiezhi.kernel.errors import UserError
from xiezhi.kernel.yaml_text import double_quoted
from xiezhi.rules.fact import Fact, FactColumn
from xiezhi.rules.loader import Content

KINDS = {"citizen_id": "person", "credit_code": "company", "party_id": "party"}
"""Whose number a column holds → the kind of subject. Other identities are of nobody that a hit can concern."""

PLAIN_KINDS = ("village", "school", "hospital", "agent")
"""Kinds of subject that are no numbers of the vault, by the name of their column; any other is a `process`."""

COUNTABLE = ("VARCHAR", "INTEGER", "BIGINT")
"""Types of a column that can tell one subject from another."""

UNITS = ("agency", "unit", "village", "hospital", "school", "buyer", "tenderer")
"""Columns that are a unit in the facts we ship; else the first text column."""

USUAL_EXCLUSIONS = ("X1", "X12")
"""Wrong numbers and repeated deliveries concern every rule."""

SAMPLE = {
    "INTEGER": "7",
    "BIGINT": "990101001001",
    "VARCHAR": "样例",
    "DATE": "2024-03-01",
    "TIMESTAMP": "2024-03-01 08:00:00",
    "BOOLEAN": "true",
    "DOUBLE": "1.0",
}
CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
DOMAIN = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")


@dataclass(frozen=True)
class Order:
    """What the author asks for. `subject`: a column of the fact; None for the one that the fact itself names."""

    code: str
    title_zh: str
    title_en: str
    domain: str
    fact: str
    subject: str | None = None


def new_rule(content: Content, root: Path, order: Order) -> Path:
    """Write the folder of a draft rule under `root`; returns it.

    Raises UserError for a code that is malformed or taken, a domain that cannot be a folder, a fact that does not exist, and a
    subject that is missing or cannot be one.
    """
    _check_names(content, order)
    fact = _fact(content, order.fact)
    folder = root / "rules" / order.domain / f"{order.code}-{_slug(order.title_en)}"
    words = _choices(fact, _subject(fact, order.subject)) | {
        "id": uuid4(),
        "exclusions": [one for one in USUAL_EXCLUSIONS if one in content.exclusions],
        "code": order.code,
        "title_zh": order.title_zh,
        "title_en": order.title_en,
        "domain": order.domain,
    }
    (folder / "cases").mkdir(parents=True)
    (folder / "rule.yaml").write_text(_template("new_rule.yaml").render(words), "utf-8")
    (folder / "query.sql").write_text(_query(words), "utf-8")
    for name, text in _cases(fact, words).items():
        (folder / "cases" / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def usable_subjects(fact: Fact) -> list[str]:
    """Columns that can be a rule's subject, those that are a person's or a body's number first."""
    usable = [name for name, column in fact.columns.items() if _can_be_subject(column)]
    return sorted(usable, key=lambda name: fact.columns[name].identity is None)


def _can_be_subject(column: FactColumn) -> bool:
    """A number of a person or body, or a plain code or name; no amount, no day, and no number of a name or an account."""
    if column.identity:
        return column.identity in KINDS
    return column.type in COUNTABLE and column.unit is None


def _check_names(content: Content, order: Order) -> None:
    if not CODE.fullmatch(order.code) or order.code in content.rules:
        raise UserError(
            "XZ-RULE-03",
            zh=f"代码 {order.code} 不合格式或已被使用",
            en=f"the code {order.code} is malformed or taken",
            todo_zh="例如 SUB-042",
            todo_en="for instance SUB-042",
        )
    if not DOMAIN.fullmatch(order.domain):
        raise UserError(
            "XZ-NEW-03",
            zh=f"业务条线 {order.domain} 要作文件夹名,只能用小写字母、数字、下划线和连字符",
            en=f"the domain {order.domain} names a folder: lower-case letters, digits, _ and - only",
            todo_zh=f"已有:{'、'.join(sorted(content.domains))}",
            todo_en=f"there are: {', '.join(sorted(content.domains))}",
        )


def _fact(content: Content, name: str) -> Fact:
    if name not in content.facts:
        raise UserError(
            "XZ-RULE-04",
            zh=f"没有事实表 {name}",
            en=f"there is no fact {name}",
            todo_zh=f"可用:{'、'.join(sorted(content.facts))}",
            todo_en=f"choose one of: {', '.join(sorted(content.facts))}",
        )
    return content.facts[name]


def _subject(fact: Fact, wanted: str | None) -> str:
    """The column to count by. Raises UserError where neither author nor fact names one, or the column named cannot be one."""
    chosen = wanted or fact.subject
    if chosen is None:
        zh, en = f"事实表 {fact.name} 没有写明主体(按谁计数)", f"the fact {fact.name} names no subject (whom to count by)"
        raise _no_subject("XZ-NEW-01", fact, zh, en)
    if chosen not in fact.columns:
        zh, en = f"事实表 {fact.name} 没有列 {chosen}", f"the fact {fact.name} has no column {chosen}"
        raise _no_subject("XZ-NEW-02", fact, zh, en)
    if not _can_be_subject(fact.columns[chosen]):
        zh = f"{fact.name} 的列 {chosen} 不能作主体:它不是人、单位或机构的编号,也不是普通的编号、名称"
        en = f"column {chosen} of {fact.name} cannot be a subject: no number of a person, company or party, and no plain code"
        raise _no_subject("XZ-NEW-02", fact, zh, en)
    return chosen


def _no_subject(code: str, fact: Fact, zh: str, en: str) -> UserError:
    """The complaint, with the columns that could be named."""
    usable = usable_subjects(fact)
    todo_zh = f"用 --subject 指明一列:{'、'.join(usable)}" if usable else "换一张事实表"
    todo_en = f"name a column with --subject: {', '.join(usable)}" if usable else "start from another fact"
    return UserError(code, zh=zh, en=en, todo_zh=todo_zh, todo_en=todo_en)


def _choices(fact: Fact, subject: str) -> dict[str, Any]:
    """The columns of the fact that the scaffold uses."""
    texts = [name for name, column in fact.columns.items() if column.type == "VARCHAR"]
    unit = next((name for name in UNITS if name in fact.columns and name != subject), texts[0] if texts else subject)
    month = next((name for name, column in fact.columns.items() if column.type == "DATE"), None)
    identity = fact.columns[subject].identity
    plain = subject if subject in PLAIN_KINDS else "process"
    return {
        "fact": fact.name,
        "subject": subject,
        "unit": unit,
        "month": month,
        "kind": KINDS.get(identity or "", plain),
        "missing": "id_unsound" if identity else "value_missing",
        "scope": "person" if identity == "citizen_id" else "all",
        "reads": list(dict.fromkeys([subject, unit, *([month] if month else [])])),
    }


def _query(words: dict[str, Any]) -> str:
    subject, unit, month = words["subject"], words["unit"], words["month"]
    columns = [subject] if unit == subject else [subject, f"MIN({unit}) AS {unit}"]
    columns += ["COUNT(*) AS times", *([f"MIN({month}) AS first_day", f"MAX({month}) AS last_day"] if month else [])]
    asked = f"SELECT {', '.join(columns)}\nFROM {words['fact']}\nWHERE {subject} IS NOT NULL\nGROUP BY {subject}\n"
    return f"-- One row per {subject}.\n{asked}"


def _cases(fact: Fact, words: dict[str, Any]) -> dict[str, str]:
    subject = words["subject"]
    same = _row(fact, words, _key(fact, subject, 1))
    other = _row(fact, words, _key(fact, subject, 2))
    nobody = _row(fact, words, None)
    hit = f"  - { {subject: _key(fact, subject, 1), 'variant': 'A', 'times': 2} }".replace("'", "")
    return {
        "fires_twice": _case(words["fact"], [same, same], f"\n{hit}"),
        "fires_beside_another": _case(words["fact"], [same, same, other], f"\n{hit}"),
        "near_once": _case(words["fact"], [same], " []"),
        "near_two_subjects": _case(words["fact"], [same, other], " []"),
        "near_nobody": _case(words["fact"], [nobody, nobody], " []"),
    }


def _key(fact: Fact, subject: str, number: int) -> str:
    return str(number) if fact.columns[subject].type in ("INTEGER", "BIGINT") else f"S{number}"


def _row(fact: Fact, words: dict[str, Any], key: str | None) -> str:
    values = {name: SAMPLE[fact.columns[name].type] for name in words["reads"] if name != words["subject"]}
    pairs = ({words["subject"]: key} if key else {}) | values
    return "    - {" + ", ".join(f"{name}: {value}" for name, value in pairs.items()) + "}"


def _case(fact: str, rows: list[str], expect: str) -> str:
    listed = "\n".join(rows)
    why = 'why:\n  zh: 【填写】这个案例说明什么。\n  en: "[fill in] What this case shows."'
    return f"{why}\ngiven:\n  {fact}:\n{listed}\nexpect:{expect}\n"


def _slug(title: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", title.lower())[:5]) or "new"


def _template(name: str) -> Template:
    folder = Path(__file__).parent / "templates"
    environment = Environment(loader=FileSystemLoader(folder), undefined=StrictUndefined, trim_blocks=True, autoescape=False)
    environment.filters["quoted"] = double_quoted
    return environment.get_template(name)
