"""A run keeps a copy of the content it ran with, so that it can be replayed after the content has moved on."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from xiezhi.kernel.errors import ContentError, Place
from xiezhi.kernel.hashing import canonical
from xiezhi.rules.fact import Fact
from xiezhi.rules.rule import Rule
from xiezhi.runs.plan import RunPlan
from xiezhi.runs.record import write_whole


def write(path: Path, plan: RunPlan) -> None:
    """Store the plan's rules and facts as canonical JSON."""
    stored = {
        "rules": [rule.model_dump(mode="json", by_alias=True) for rule in plan.rules],
        "facts": [fact.model_dump(mode="json", by_alias=True) for fact in plan.facts],
    }
    write_whole(path, canonical(stored))


def read(path: Path) -> tuple[dict[str, Rule], dict[str, Fact]]:
    """The rules by code and the facts by name as they were in that run.

    Raises ContentError where it ran with content that would be refused today (a column called in capitals).
    """
    file = path.stat()
    rules, facts = _parsed(path, file.st_mtime_ns, file.st_size)
    return dict(rules), dict(facts)


@lru_cache(maxsize=4)
def _parsed(path: Path, _written: int, _size: int) -> tuple[dict[str, Rule], dict[str, Fact]]:
    """Parsed once for many pages of evidence: a run's content is not written again, and if it were it would be read anew."""
    stored = json.loads(path.read_text("utf-8"))
    try:
        rules = [Rule.model_validate(rule) for rule in stored["rules"]]
        facts = [Fact.model_validate(fact) for fact in stored["facts"]]
    except ValidationError as error:
        [first, *_] = error.errors()
        where = ".".join(map(str, first["loc"]))
        raise ContentError(
            "XZ-CONTENT-12",
            zh=f"该次运行所用的内容按现在的规定读不了:{where}: {first['msg']}",
            en=f"that run's content would be refused today: {where}: {first['msg']}",
            place=Place(file=str(path)),
            todo_zh="改正内容后重新运行",
            todo_en="mend the content, then run again",
        ) from error
    return {rule.code: rule for rule in rules}, {fact.name: fact for fact in facts}
