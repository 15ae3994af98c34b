"""The private PostgreSQL: made, joined, killed, left, far down in the folders, as an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from xiezhi.kernel.errors import IntegrityError, UserError
from xiezhi.web.database import embedded
from xiezhi.web.database.embedded import Embedded
from xiezhi.web.database.server_settings import MIB, sized

HOLD = """
import sys
from pathlib import Path
from xiezhi.web.database import embedded
server = embedded.start(Path(sys.argv[1]))
print(server.data, flush=True)
sys.stdin.read()
"""


def postmaster(server: Embedded) -> int:
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def answers(server: Embedded) -> bool:
    try:
        with psycopg.connect(server.url()) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


@contextmanager
def another_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the server of `folder` until its input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == str(folder / "data")
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == 0


@pytest.fixture
def own(short_folder: Path) -> Iterator[Embedded]:
    server = embedded.start(short_folder / "pg")
    yield server
    server.stop()


def test_it_is_private_durable_and_in_utf8(server: Embedded) -> None:
    with psycopg.connect(server.url()) as connection:
        asked = ("listen_addresses", "fsync", "full_page_writes", "data_checksums", "server_encoding", "unix_socket_permissions")
        values = [connection.execute(f"SHOW {name}").fetchone() for name in asked]
        order = connection.execute("SELECT array_agg(x ORDER BY x) FROM unnest(ARRAY['b', 'A', 'a', 'B', '中']) x").fetchone()
    assert values == [("",), ("on",), ("on",), ("on",), ("UTF8",), ("0700",)]
    assert order == (["A", "B", "a", "b", "中"],)
    for folder in (server.folder, server.data):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_its_log_keeps_no_value_of_a_failed_statement(server: Embedded) -> None:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE person (name text PRIMARY KEY)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO person VALUES ('岳清涟')")
            except psycopg.errors.UniqueViolation:
                refused = True
    assert refused
    end_of_patience = time.monotonic() + 30
    written = ""
    while "person_pkey" not in written and time.monotonic() < end_of_patience:
        written = "".join(path.read_text("utf-8") for path in (server.data / "log").iterdir())
    assert "person_pkey" in written
    assert "岳清涟" not in written


def test_memory_is_modest_on_any_machine() -> None:
    assert sized(1024 * MIB)["shared_buffers"] == "128MB"
    assert sized(8 * 1024 * MIB)["shared_buffers"] == "512MB"
    assert sized(24 * 1024 * MIB)["shared_buffers"] == "1024MB"


def test_starting_again_joins(own: Embedded) -> None:
    first = postmaster(own)
    again = embedded.start(own.folder)
    assert postmaster(again) == first
    with another_process(own.folder):
        assert postmaster(own) == first


def test_the_last_to_leave_stops_it(own: Embedded) -> None:
    with another_process(own.folder) as other:
        own.leave()
        assert answers(own)
        end(other)
    assert not own.running()


def test_a_killed_user_is_not_waited_for(own: Embedded) -> None:
    with another_process(own.folder) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert answers(own)
    own.leave()
    assert not own.running()


def test_it_outlives_a_killed_last_user_and_is_joined(short_folder: Path) -> None:
    folder = short_folder / "pg"
    with another_process(folder) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
    server = Embedded(folder, embedded.Membership(folder))
    assert answers(server)
    before = postmaster(server)
    joined = embedded.start(folder)
    assert postmaster(joined) == before
    joined.leave()
    assert not joined.running()


def test_a_forked_child_does_not_leave_for_its_parent(own: Embedded) -> None:
    child = os.fork()
    if child == 0:
        own.leave()
        os._exit(0)
    os.waitpid(child, 0)
    assert answers(own)


def test_a_killed_server_is_started_again_with_what_was_committed(own: Embedded) -> None:
    with psycopg.connect(own.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        os.kill(postmaster(own), signal.SIGKILL)
        assert (own.data / "postmaster.pid").exists()
        again = embedded.start(own.folder)
    with psycopg.connect(again.url()) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_a_pid_file_whose_number_was_given_to_another_program(own: Embedded) -> None:
    """After a restart of the machine the number of the killed server may belong to anything."""
    os.kill(postmaster(own), signal.SIGKILL)
    identity = None if own.account.uid is None else own.account.uid
    other = subprocess.Popen(["sleep", "60"], user=identity)
    pid_file = own.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
    try:
        assert answers(embedded.start(own.folder))
    finally:
        other.kill()
        other.wait()


def test_a_socket_that_was_swept_away_is_put_back(own: Embedded) -> None:
    (own.socket_folder / embedded.SOCKET).unlink()
    assert not answers(own)
    assert answers(embedded.start(own.folder))


def test_a_folder_whose_path_is_too_long_for_a_socket(short_folder: Path) -> None:
    folder = short_folder / ("very-" * 12 + "long") / ("deep-" * 12 + "中文 'quoted'") / "pg"
    server = embedded.start(folder)
    try:
        assert len(os.fsencode(folder)) > 107
        assert len(os.fsencode(server.socket_folder / embedded.SOCKET)) <= embedded.LONGEST_SOCKET
        assert answers(server)
        with another_process(folder):
            assert answers(server)
        server.socket_folder.unlink()
        assert answers(server)
        short = server.socket_folder
    finally:
        server.stop()
    assert not short.is_symlink()


@pytest.mark.parametrize("whose", ["elsewhere", "another's"])
def test_a_short_name_that_is_not_ours_is_not_followed(short_folder: Path, whose: str) -> None:
    """Anybody may put a link among the temporary files, and change where it leads later."""
    folder = short_folder / ("very-" * 30 + "long")
    short = embedded.socket_folder(folder)
    if whose == "elsewhere":
        short.unlink()
        short.symlink_to(short_folder)
    elif os.geteuid() == 0:
        os.lchown(short, pwd.getpwnam("nobody").pw_uid, -1)
    else:
        pytest.skip("only root may give a link away")
    try:
        with pytest.raises(UserError) as refused:
            embedded.url(folder, "postgres", "postgres")
        assert refused.value.code == "XZ-DB-08"
    finally:
        short.unlink()


def test_folders_above_that_are_closed_while_it_runs_do_not_matter(short_folder: Path) -> None:
    """As root: the account that PostgreSQL runs as may never pass them."""
    above = short_folder / "above"
    above.mkdir(mode=0o700)
    with embedded.start(above / "home" / "pg") as server:
        above.chmod(0o700)
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE t AS SELECT generate_series(1, 10000) AS n")
            connection.execute("CHECKPOINT")
            connection.execute("CREATE DATABASE another")
        assert answers(server)
        assert stat.S_IMODE(above.stat().st_mode) == 0o700


def test_a_cluster_of_another_version_is_refused_in_words(own: Embedded) -> None:
    own.stop()
    (own.data / "PG_VERSION").write_text("13\n")
    with pytest.raises(IntegrityError) as refused:
        embedded.start(own.folder)
    assert refused.value.code == "XZ-DB-05"
    assert "13" in refused.value.zh


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user is what these tests run as already")
def test_an_ordinary_user_may_run_it() -> None:
    home = Path(tempfile.mkdtemp(prefix="xz"))
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
        server = embedded.start(home / "pg")
        worked = answers(server)
        server.leave()
        os._exit(0 if worked and not server.running() else 1)
    try:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert (home / "pg" / "data").stat().st_uid == nobody.pw_uid
        with embedded.start(home / "pg") as again:
            assert answers(again), "root runs it on as whose it is"
    finally:
        shutil.rmtree(home)
