"""The shape of the web half that import-linter cannot see."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import xiezhi.web

WEB = Path(xiezhi.web.__file__).parent
MADE = {"create", "bulk_create", "bulk_update", "update_or_create", "get_or_create"}
SENT = {"execute", "executemany", "raw", "extra", "callproc"}
ALTERS = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\w|DELETE\s+FROM|TRUNCATE|MERGE\s+INTO|COPY\s+\w)", re.IGNORECASE)
WRITERS = ("actions", "migrations")
"""Where rows may be written. The trail's own way in is audit/record.py."""


def writes(tree: ast.AST) -> Iterator[str]:
    """Calls that change rows: Django's own, and SQL that does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _changes(node, node.func):
            yield f"{node.lineno} {ast.unparse(node.func)}"


def _changes(call: ast.Call, func: ast.Attribute) -> bool:
    owner = ast.unparse(func.value)
    match func.attr:
        case "save":
            return owner != "super()"
        case "delete" | "update":
            # Of a dictionary or a digest `update` takes something; of rows it takes columns by name, and `delete` nothing.
            return not call.args and (func.attr == "delete" or bool(call.keywords))
        case name if name in MADE:
            return "objects" in owner
        case name if name in SENT:
            return any(isinstance(part, ast.Constant) and ALTERS.search(str(part.value)) for part in ast.walk(call))
    return False


@pytest.mark.parametrize("app", sorted(path.name for path in WEB.iterdir() if (path / "views").exists()))
def test_only_actions_write(app: str) -> None:
    files = [
        path
        for path in (WEB / app).rglob("*.py")
        if not set(path.relative_to(WEB / app).parts) & set(WRITERS) and "models" not in path.parts
    ]
    found = [f"{path.relative_to(WEB)}:{write}" for path in files for write in writes(ast.parse(path.read_text("utf-8")))]
    assert found == []


@pytest.mark.parametrize(
    ("code", "is_write"),
    [
        ("Alert.objects.filter(pk=1).update(state='x')", True),
        ("found.update(state='x')", True),
        ("found.delete()", True),
        ("one.save(update_fields=['state'])", True),
        ("Alert.objects.create(state='x')", True),
        ("cursor.execute('UPDATE alerts_alert SET state = %s', ['x'])", True),
        ("cursor.execute(f'DELETE FROM {table}')", True),
        ("Alert.objects.raw('INSERT INTO a SELECT 1 RETURNING *')", True),
        ("super().save(*args)", False),
        ("counter.update(words)", False),
        ("catalogue.delete(key)", False),
        ("people.create(by=viewer)", False),
        ("cursor.execute('SELECT updated FROM alerts_alert')", False),
    ],
)
def test_a_write_is_told_from_what_looks_like_one(code: str, is_write: bool) -> None:
    assert bool(list(writes(ast.parse(code)))) is is_write
