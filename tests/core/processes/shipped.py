"""The processes that are shipped, and a content folder with one thing changed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from xiezhi.operations.config import CoreConfig, shipped_content
from xiezhi.operations.processes import Registered, check_processes
from xiezhi.processes.loader import ProcessContent, load_processes

CONTENT = load_processes([shipped_content()])
PARTS = ("processes", "chains", "deadlines")


def registered(content: ProcessContent = CONTENT) -> Registered:
    """As if the platform had all that the shipped content names."""
    moves = [move for process in content.processes.values() for move in process.moves.values()]
    signatures = [one for chain in content.chains.values() for one in chain.signatures]
    return Registered(
        permissions=frozenset({*(move.by.permission for move in moves), *(one.permission for one in signatures)}),
        guards=frozenset(name for move in moves for name in move.guards),
        effects=frozenset(name for move in moves for name in move.effects),
        events=frozenset(move.event for move in moves),
    )


def folder(to: Path) -> Path:
    """A content root with a copy of what is shipped of processes."""
    for part in PARTS:
        shutil.copytree(shipped_content() / part, to / part)
    return to


def changed(root: Path, file: str, before: str, after: str) -> Path:
    """The same with one text of a file in another's place, which must stand there."""
    path = root / file
    text = path.read_text("utf-8")
    assert before in text, f"{file} has no {before!r}"
    path.write_text(text.replace(before, after, 1), "utf-8")
    return root


def codes(root: Path) -> set[str]:
    """What lint finds in one root: the codes of findings."""
    found = check_processes(CoreConfig(content_roots=(root,)), registered())
    assert all(re.search("[一-鿿]", one.zh) and re.search("[a-z]", one.en) for one in found)
    return {one.code for one in found}
