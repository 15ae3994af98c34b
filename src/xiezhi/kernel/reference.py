"""Pages of a generated reference, written into a folder that may hold other files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

INDEX = "index.md"
_LINKED = re.compile(r"\(([\w-]+\.md)\)")


def write_reference(folder: Path, pages: Mapping[str, str]) -> list[Path]:
    """Write the pages, by file name, among them the index; returns the files written.

    Of other files only those are removed that the index of last time links to: pages of what is gone. Whatever else lies in the
    folder is somebody's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = (folder / INDEX).read_text("utf-8") if (folder / INDEX).is_file() else ""
    for name in set(_LINKED.findall(before)) - pages.keys():
        (folder / name).unlink(missing_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]
