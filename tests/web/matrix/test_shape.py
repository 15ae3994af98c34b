"""The shape of the web half that import-linter cannot see."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import xiezhi.web

WEB = Path(xiezhi.web.__file__).parent
WRITES = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create"}
WRITERS = ("actions", "migrations")
"""Where rows may be written. The trail's own way in is audit/record.py."""


def _writes(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            owner = ast.unparse(node.func.value)
            if "objects" in owner or node.func.attr == "save":
                found.append(f"{path.relative_to(WEB)}:{node.lineno} {owner}.{node.func.attr}")
    return found


@pytest.mark.parametrize("app", sorted(path.name for path in WEB.iterdir() if (path / "views").exists()))
def test_only_actions_write(app: str) -> None:
    files = [
        path
        for path in (WEB / app).rglob("*.py")
        if not set(path.relative_to(WEB / app).parts) & set(WRITERS) and "models" not in path.parts
    ]
    assert [write for path in files for write in _writes(path) if "super()" not in write] == []
