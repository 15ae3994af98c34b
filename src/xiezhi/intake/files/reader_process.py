"""Formats that libraries read in native code are read in a process of their own, under limits of memory and time.

What such a library does with a file made to hurt it, nobody knows beforehand: one of 1.4 KB ended the whole process. Here it ends
the reader alone, the file is refused with the reason, and what else runs beside it goes on. `reader_main` is the other side.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Pipe
from pathlib import Path
from typing import Any

import pyarrow as pa

from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.sheet import COLUMNS, BrokenRow, HeaderScore, Heading, Limits, Part, RefusedSheet, Sheet
from xiezhi.kernel.errors import Place, RefusedDelivery
from xiezhi.kernel.words import Words

KEPT = 16 << 20
"""Bytes of a file after which its reader is kept for another: what a larger one took is seldom given back."""


@dataclass(frozen=True)
class Job:
    """A file to be read, by which module of `readers`."""

    reader: str
    part: Part
    kind: str
    limits: Limits
    scratch: Path
    score: HeaderScore | None


@dataclass(frozen=True)
class Opened:
    """The reader found a sheet. It waits for Wanted, or for None where the rows are not wanted."""

    name: str | None
    format: str
    heading: Heading
    notes: tuple[Words, ...]
    height: int | None = None


@dataclass(frozen=True)
class ReadRequest:
    """Read the rows, with what `Sheet` says of its columns."""

    columns: Mapping[str, frozenset[int]]
    batch_rows: int
    most_rows: int | None = None


@dataclass(frozen=True)
class Rows:
    """Some rows of the sheet, with what was found on the way. `batch` is None at its end."""

    batch: pa.RecordBatch | None
    broken: tuple[BrokenRow, ...]
    notes: tuple[Words, ...]


@dataclass(frozen=True)
class Refused:
    """A refusal. `sheet`: of this sheet alone; what follows it is none the worse."""

    code: str
    zh: str
    en: str
    place: Place | None
    todo_zh: str
    todo_en: str
    sheet: str | None = None

    @classmethod
    def of(cls, error: RefusedDelivery) -> Refused:
        sheet = error.sheet if isinstance(error, RefusedSheet) else None
        return cls(error.code, error.zh, error.en, error.place, error.todo_zh, error.todo_en, sheet)

    def error(self, part: Part) -> RefusedDelivery:
        said = {"zh": self.zh, "en": self.en, "todo_zh": self.todo_zh, "todo_en": self.todo_en}
        made = RefusedDelivery(self.code, place=self.place, **said)
        return made if self.sheet is None else RefusedSheet(made, part, self.sheet)


@dataclass(frozen=True)
class Ended:
    """Nothing more of this file. `out_of_memory`: the reader was stopped. `bug`: it failed in a way that is ours to mend."""

    out_of_memory: bool = False
    bug: str = ""


def open_sheets_apart(job: Job) -> Generator[Sheet | RefusedDelivery, None, None]:
    """What the reader's `open_sheets` gives, its rows read where it is safe. Read each sheet before the next is asked for.

    Raises RefusedDelivery as the reader does, and where it used up its memory or time, or broke down.
    """
    reader, done = _waiting() or _ReaderProcess(), False
    try:
        yield from reader.read(job)
        done = True
    finally:
        if done and reader.lives and job.part.path.stat().st_size <= KEPT:
            with _lock:
                _idle.append(reader)
        else:
            reader.end()


def _waiting() -> _ReaderProcess | None:
    """One that waits and lives: what ended while it waited (the system was short of memory) must refuse no file."""
    with _lock:
        while _idle:
            reader = _idle.pop()
            if reader.lives:
                return reader
            reader.end()
    return None


class _ReaderProcess:
    """One process that reads a file at a time."""

    def __init__(self) -> None:
        self._here, there = Pipe()
        # The same modules in the same order as here, whatever path this process was given.
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, "-m", "xiezhi.intake.files.reader_main", str(there.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[there.fileno()], env=environment, stdin=subprocess.DEVNULL)
        there.close()

    @property
    def lives(self) -> bool:
        return self._process.poll() is None

    def read(self, job: Job) -> Iterator[Sheet | RefusedDelivery]:
        self._send(job, job.part)
        while not isinstance(said := self.hear(job.part), Ended):
            if isinstance(said, Refused):
                refusal = said.error(job.part)
                if said.sheet is None:
                    raise refusal
                yield refusal
            else:
                sheet = _SheetApart(self, said, job)
                yield sheet
                sheet.passed = True
                if not sheet.read:
                    self._send(None, job.part)

    def want(self, wanted: ReadRequest, part: Part) -> None:
        self._send(wanted, part)

    def hear(self, part: Part) -> Any:
        """The next message. Raises RefusedDelivery where the process has ended, or stopped for want of memory."""
        try:
            said = self._here.recv()
        except (EOFError, OSError):
            raise self._ended(part) from None
        if isinstance(said, Ended) and said.bug:
            raise RuntimeError(f"the reader of {part.name} failed:\n{said.bug}")
        if isinstance(said, Ended) and said.out_of_memory:
            raise _stopped(part, "内存", "memory")
        return said

    def end(self) -> None:
        self._here.close()
        self._process.kill()
        self._process.wait()

    def _send(self, message: Any, part: Part) -> None:
        try:
            self._here.send(message)
        except OSError:
            raise self._ended(part) from None

    def _ended(self, part: Part) -> RefusedDelivery:
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            return _stopped(part, "时间", "time")
        return refuse("reader_broke_down", part.file, member=part.member, what=f"exit {code}")


class _SheetApart(Sheet):
    """A sheet whose rows come from the other process."""

    def __init__(self, process: _ReaderProcess, opened: Opened, job: Job) -> None:
        super().__init__(job.part, opened.heading, job.limits, job.scratch, sheet=opened.name)
        self.format, self.notes, self.height = opened.format, list(opened.notes), opened.height
        self.read = self.passed = False
        self._process = process

    def unsifted(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        """All that the other process gives: it is there that reading stops, and what it has sent must be heard."""
        return self._rows(batch_rows)

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        if self.passed:
            raise RuntimeError("a sheet is read before the next is asked for: its reader is at another")
        self.read = True
        self._process.want(ReadRequest({name: getattr(self, name) for name in COLUMNS}, batch_rows, self.most_rows), self._part)
        while True:
            said = self._process.hear(self._part)
            if isinstance(said, Refused):
                raise said.error(self._part)
            for broken in said.broken:
                self.broken.append(broken)
            self.notes += said.notes
            if said.batch is None:
                return
            yield said.batch


def _stopped(part: Part, zh: str, en: str) -> RefusedDelivery:
    return refuse("reader_stopped", part.file, member=part.member, zh=zh, en=en)


_idle: list[_ReaderProcess] = []
"""Those that wait for another file: to start one costs half a second."""

_lock = threading.Lock()


def _end_all() -> None:
    while _idle:
        _idle.pop().end()


atexit.register(_end_all)
os.register_at_fork(after_in_child=_idle.clear)
