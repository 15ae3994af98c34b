"""What a rule or fact calls a fact or column is a name: it goes into SQL as it stands, so it can be nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from xiezhi.operations.config import shipped_content
from xiezhi.rules.fact import Fact
from xiezhi.rules.loader import load_content
from xiezhi.rules.rule import Rule

CONTENT = load_content([shipped_content()])

NO_NAME = 'x\' AS fact, 1 AS delivery, 1 AS row FROM (SELECT 1) AS h); UPDATE "hits" SET amount = 1; --'
"""Accepted as the fact of an evidence query, it altered the hits of its own rule, and a replay proved them."""

FREE = re.compile(
    r"""^(?:
    .*\.(?:zh|en)(?:\.\d+)?                       # words
    | (?:.*\.)?(?:sql|where|keep|value|bound|at_least|when)   # SQL, which is parsed and judged by itself
    | parameters\.\w+\.(?:default|choices)(?:\..*)?           # a value is bound as a literal
    | parameters\.\w+\.(?:basis|norm_value\..*) | basis\.\d+ | exclusions\.\d+ | replaces
    | domain | owner | hit\.peers\.\w+ | hit\.(?:subject|counterpart)\.identity
    | .*\.says\.key\..* | .*\.says\..*\.key\..* | hit\.says.* | conditions\.\d+\.says.*
    | population\.unaffected\.key\..* | columns\.\w+\.unit
    | lint_allow.*
    | tables\.\d+ | principal | optional\.key\.\w+   # a table of the lake may bear any name, and is quoted everywhere
    )$""",
    re.VERBOSE,
)
"""Places that hold text of any kind, and never stand in SQL as they are."""


def places(written: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every text in a model as written, and every key of a mapping that is no field: its path, and what puts another there."""
    items = written.items() if isinstance(written, dict) else enumerate(written) if isinstance(written, list) else ()
    for key, value in items:
        here = f"{path}.{key}" if path else str(key)
        if isinstance(value, str):
            yield here, (path, key, False)
        else:
            yield from places(value, here)
        if isinstance(written, dict) and isinstance(key, str):
            yield f"{path}.key.{key}" if path else f"key.{key}", (path, key, True)


def changed(written: dict[str, Any], path: str, key: Any, is_key: bool) -> dict[str, Any]:
    copy = deepcopy(written)
    inner: Any = copy
    for step in filter(None, path.split(".")):
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    if is_key:
        inner[NO_NAME] = inner.pop(key)
    else:
        inner[key] = NO_NAME
    return copy


@pytest.mark.parametrize("code", ["SUB-003", "VIL-110", "PRO-103", "R030", "CAN-073"])
def test_no_name_of_a_rule_can_be_anything_else(code: str) -> None:
    written = CONTENT.rules[code].model_dump(mode="json", by_alias=True, exclude_defaults=True)
    accepted = []
    for path, where in places(written):
        if FREE.match(path):
            continue
        try:
            Rule.model_validate(changed(written, *where))
        except ValidationError:
            continue
        accepted.append(path)
    assert accepted == []


@pytest.mark.parametrize("name", ["payment", "place", "kin", "process"])
def test_no_name_of_a_fact_can_be_anything_else(name: str) -> None:
    written = CONTENT.facts[name].model_dump(mode="json", by_alias=True, exclude_defaults=True)
    accepted = []
    for path, where in places(written):
        if FREE.match(path):
            continue
        try:
            Fact.model_validate(changed(written, *where))
        except ValidationError:
            continue
        accepted.append(path)
    assert accepted == []
