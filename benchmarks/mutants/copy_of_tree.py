"""A copy of the tree in which mistakes are planted: nothing is ever changed in place."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


class CopyOfTree:
    """The tree as it stands now, without what git ignores, copied to a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for name in listed.split("\0"):
            if name.startswith(("src/", "tests/", "content/", "benchmarks/", "pyproject")) and (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        self._stamp = time.time()

    def path(self, module: str) -> Path:
        """The file of a module."""
        path = self.folder / "src" / module.replace(".", "/")
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")

    @contextmanager
    def planted(self, module: str, source: str) -> Iterator[None]:
        path = self.path(module)
        original = path.read_text("utf-8")
        try:
            self._write(path, source)
            yield
        finally:
            self._write(path, original)

    def _write(self, path: Path, text: str) -> None:
        """Each time with a later date, for compiled files are told to be old by whole seconds and size alone."""
        self._stamp += 2
        path.write_text(text, "utf-8")
        os.utime(path, (self._stamp, self._stamp))
