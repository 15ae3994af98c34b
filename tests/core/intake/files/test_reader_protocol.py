"""What passes between intake and the process that reads for it, with a thread in its place: nothing is lost, nothing is kept.

`test_reader_process` starts real processes, half a second each; here both sides run in this one.
"""

from __future__ import annotations

import os
import resource
import runpy
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from xiezhi.intake.files import reader_main, reader_process
from xiezhi.intake.files.reader_main import main
from xiezhi.intake.files.reader_process import Job, ReadRequest, open_sheets_apart
from xiezhi.intake.sheets.sheet import BrokenRow, Heading, Limits, Part, RefusedSheet, Sheet
from xiezhi.kernel.errors import Place, RefusedDelivery
from xiezhi.kernel.words import Words

ASKED: list[tuple[object, ...]] = []
"""What each sheet was told of its columns when its rows were asked for."""

REFUSAL = RefusedDelivery(
    "no_header", zh="没有表头", en="no header", place=Place("上报.zip", "二", 3), todo_zh="写上列名", todo_en="name them"
)


class Died(BaseException):
    """The process ends as by a signal or by itself."""

    def __init__(self, code: int) -> None:
        self.code = code


def note(zh: str) -> Words:
    return Words(zh=zh, en=zh)


def broken(row: int) -> BrokenRow:
    return BrokenRow(row, f"坏{row}", "nul_byte", (f"坏{row}",))


class Payments(Sheet):
    """Rows 2, 4 and 6 in two batches; rows 3, 5 and 7 are broken, and something is to be said before and behind each batch."""

    format, height = "xlsx", 6

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        ASKED.append((self.sheet, self.days, self.months, self.codes, self.amounts, self.most_rows, batch_rows))
        for rows, between in (([2, 4], 3), ([6], 5)):
            self.notes.append(note(f"第 {between} 行"))
            self.broken.append(broken(between))
            yield pa.RecordBatch.from_pydict({"c0": [f"P{row}" for row in rows], "_row": pa.array(rows, pa.int64())})
            happen(self._part.name.removeprefix("读到一半"))
        self.notes.append(note("读完"))
        self.broken.append(broken(7))


def open_sheets(part: Part, kind: str, limits: Limits, scratch: Path, score: Any) -> Iterator[Sheet | RefusedSheet]:
    """Three sheets, the second of which is refused."""
    assert (kind, score) == ("xlsx", None)
    happen(part.name)
    for name in ("一", "二", "三"):
        if name == "二":
            yield RefusedSheet(REFUSAL, part, name)
            continue
        sheet = Payments(part, Heading(["流水号"], 2, [["发放表"]]), limits, scratch, sheet=name)
        sheet.notes.append(note("打开"))
        yield sheet


def happen(what: str) -> None:
    match what:
        case "内存":
            raise MemoryError
        case "时间":
            raise Died(-signal.SIGXCPU)
        case "崩溃":
            raise Died(-signal.SIGSEGV)
        case "退出":
            raise Died(3)
        case "拒收":
            raise REFUSAL
        case "差错":
            raise KeyError("a mistake of ours")


class InThread:
    """In place of the process."""

    started: list[InThread]

    def __init__(self, command: list[str], *, pass_fds: list[int], env: dict[str, str], stdin: int) -> None:
        self.command, self.env, self.stdin = command, env, stdin
        assert pass_fds == [int(command[-1])]
        self.code: int | None = None
        self.killed = self.waited_for = False
        self.looks_alive = False
        self.connection = Connection(os.dup(pass_fds[0]))
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self.started.append(self)

    def _run(self) -> None:
        try:
            main(self.connection)
        except Died as died:
            self.code = died.code
        except SystemExit:
            self.code = 0
        finally:
            self.connection.close()

    def poll(self) -> int | None:
        return None if self.looks_alive else self.code

    def kill(self) -> None:
        self.killed = True

    def wait(self) -> int | None:
        self.waited_for = True
        self._thread.join(5)
        assert not self._thread.is_alive()
        return self.code


