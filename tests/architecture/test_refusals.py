"""What is said of a delivery is said on screens and receipts: nobody there has a command line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "xiezhi"
SPEAKING = sorted(path for folder in ("intake", "contracts") for path in (SRC / folder).rglob("*.py"))
OPTION = re.compile(r"(?<![\w-])--[a-z]|\bxiezhi [a-z]+ ")


def _said(path: Path) -> Iterator[str]:
    """Every text of a file but its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: str(path.relative_to(SRC)))
def test_no_word_of_the_command_line_is_said_of_a_delivery(path: Path) -> None:
    assert [text for text in _said(path) if OPTION.search(text)] == []


def test_the_texts_are_found() -> None:
    assert sum(1 for path in SPEAKING for _ in _said(path)) > 2000
