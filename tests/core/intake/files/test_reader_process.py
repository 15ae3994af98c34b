"""A file that ends its reader is refused with the reason; whoever asked for it, and whatever is read beside it, goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from multiprocessing.connection import Pipe
from pathlib import Path

import psutil
import pytest
import xlsxwriter
from tests.core.intake.receiving import HEADER, Site, contracts, payment

from xiezhi.identity.vault import Vault
from xiezhi.intake.admit import Settings
from xiezhi.intake.files.reader_main import main
from xiezhi.intake.files.reader_process import Job, open_sheets_apart
from xiezhi.intake.receive import receive
from xiezhi.intake.sheets.sheet import Limits, Part, Sheet
from xiezhi.kernel.errors import RefusedDelivery

LIMITS = Limits(max_reader_seconds=1)


def job(folder: Path, name: str) -> Job:
    path = folder / name
    path.touch()
    return Job("tests.core.intake.hurtful_reader", Part(path, None, path), "xlsx", LIMITS, folder, None)


def read(asked: Job) -> list[str | None]:
    """Names of the sheets, their rows read."""
    found = []
    for sheet in open_sheets_apart(asked):
        assert not isinstance(sheet, RefusedDelivery)
        found.append(sheet.sheet if [batch.to_pydict()["c0"] for batch in sheet.batches()] == [["甲"]] else None)
    return found


@pytest.mark.parametrize("when", ["", "late_"])
@pytest.mark.parametrize(("how", "code"), [
    ("abort", "reader_broke_down"), ("killed", "reader_broke_down"), ("hungry", "reader_stopped"), ("endless", "reader_stopped"),
])  # fmt: skip
def test_what_ends_the_reader_is_refused_and_the_next_file_is_read(when: str, how: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedDelivery) as refused:
        read(job(tmp_path, when + how))
    assert refused.value.code == code
    assert refused.value.place is not None
    assert when + how in str(refused.value.place)
    assert read(job(tmp_path, "harmless")) == ["一", "二"]


def test_a_mistake_of_ours_is_no_refusal(tmp_path: Path) -> None:
    """The sender could not mend it; whoever runs the platform reads where it is."""
    with pytest.raises(RuntimeError, match="a mistake of ours"):
        read(job(tmp_path, "wrong"))
    assert read(job(tmp_path, "harmless")) == ["一", "二"]


def test_a_sheet_that_nobody_reads_is_passed_over(tmp_path: Path) -> None:
    assert sum(isinstance(sheet, Sheet) for sheet in open_sheets_apart(job(tmp_path, "harmless"))) == 2
    assert read(job(tmp_path, "harmless")) == ["一", "二"]


def test_a_sheet_whose_turn_is_over_cannot_be_read(tmp_path: Path) -> None:
    """Its reader is at another file by then, perhaps somebody else's."""
    first, second = open_sheets_apart(job(tmp_path, "harmless"))
    for sheet in (first, second):
        assert isinstance(sheet, Sheet)
        with pytest.raises(RuntimeError, match="before the next"):
            next(sheet.batches())


def test_whoever_stops_in_the_middle_leaves_nothing_to_the_next(tmp_path: Path) -> None:
    sheets = open_sheets_apart(job(tmp_path, "harmless"))
    next(sheets)
    sheets.close()
    assert read(job(tmp_path, "harmless")) == ["一", "二"]


def test_several_are_read_at_once(tmp_path: Path) -> None:
    """Each thread has a process of its own; one that breaks down breaks no other."""
    asked = [job(tmp_path, name) for name in ("harmless", "abort", "other", "late_killed", "third")]
    found: dict[str, list[str | None] | str] = {}

    def one(asked: Job) -> None:
        try:
            found[asked.part.name] = read(asked)
        except RefusedDelivery as refused:
            found[asked.part.name] = refused.code

    threads = [threading.Thread(target=one, args=(each,)) for each in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    both = ["一", "二"]
    broke = "reader_broke_down"
    assert found == {"harmless": both, "abort": broke, "other": both, "late_killed": broke, "third": both}


def test_one_that_ended_while_it_waited_refuses_no_file(tmp_path: Path) -> None:
    assert read(job(tmp_path, "harmless")) == ["一", "二"]
    for reader in psutil.Process().children():
        if "xiezhi.intake.files.reader_main" in reader.cmdline():
            reader.kill()
            psutil.wait_procs([reader])
    assert read(job(tmp_path, "harmless")) == ["一", "二"]


def test_readers_end_with_whoever_they_read_for(tmp_path: Path) -> None:
    """Also where it is killed and can tell them nothing."""
    told = tmp_path / "reader"
    script = (
        "import os, signal, sys; from pathlib import Path; from tests.core.intake.files.test_reader_process import job, read;"
        "from xiezhi.intake.files import reader_process as r; read(job(Path(sys.argv[1]), 'harmless'));"
        "Path(sys.argv[2]).write_text(str(r._idle[0]._process.pid)); os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", script, str(tmp_path), str(told)], env=environment, check=False)
    _wait_until_gone(int(told.read_text()))


def _wait_until_gone(process: int) -> None:
    """Returns when there is no such process; a test that hangs says that there is."""
    while True:
        try:
            state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        threading.Event().wait(0.05)


def test_too_little_memory_refuses_a_workbook_and_not_what_comes_with_it(site: Site, tmp_path: Path) -> None:
    """Through the front door, beside a sound file."""
    delivered = tmp_path / "delivered"
    delivered.mkdir()
    with xlsxwriter.Workbook(delivered / "a.xlsx", {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        for number in range(1, 1001):
            page.write_row(number, 0, payment(number, 发放单位=random.randbytes(16_000).hex()))
    (delivered / "c.csv").write_text("\n".join(",".join(row) for row in (HEADER, payment(30_001))), "utf-8")
    limits = replace(Limits(), max_reader_bytes=8 << 20)
    with Vault.open(site.lake.paths.vault, site.keyring, memory="256MB") as vault:
        receipts = receive([delivered], site.lake, contracts(), vault, Settings(memory="256MB", threads=2, limits=limits))
    workbook, other = receipts
    assert workbook.refusal is not None
    assert workbook.refusal.code in ("reader_stopped", "reader_broke_down")
    assert (other.refused, other.accepted) == (False, 1)


def test_an_interrupt_at_the_terminal_does_not_end_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the file decides, and is interrupted as well."""
    chosen: dict[int, object] = {}
    monkeypatch.setattr(signal, "signal", chosen.__setitem__)
    here, there = Pipe()
    here.close()
    with pytest.raises(SystemExit):
        main(there)
    assert chosen == {signal.SIGINT: signal.SIG_IGN}