@pytest.fixture(autouse=True)
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[InThread]]:
    """Those that were started, in their order; every one of them is over at the end."""
    ASKED.clear()
    InThread.started = []
    monkeypatch.setattr(subprocess, "Popen", InThread)
    monkeypatch.setattr(reader_process, "_idle", [])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    yield InThread.started
    for one in reader_process._idle:
        one.end()
    for started in InThread.started:
        started.wait()


def job(folder: Path, name: str, member: str | None = None, size: int = 0) -> Job:
    path = folder / "file"
    path.touch()
    os.truncate(path, size)
    return Job(__name__, Part(Path(name), member, path), "xlsx", Limits(), folder, None)


def read(asked: Job) -> list[Sheet | RefusedDelivery]:
    found = []
    for sheet in open_sheets_apart(asked):
        found.append(sheet)
        if isinstance(sheet, Sheet):
            list(sheet.unsifted(9))
    return found


def test_all_of_a_sheet_comes_over(tmp_path: Path) -> None:
    part = Part(Path("上报.zip"), "1月.xlsx", tmp_path / "x", (note("解包"),))
    part.path.touch()
    refused = None
    for at, sheet in enumerate(open_sheets_apart(Job(__name__, part, "xlsx", Limits(), tmp_path, None))):
        if isinstance(sheet, RefusedDelivery):
            refused = sheet
            continue
        sheet.days, sheet.months = frozenset({1}), frozenset({2})
        sheet.codes, sheet.amounts = frozenset({3}), frozenset({4})
        assert (sheet.format, sheet.height, sheet.file, sheet.member) == ("xlsx", 6, Path("上报.zip"), "1月.xlsx")
        assert (sheet.sheet, sheet.header, sheet.header_row, sheet.title_rows) == ("一三"[at // 2], ["流水号"], 2, [["发放表"]])
        assert sheet.notes == [note("解包"), note("打开")]
        rows = [batch.column("_row").to_pylist() for batch in sheet.batches(7)]
        assert rows == [[2, 4], [6]]
        assert list(sheet.broken) == [broken(3), broken(5), broken(7)]
        assert sheet.notes == [note(zh) for zh in ("解包", "打开", "第 3 行", "第 5 行", "读完")]
    assert isinstance(refused, RefusedSheet)
    assert (refused.file, refused.member, refused.sheet) == (Path("上报.zip"), "1月.xlsx", "二")
    assert (refused.code, refused.zh, refused.en, refused.place, refused.todo_zh, refused.todo_en) == (
        "no_header", "没有表头", "no header", Place("上报.zip", "二", 3), "写上列名", "name them"
    )  # fmt: skip
    told = [frozenset({column}) for column in (1, 2, 3, 4)]
    assert [("一", *told, None, 7), ("三", *told, None, 7)] == ASKED


def test_where_the_beginning_is_wanted_the_other_side_stops_reading(tmp_path: Path) -> None:
    sheets = open_sheets_apart(job(tmp_path, "a.xlsx"))
    sheet = next(sheets)
    assert isinstance(sheet, Sheet)
    sheet.most_rows = 2
    assert [batch.num_rows for batch in sheet.batches(7)] == [2]
    assert list(sheet.broken) == [broken(3)]
    assert ASKED[0][-2:] == (2, 7)
    assert len(list(sheets)) == 2


def test_sheets_that_nobody_reads_are_not_read_over_there_either(tmp_path: Path, processes: list[InThread]) -> None:
    found = list(open_sheets_apart(job(tmp_path, "a.xlsx")))
    assert [isinstance(one, Sheet) for one in found] == [True, False, True]
    assert ASKED == []
    assert len(read(job(tmp_path, "b.xlsx"))) == 3
    assert len(processes) == 1


def test_a_sheet_whose_turn_is_over_cannot_be_read(tmp_path: Path) -> None:
    for sheet in list(open_sheets_apart(job(tmp_path, "a.xlsx"))):
        if isinstance(sheet, Sheet):
            with pytest.raises(RuntimeError, match="before the next"):
                list(sheet.unsifted(9))


STOPPED = "读取这个文件用尽了允许的{},已停止读取"
BROKE = "读取程序在这个文件上崩溃(exit {}),其它文件不受影响"


@pytest.mark.parametrize("when", ["", "读到一半"])
@pytest.mark.parametrize(("what", "code", "zh"), [
    ("内存", "reader_stopped", STOPPED.format("内存")), ("时间", "reader_stopped", STOPPED.format("时间")),
    ("崩溃", "reader_broke_down", BROKE.format(-11)), ("退出", "reader_broke_down", BROKE.format(3)),
])  # fmt: skip
def test_whatever_ends_the_reader_is_a_refusal_that_says_it(
    when: str, what: str, code: str, zh: str, tmp_path: Path, processes: list[InThread]
) -> None:
    with pytest.raises(RefusedDelivery) as refused:
        read(job(tmp_path, "上报.zip", when + what))
    assert (refused.value.code, refused.value.zh, refused.value.place) == (code, zh, Place("上报.zip", when + what))
    assert len(read(job(tmp_path, "a.xlsx"))) == 3
    assert [process.killed for process in processes] == [True, False]


@pytest.mark.parametrize("when", ["", "读到一半"])
def test_a_refusal_comes_over_as_it_is(when: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedDelivery) as refused:
        read(job(tmp_path, f"{when}拒收"))
    made = refused.value
    assert not isinstance(made, RefusedSheet)
    assert (made.code, made.zh, made.en, made.place, made.todo_zh, made.todo_en) == (
        "no_header", "没有表头", "no header", REFUSAL.place, "写上列名", "name them"
    )  # fmt: skip


@pytest.mark.parametrize("when", ["", "读到一半"])
def test_a_mistake_of_ours_comes_over_with_its_traceback(when: str, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError) as failed:
        read(job(tmp_path, f"{when}差错"))
    first, *_, last = str(failed.value).strip().splitlines()
    assert (first, last) == (f"the reader of {when}差错 failed:", "KeyError: 'a mistake of ours'")


@pytest.mark.parametrize(("size", "started"), [((16 << 20) - 1, 1), (16 << 20, 1), ((16 << 20) + 1, 2)])
def test_a_reader_is_kept_for_the_next_file_but_not_after_a_large_one(
    size: int, started: int, tmp_path: Path, processes: list[InThread]
) -> None:
    read(job(tmp_path, "a.xlsx", size=size))
    assert processes[0].killed is (started == 2)
    read(job(tmp_path, "b.xlsx"))
    assert len(processes) == started


def test_a_reader_that_is_left_in_the_middle_is_ended(tmp_path: Path, processes: list[InThread]) -> None:
    sheets = open_sheets_apart(job(tmp_path, "a.xlsx"))
    next(sheets)
    sheets.close()
    assert [(process.killed, process.waited_for) for process in processes] == [(True, True)]
    assert reader_process._idle == []


def test_readers_that_ended_while_they_waited_are_passed_over(tmp_path: Path, processes: list[InThread]) -> None:
    first, second = (open_sheets_apart(job(tmp_path, "a.xlsx")) for _ in range(2))
    for _ in range(3):
        next(first), next(second)
    assert (list(first), list(second)) == ([], [])
    assert len(processes) == 2
    processes[1].code = -9
    assert len(read(job(tmp_path, "b.xlsx"))) == 3
    assert (len(processes), [process.killed for process in processes]) == (2, [False, True])
    processes[0].code = -9
    assert len(read(job(tmp_path, "c.xlsx"))) == 3
    assert [process.killed for process in processes] == [True, True, False]


def test_a_reader_that_ended_at_the_very_end_of_its_file_is_not_kept(tmp_path: Path, processes: list[InThread]) -> None:
    sheets = open_sheets_apart(job(tmp_path, "a.xlsx"))
    assert len([next(sheets) for _ in range(3)]) == 3
    processes[0].code = -9
    assert list(sheets) == []
    assert (reader_process._idle, processes[0].killed) == ([], True)


def test_a_reader_that_ends_between_two_files_refuses_the_second(tmp_path: Path, processes: list[InThread]) -> None:
    """It was alive when it was chosen."""
    read(job(tmp_path, "a.xlsx"))
    waiting = processes[0]
    waiting.looks_alive = True
    with socket.socket(fileno=os.dup(waiting.connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
    assert waiting.wait() == 0
    with pytest.raises(RefusedDelivery) as refused:
        read(job(tmp_path, "b.xlsx"))
    assert refused.value.code == "reader_broke_down"


def test_the_process_runs_the_same_program_and_hears_nothing_else(tmp_path: Path, processes: list[InThread]) -> None:
    read(job(tmp_path, "a.xlsx"))
    [process] = processes
    assert process.command[:-1] == [sys.executable, "-m", "xiezhi.intake.files.reader_main"]
    assert process.env["PYTHONPATH"] == os.pathsep.join(path for path in sys.path if path)
    assert (process.env["PATH"], process.stdin) == (os.environ["PATH"], subprocess.DEVNULL)


def test_a_forked_process_has_no_readers_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are at work for whoever it was forked from."""
    monkeypatch.undo()
    reader_process._idle.append(None)  # type: ignore[arg-type]
    child = os.fork()
    if child == 0:
        os._exit(len(reader_process._idle))
    reader_process._idle.remove(None)  # type: ignore[arg-type]
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize(("hard", "memory", "seconds"), [
    (resource.RLIM_INFINITY, 1000 * resource.getpagesize() + (4 << 30), 905), (600, 600, 600), (1 << 40, None, 905),
])  # fmt: skip
def test_a_file_may_take_so_much_beyond_what_was_used_before(
    hard: int, memory: int | None, seconds: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2.6 and 1.7 seconds are begun as the fifth. Limits set from outside are never raised."""
    chosen: dict[int, tuple[int, int]] = {}
    pages = SimpleNamespace(read_text=lambda _: "1000 200 30 1 0 5 0\n")
    monkeypatch.setattr(reader_main, "Path", {"/proc/self/statm": pages}.__getitem__)
    monkeypatch.setattr(resource, "getrusage", lambda _: SimpleNamespace(ru_utime=2.6, ru_stime=1.7))
    monkeypatch.setattr(resource, "getrlimit", lambda _: (99, hard))
    monkeypatch.setattr(resource, "setrlimit", chosen.__setitem__)
    here, there = Pipe()
    here.send(job(tmp_path, "拒收"))
    with pytest.raises(SystemExit):
        _serve(here, there)
    whole = 1000 * resource.getpagesize() + (4 << 30)
    assert chosen == {resource.RLIMIT_AS: (memory or whole, hard), resource.RLIMIT_CPU: (seconds, hard)}


def _serve(here: Connection, there: Connection) -> None:
    """The other side, until this one has heard what it says."""

    def hear() -> None:
        here.recv()
        here.close()

    thread = threading.Thread(target=hear)
    thread.start()
    try:
        main(there)
    finally:
        thread.join()


def test_whoever_went_away_is_not_read_for(tmp_path: Path) -> None:
    here, there = Pipe()
    here.send(job(tmp_path, "a.xlsx"))
    here.send(ReadRequest({}, 9))
    here.close()
    with pytest.raises(SystemExit):
        main(there)
    assert ASKED == []


def test_the_program_serves_the_descriptor_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = Pipe()
    here.close()
    monkeypatch.setattr(sys, "argv", ["reader_main", str(os.dup(there.fileno())), "no descriptor"])
    there.close()
    with pytest.warns(RuntimeWarning), pytest.raises(SystemExit):
        runpy.run_module("xiezhi.intake.files.reader_main", run_name="__main__")
