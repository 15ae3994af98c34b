"""Content is read again whenever any of the files it is read from has changed, and only then."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from xiezhi.contracts.code_decisions import COLUMNS
from xiezhi.operations.config import CoreConfig, shipped_content
from xiezhi.operations.content import CASES, OF_CONTRACTS, OF_RULES, content_digest, content_in_force, contracts_in_force

_opened: list[str] | None = None


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _opened is not None:
        _opened.append(str(arguments[0]))


sys.addaudithook(_listen)


@contextmanager
def opened_files() -> Iterator[list[str]]:
    """The files that this process opens meanwhile."""
    global _opened
    _opened = told = []
    try:
        yield told
    finally:
        _opened = None


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The shipped content with what a site may add."""
    folder = Path(shutil.copytree(shipped_content(), tmp_path / "content"))
    (folder / "code_decisions.csv").write_text(",".join(COLUMNS) + "\n", "utf-8")
    return folder


@pytest.mark.parametrize(("read", "parts"), [(content_in_force, OF_RULES), (contracts_in_force, OF_CONTRACTS)])
def test_every_file_that_is_read_is_looked_at(
    content: Path, read: Callable[[CoreConfig], object], parts: tuple[str, ...]
) -> None:
    with opened_files() as opened:
        read(CoreConfig(content_roots=(content,)))
    read_here = {Path(path) for path in opened if Path(path).is_relative_to(content)}
    assert len(read_here) > 20
    assert read_here <= {path for part in parts for path in content.glob(part)}


def test_it_is_read_once_while_nothing_changes(content: Path) -> None:
    config = CoreConfig(content_roots=(content,))
    assert content_in_force(config) is content_in_force(config)
    assert contracts_in_force(config) is contracts_in_force(config)


def test_a_line_of_work_renamed_is_read_again(content: Path) -> None:
    config, path = CoreConfig(content_roots=(content,)), content / "domains.yaml"
    before, code = content_in_force(config), next(iter(content_in_force(config).domains))
    title = before.domains[code].title.zh
    path.write_text(path.read_text("utf-8").replace(title, "另一条线"), "utf-8")
    assert content_in_force(config).domains[code].title.zh == "另一条线"


def test_each_file_counts_in_the_digest(content: Path) -> None:
    before = content_digest((content,))
    for part in (*OF_CONTRACTS, *OF_RULES, *CASES):
        for path in [one for one in content.glob(part) if one.is_file()][:1]:
            path.write_text(path.read_text("utf-8") + "\n", "utf-8")
            now = content_digest((content,))
            assert now != before, part
            before = now
