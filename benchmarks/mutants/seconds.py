"""How long each test file takes when nothing is wrong: measured once, kept for the next run."""

from __future__ import annotations

import json
from pathlib import Path


class Seconds:
    """Test file → seconds; None for one that fails or takes too long unchanged. Written to `path` with each entry."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, float | None] = json.loads(path.read_text("utf-8")) if path.exists() else {}

    def __contains__(self, test: str) -> bool:
        return test in self._known

    def __getitem__(self, test: str) -> float | None:
        return self._known[test]

    def __setitem__(self, test: str, seconds: float | None) -> None:
        self._known[test] = seconds
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._known, indent=1), "utf-8")
