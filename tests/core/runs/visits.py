"""The smallest world a run can be in: the rule, the facts and the norm of the small content folder, and visits to places."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from tests.builders.content import write_content
from xiezhi.kernel.progress import Progress, Silent
from xiezhi.lake.lake import Lake
from xiezhi.rules.loader import Content, load_content
from xiezhi.rules.rule import Rule
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import RunFolders, RunRecord

CODE = "VIS-001"


def small_content(folder: Path, **changes: Any) -> Content:
    """One rule over two facts; `changes` are other words of the rule."""
    return with_rule(load_content([write_content(folder)]), **changes)


def with_rule(content: Content, **changes: Any) -> Content:
    """The same content with other words in its rule; those of its population and its hit by their own names."""
    rule = content.rules[CODE]
    for part in ("population", "hit"):
        held = getattr(rule, part)
        changes[part] = held.model_copy(update=changes.pop(part, {}))
    return replace(content, rules={CODE: Rule.model_validate({**dict(rule), **changes})})


def visit(person: int | None, day: str | None, place: str = "甲", cost: int = 500) -> dict[str, Any]:
    """A row of `visits`, of 5 yuan unless told otherwise."""
    return {"person": person, "place": place, "day": date.fromisoformat(day) if day else None, "hours": 1.0, "cost": cost}


def closed(person: int, day: str | None) -> dict[str, Any]:
    """A row of `closures`."""
    return {"person": person, "closed": date.fromisoformat(day) if day else None}


def run(lake: Lake, content: Content, progress: Progress | None = None, **settings: Any) -> RunRecord:
    """Run the rule over the newest snapshot."""
    plan = make_plan(content, lake.snapshot(), codes=[CODE])
    return execute(plan, RunFolders(lake.paths.runs), Settings(threads=1, **settings), progress or Silent())
