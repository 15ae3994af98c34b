"""Errors have one spelling of codes, a code of their own each, and a page on which all are found."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from xiezhi.kernel.error_codes import CODE, SOURCES, page, said

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "errors.md"
ERRORS = {"UserError", "ContentError", "IntegrityError", "RetryableError", "Conflict"}
"""RefusedDelivery is left out: why a file is refused is data of its receipt."""


def test_the_page_of_codes_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(said()), "run: python -m xiezhi.kernel.error_codes docs/reference/errors.md"


def test_every_code_is_spelled_alike() -> None:
    wrong = [
        f"{path.relative_to(SOURCES)}:{node.lineno}: {ast.unparse(node.args[0])}"
        for path in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and node.args
        if isinstance(node.args[0], ast.JoinedStr)
        or (isinstance(node.args[0], ast.Constant) and not CODE.match(str(node.args[0].value)))
    ]  # fmt: skip
    assert wrong == []


def test_a_code_says_one_thing() -> None:
    sayings = defaultdict(set)
    for one in said():
        sayings[one.code].add((one.zh, one.en))
    assert {code: texts for code, texts in sayings.items() if len(texts) > 1 and not all("…" in zh for zh, _ in texts)} == {}


def test_errors_are_read_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text("class Conflict(UserError): ...\n", "utf-8")
    (tmp_path / "part.py").write_text(
        """
def check(name):
    raise Conflict("XZ-A-01", zh=f"没有 {name}", en=f"no {name}", todo_zh="再看")
def ask(name):
    raise _gone("XZ-A-02", name, "gone")
def _gone(code, zh, en):
    return RetryableError(code, zh, en, "等", todo_en="wait")
""",
        "utf-8",
    )
    rows = [line for line in page(said(tmp_path)).splitlines() if line.startswith("| XZ")]
    assert rows == ["| XZ-A-01 | 2 | 没有 … | no … | 再看 |  |", "| XZ-A-02 | 6 | … | gone | 等 | wait |"]


@pytest.mark.parametrize(("code", "sound"), [("XZ-RUN-01", True), ("XZ-API-404", True), ("RUN-01", False), ("XZ-RUN-1", False)])
def test_what_a_code_looks_like(code: str, sound: bool) -> None:
    assert bool(CODE.match(code)) is sound
