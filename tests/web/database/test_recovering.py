"""A private PostgreSQL that lives and yet serves nobody: one that recovers, and one that never ends ending."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from xiezhi.web.database import embedded
from xiezhi.web.database.embedded import Embedded
from xiezhi.web.database.remains import said_of_itself


def postmaster(server: Embedded) -> psutil.Process:
    return psutil.Process(int((server.data / "postmaster.pid").read_text().splitlines()[0]))


def asked(server: Embedded) -> object:
    with psycopg.connect(server.url()) as connection:
        return connection.execute("SELECT 1").fetchone()


def test_who_starts_during_a_recovery_waits_for_its_end(tmp_path: Path) -> None:
    """Whoever kills one of its processes throws everybody out for a moment, in which it listens and refuses."""
    with embedded.start(tmp_path / "pg") as server:
        for _ in range(5):
            with psycopg.connect(server.url()) as victim:
                os.kill(victim.info.backend_pid, signal.SIGKILL)
                time.sleep(0.02)
                assert asked(embedded.start(tmp_path / "pg")) == (1,)


def test_one_that_never_ends_ending_is_ended_and_started_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after an order to stop in the middle of a recovery: it says that it is stopping, for ever."""
    monkeypatch.setattr(embedded, "ENDING", 2)
    with embedded.start(tmp_path / "pg") as server:
        hung = postmaster(server)
        checkpointer = next(one for one in hung.children() if "checkpointer" in " ".join(one.cmdline()))
        checkpointer.send_signal(signal.SIGSTOP)
        hung.send_signal(signal.SIGINT)
        deadline = time.monotonic() + 20
        while said_of_itself(server.data) != "stopping":
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert asked(embedded.start(tmp_path / "pg")) == (1,)
        assert postmaster(server).pid != hung.pid
