"""A new rule that already runs: it counts the rows per subject of one fact. The author replaces the question and the words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from xiezhi.kernel.errors import UserError
from xiezhi.rules.fact import Fact
from xiezhi.rules.loader import Content

KINDS = {"citizen_id": "person", "credit_code": "company", "party_id": "party"}
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


def new_rule(content: Content, root: Path, code: str, title_zh: str, title_en: str, domain: str, fact_name: str) -> Path:
    """Write the folder of a draft rule under `root`; returns it.

    Raises UserError for a code that is malformed or taken, and for a fact without a subject.
    """
    fact = _usable(content, code, fact_name)
    folder = root / "rules" / domain / f"{code}-{_slug(title_en)}"
    exclusions = [one for one in USUAL_EXCLUSIONS if one in content.exclusions]
    words = _choices(fact) | {
        "id": uuid4(),
        "exclusions": exclusions,
        "code": code,
        "title_zh": title_zh,
        "title_en": title_en,
        "domain": domain,
    }
    (folder / "cases").mkdir(parents=True)
    (folder / "rule.yaml").write_text(_template("new_rule.yaml").render(words), "utf-8")
    (folder / "query.sql").write_text(_query(words), "utf-8")
    for name, text in _cases(fact, words).items():
        (folder / "cases" / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def _usable(content: Content, code: str, fact_name: str) -> Fact:
    """The fact to start from, once code and fact are found to be usable."""
    if not CODE.fullmatch(code) or code in content.rules:
        raise UserError(
            "XZ-RULE-03",
            zh=f"代码 {code} 不合格式或已被使用",
            en=f"the code {code} is malformed or taken",
            todo_zh="例如 SUB-042",
            todo_en="for instance SUB-042",
        )
    fact = content.facts.get(fact_name)
    if fact is None or fact.subject is None:
        known = ", ".join(sorted(name for name, other in content.facts.items() if other.subject))
        raise UserError(
            "XZ-RULE-04",
            zh=f"没有带主体的事实表 {fact_name}",
            en=f"there is no fact {fact_name} with a subject",
            todo_zh=f"可用:{known}",
            todo_en=f"choose one of: {known}",
        )
    return fact


def _choices(fact: Fact) -> dict[str, Any]:
    """The columns of the fact that the scaffold uses."""
    subject = str(fact.subject)
    texts = [name for name, column in fact.columns.items() if column.type == "VARCHAR"]
    unit = next((name for name in UNITS if name in fact.columns and name != subject), texts[0] if texts else subject)
    month = next((name for name, column in fact.columns.items() if column.type == "DATE"), None)
    kind = KINDS.get(fact.columns[subject].identity or "", "process")
    reads = list(dict.fromkeys([subject, unit, *([month] if month else [])]))
    return {"fact": fact.name, "subject": subject, "unit": unit, "month": month, "kind": kind, "reads": reads}


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


def _template(name: str) -> Any:
    folder = Path(__file__).parent / "templates"
    return Environment(
        loader=FileSystemLoader(folder), undefined=StrictUndefined, trim_blocks=True, autoescape=False
    ).get_template(name)
