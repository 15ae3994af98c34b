"""A copy of the tree in which mistakes are planted, and its tests run: nothing is ever changed in place."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

KILLED, SURVIVED, TIMEOUT = "killed", "survived", "timeout"


@dataclass(frozen=True)
class Ran:
    """What came of a test run: KILLED where a test failed, by which, in how many seconds."""

    result: str
    by: str
    seconds: float


class CopyOfTree:
    """What git knows of the tree as it stands now, copied to a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
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

    def run(self, tests: Sequence[str], timeout: float) -> Ran:
        """Run test files until the first failure."""
        begin = time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:django",
            "-p",
            "no:xdist",
            *tests,
        ]
        environment = {
            **os.environ,
            "PYTHONPATH": f"{self.folder / 'src'}{os.pathsep}{self.folder}",
            "HYPOTHESIS_MAX_EXAMPLES": "20",
        }
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)  # the session is its own: children of tests end with it
            process.communicate()
            return Ran(TIMEOUT, "", time.perf_counter() - begin)
        failed = re.search(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
        by = failed.group(1) if failed else ("" if process.returncode in (0, 5) else output.strip().splitlines()[-1][:120])
        return Ran(SURVIVED if process.returncode in (0, 5) else KILLED, by, time.perf_counter() - begin)
