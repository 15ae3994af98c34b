"""While it is learned which tests run which line, files are read in this process: lines that another runs are seen by nobody.

Left alone are the tests that are about those other processes: they need real ones.
"""

from __future__ import annotations

import importlib
import threading
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from typing import Any

ABOUT_PROCESSES = ("test_reader_process.py", "test_reader_protocol.py")


class _Thread:
    """In the place of a process."""

    def __init__(self, connection: Connection) -> None:
        threading.Thread(target=_serve, args=(connection,), daemon=True).start()

    def poll(self) -> int | None:
        return None

    def kill(self) -> None:
        """Its connection is closed by whoever kills it, which ends it."""

    def wait(self) -> int:
        return 0


def read_here(file: str) -> None:
    """From now on, for the tests of a file: readers as threads, or as the processes that they are."""
    try:
        apart: Any = importlib.import_module("xiezhi.intake.files.reader_process")
    except ModuleNotFoundError:
        return  # a tree without any
    apart._end_all()
    made = apart._ReaderProcess
    if not hasattr(made, "as_processes"):
        made.as_processes = made.__init__
    made.__init__ = made.as_processes if file.endswith(ABOUT_PROCESSES) else _as_thread


def _as_thread(reader: Any) -> None:
    reader._here, there = Pipe()
    reader._process = _Thread(there)


def _serve(connection: Connection) -> None:
    reading: Any = importlib.import_module("xiezhi.intake.files.reader_main")
    with suppress(SystemExit):
        while True:
            job = reading._receive(connection)
            reading._send(connection, reading._read(importlib.import_module(job.reader), job, connection))
