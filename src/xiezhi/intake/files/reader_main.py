"""The process that reads files for others (`reader_process`): `python -m xiezhi.intake.files.reader_main <descriptor>`.

It ends when nobody is left to read for. Memory is bounded from the first file on, time anew for each.
"""

from __future__ import annotations

import importlib
import resource
import signal
import sys
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any

from xiezhi.intake.files.reader_process import Ended, Job, Opened, Refused, Rows
from xiezhi.intake.sheets.sheet import BrokenRows, Heading, Limits, RefusedSheet, Sheet
from xiezhi.kernel.errors import RefusedDelivery


def main(connection: Connection) -> None:
    """Read what is asked for until the other side closes."""
    # Whoever waits for the file decides when this ends, also where a terminal interrupts both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        job = _receive(connection)
        reader = importlib.import_module(job.reader)
        _bound(job.limits)
        _send(connection, _read(reader, job, connection))


def _send(connection: Connection, message: Any) -> None:
    try:
        connection.send(message)
    except (BrokenPipeError, ConnectionResetError):
        raise SystemExit from None


def _receive(connection: Connection) -> Any:
    try:
        return connection.recv()
    except (EOFError, ConnectionResetError):
        raise SystemExit from None


def _bound(limits: Limits) -> None:
    """Beyond what the process has used up by itself and for files before. Limits set from outside hold as they are."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.max_reader_seconds
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    memory = pages * resource.getpagesize() + limits.max_reader_bytes
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _read(reader: ModuleType, job: Job, connection: Connection) -> Ended | Refused:
    """The last message about the file."""
    try:
        for sheet in reader.open_sheets(job.part, job.kind, job.limits, job.scratch, job.score):
            if isinstance(sheet, RefusedSheet):
                _send(connection, Refused.of(sheet))
            else:
                _give(sheet, job, connection)
    except RefusedDelivery as refused:
        return Refused.of(refused)
    except MemoryError:
        return Ended(out_of_memory=True)
    except Exception:
        return Ended(bug=traceback.format_exc())
    return Ended()


def _give(sheet: Sheet, job: Job, connection: Connection) -> None:
    """A sheet, and its rows where they are wanted."""
    heading = Heading(sheet.header, sheet.header_row, sheet.title_rows)
    _send(connection, Opened(sheet.sheet, sheet.format, heading, tuple(sheet.notes), sheet.height))
    wanted = _receive(connection)
    if wanted is None:
        return
    for name, places in wanted.columns.items():
        setattr(sheet, name, places)
    sheet.most_rows = wanted.most_rows
    told = len(sheet.notes)
    for batch in sheet.unsifted(wanted.batch_rows):
        _send(connection, Rows(batch, tuple(sheet.broken), tuple(sheet.notes[told:])))
        sheet.broken, told = BrokenRows(job.scratch, job.limits.broken_in_memory), len(sheet.notes)
    _send(connection, Rows(None, tuple(sheet.broken), tuple(sheet.notes[told:])))


if __name__ == "__main__":
    main(Connection(int(sys.argv[1])))
