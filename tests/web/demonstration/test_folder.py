"""The demonstration's folder: held by one process, and known to be finished or not."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from xiezhi.kernel.errors import UserError
from xiezhi.web.demonstration.folder import Made, finish, held, made, require_free

HOLDER = """
import sys
from pathlib import Path
from xiezhi.web.demonstration.folder import held
with held(Path(sys.argv[1]), 8077):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_what_was_cut_off_is_not_opened(tmp_path: Path) -> None:
    assert made(tmp_path) is None
    finish(tmp_path, 5000, 3)
    assert made(tmp_path) == Made(persons=5000, seed=3)


def test_a_running_one_is_left_alone_and_its_place_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    command = [sys.executable, "-c", HOLDER, str(folder)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    with pytest.raises(UserError, match=re.escape("http://127.0.0.1:8077/")) as refused, held(folder, 8078):
        pass
    assert refused.value.code == "XZ-DEMO-04"
    with held(tmp_path / "another", 8078):
        pass
    other.kill()
    other.wait()
    with held(folder, 8078):
        assert not folder.exists(), "whoever holds it may clear it"


def test_a_port_that_is_taken_is_told_before_the_work(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"--port {port % 65535 + 1}"):
            require_free(port)
    require_free(port)
