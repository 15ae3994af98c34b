"""Backup: one moment of everything, taken while everybody works, and nothing left behind where it is not finished."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.web.database.living import PASSPHRASE, Living, Watching, contradictions, left_behind
from tests.web.database.site import Site
from xiezhi.identity.site import site_keyring
from xiezhi.identity.vault import Vault
from xiezhi.kernel import faultpoints
from xiezhi.kernel.errors import RetryableError, UserError
from xiezhi.lake.lake import Lake
from xiezhi.web.database import live_files, manifest, restore, roles
from xiezhi.web.database.backup import backup, remove_older

FORKS = multiprocessing.get_context("spawn")


def test_a_backup_tells_nobody_a_key_and_is_its_owners_only(living: Living, made: Path) -> None:
    keys = [living.home / "keys" / "audit.key", living.lake / "vault" / "site.key"]
    secrets = [keys[0].read_bytes(), json.loads(keys[1].read_bytes())["master"].encode()]
    assert made.stat().st_mode & 0o777 == 0o700
    for path in made.rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o777 == 0o600
            assert not any(secret in path.read_bytes() for secret in secrets)
    assert (made / manifest.SEALED_KEYS).exists()


def test_without_a_passphrase_the_keys_are_in_a_file_of_their_own(
    living: Living, tmp_path: Path, place: tuple[Path, Site]
) -> None:
    open_backup = backup(living.home, living.admin_url, tmp_path / "backups")
    holding = [path.name for path in open_backup.rglob("*") if path.is_file() and b"audit.key" in path.read_bytes()]
    assert holding == [manifest.KEYS]
    home, site = place
    assert restore.restore(open_backup, home, site.url("postgres")).equal
    assert left_behind(living.home) == []


def work_and_receive(living: Living, begun: Any, stop: Any) -> None:
    """In a process of its own: a worker that receives one delivery after another."""
    while not stop.is_set():
        try:
            living.receive()
            begun.set()
        except RetryableError:
            continue


def test_it_is_one_moment_while_everybody_works(living: Living, tmp_path: Path, place: tuple[Path, Site]) -> None:
    begun, stop_worker, stop_people = FORKS.Event(), FORKS.Event(), threading.Event()
    plain = Living(living.home, Site(living.site.server, living.site.database, None), living.events, living.deliveries)
    worker = FORKS.Process(target=work_and_receive, args=(plain, begun, stop_worker))

    def people() -> None:
        while not stop_people.is_set():
            living.work()

    at_work = threading.Thread(target=people)
    worker.start()
    at_work.start()
    try:
        assert begun.wait(60)
        before = living.events
        backups = [backup(living.home, living.admin_url, tmp_path / "backups") for _ in range(3)]
    finally:
        stop_people.set()
        stop_worker.set()
        at_work.join()
        worker.join(120)
    assert living.events > before + 3
    with living.site.connect() as connection:
        received = connection.execute("SELECT count(*) FROM delivery").fetchone()
    assert received is not None
    assert received[0] > living.deliveries + 2
    living.deliveries = received[0]
    home, site = place
    for one in backups:
        assert restore.restore(one, home, site.url("postgres")).equal
        assert contradictions(home, site.url("postgres")) == []
        shutil.rmtree(home)
        with psycopg.connect(living.site.server.url(), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {site.database}")


def test_what_is_erased_meanwhile_is_still_whole_in_it_and_kept_alive_by_nothing(
    living: Living, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = living.home / "uploads" / "erased.csv"
    upload.write_text("erased while copying")
    real = live_files.take_vault

    def erase(home: Path, pins: Path) -> Any:
        upload.unlink()
        return real(home, pins)

    monkeypatch.setattr(live_files, "take_vault", erase)
    done = backup(living.home, living.admin_url, tmp_path)
    assert (done / "files" / "uploads" / "erased.csv").read_text() == "erased while copying"
    assert left_behind(living.home) == []


def test_a_short_passphrase_leaves_no_backup(living: Living, tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        backup(living.home, living.admin_url, tmp_path / "backups", passphrase="short")
    assert refused.value.code == "XZ-BK-04"
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [".backup.lock"]
    assert left_behind(living.home) == []


@pytest.mark.parametrize("stage", ["dump", "copy"])
def test_a_backup_that_is_stopped_leaves_nothing(living: Living, tmp_path: Path, stage: str) -> None:
    with pytest.raises(UserError):
        backup(living.home, living.admin_url, tmp_path, progress=Watching(stage))
    assert [path.name for path in tmp_path.iterdir()] == [".backup.lock"]
    assert left_behind(living.home) == []


def test_a_role_that_sees_less_than_all_is_refused(living: Living, tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        backup(living.home, living.site.url(roles.OWNER), tmp_path)
    assert refused.value.code == "XZ-BK-22"
    assert "BYPASSRLS" in refused.value.message("en")


def test_the_role_for_backups_sees_all_and_changes_nothing(living: Living, tmp_path: Path) -> None:
    """The one whom the printed SQL makes."""
    printed = [line for line in roles.printed(living.site.database).splitlines() if roles.BACKUP in line]
    with psycopg.connect(living.site.server.url(database=living.site.database), autocommit=True) as admin:
        for statement in printed:
            admin.execute(statement)
    try:
        done = backup(living.home, living.site.url(roles.BACKUP), tmp_path)
        assert manifest.read(done).database.tables["public.alert"].rows == living.events
        with living.site.connect(roles.BACKUP) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE alert SET amount = 0")
    finally:
        with psycopg.connect(living.site.server.url(database=living.site.database), autocommit=True) as admin:
            admin.execute(f"DROP OWNED BY {roles.BACKUP}")
            admin.execute(f"DROP ROLE {roles.BACKUP}")


def test_what_is_still_in_the_ledgers_log_is_in_the_backup(living: Living, tmp_path: Path, place: tuple[Path, Site]) -> None:
    """While the web reads the ledger, SQLite keeps what was written last in a file beside it."""
    home, site = place
    with Lake.open(living.lake) as reading:
        living.receive()
        done = backup(living.home, living.admin_url, tmp_path)
        held = len(reading.deliveries())
    restore.restore(done, home, site.url("postgres"))
    assert contradictions(home, site.url("postgres")) == []
    with Lake.open(home / "lake") as lake:
        assert len(lake.deliveries()) == held


def test_a_run_that_has_not_ended_stays_out(living: Living, tmp_path: Path) -> None:
    run = living.lake / "runs" / "00099" / "parts"
    run.mkdir(parents=True)
    (run / "half.parquet").write_bytes(b"half of it")
    try:
        done = backup(living.home, living.admin_url, tmp_path)
    finally:
        shutil.rmtree(run.parent)
    names = {path.name for path in (done / "files" / "lake" / "runs").iterdir()}
    assert names == {"00001"}
    assert not [name for name in manifest.read(done).folders if "00099" in name]


def test_a_site_on_its_first_day(living: Living, tmp_path: Path, place: tuple[Path, Site]) -> None:
    """No lake, no vault, no keys, nothing uploaded."""
    (tmp_path / "new").mkdir()
    home, site = place
    done = backup(tmp_path / "new", living.admin_url, tmp_path / "backups")
    assert restore.restore(done, home, site.url("postgres")).equal


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_a_lake_that_a_site_has_put_on_another_disk(living: Living, tmp_path: Path, place: tuple[Path, Site]) -> None:
    home, site = place
    moved = Path(tempfile.mkdtemp(dir="/dev/shm"))
    try:
        shutil.copytree(living.home, tmp_path / "home", ignore=shutil.ignore_patterns("lake"))
        shutil.copytree(living.lake, moved / "lake")
        (tmp_path / "home" / "lake").symlink_to(moved / "lake")
        done = backup(tmp_path / "home", living.admin_url, tmp_path / "backups")
    finally:
        shutil.rmtree(moved)
    assert restore.restore(done, home, site.url("postgres")).equal
    assert contradictions(home, site.url("postgres")) == []


def test_older_backups_are_removed_never_the_newest(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for days in (1, 10, 20):
        folder = tmp_path / f"xiezhi-{days}"
        folder.mkdir()
        content = json.loads((made / "manifest.json").read_text())
        content["made_at"] = f"2026-01-{days:02}T00:00:00+00:00"
        (folder / "manifest.json").write_text(json.dumps(content))
    (tmp_path / "xiezhi-notes").mkdir()
    monkeypatch.setenv("XIEZHI_NOW", "2026-01-20T12:00:00+00:00")
    assert remove_older(tmp_path, 15) == ["xiezhi-1"]
    monkeypatch.setenv("XIEZHI_NOW", "2026-06-01T00:00:00+00:00")
    assert remove_older(tmp_path, 15) == ["xiezhi-10"]
    assert {path.name for path in tmp_path.iterdir()} == {"xiezhi-20", "xiezhi-notes"}


def keep_open(folder: Path, ready: Any, release: Any) -> None:
    with Vault.open(folder, site_keyring(folder), memory="256MB"):
        ready.set()
        release.wait()


def test_a_vault_in_use_is_waited_for(living: Living, tmp_path: Path) -> None:
    ready, release = FORKS.Event(), FORKS.Event()
    other = FORKS.Process(target=keep_open, args=(living.lake / "vault", ready, release))
    other.start()
    try:
        assert ready.wait(60)
        with pytest.raises(RetryableError) as busy:
            live_files.take_vault(living.home, tmp_path / "a", patience=1)
        assert busy.value.code == "XZ-BK-11"
        threading.Timer(1, release.set).start()
        taken, keys = live_files.take_vault(living.home, tmp_path / "b", patience=60)
    finally:
        release.set()
        other.join()
    assert "lake/vault/vault.duckdb" in {one.path for one in taken}
    assert [key.path for key in keys] == ["lake/vault/site.key"]


def test_a_lake_that_is_written_to_all_the_time_is_said_in_words(living: Living) -> None:
    quiet = Watching()
    again = live_files.lake_held(living.home, quiet, patience=0.5)
    with live_files.lake_held(living.home, quiet), pytest.raises(RetryableError) as busy, again:
        pass
    assert busy.value.code == "XZ-BK-11"
    assert "wait" in quiet.stages


def test_two_at_once_are_refused(living: Living, tmp_path: Path) -> None:
    with live_files.one_at_a_time(living.home), pytest.raises(RetryableError) as busy:
        backup(living.home, living.admin_url, tmp_path)
    assert busy.value.code == "XZ-BK-10"


def back_up(home: Path, admin_url: str, target: Path, kill_at: str) -> None:
    os.environ["XIEZHI_KILL_AT"] = kill_at
    backup(home, admin_url, target)


@pytest.mark.parametrize("point", [name for name in faultpoints.KNOWN if name.startswith("backup.")])
def test_a_killed_backup_is_none_and_is_swept_by_the_next(living: Living, tmp_path: Path, point: str) -> None:
    process = FORKS.Process(target=back_up, args=(living.home, living.admin_url, tmp_path, point))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert not [path for path in tmp_path.iterdir() if not path.name.startswith(".")]
    done = backup(living.home, living.admin_url, tmp_path, passphrase=PASSPHRASE)
    assert {path.name for path in tmp_path.iterdir()} == {".backup.lock", done.name}
    assert left_behind(living.home) == []
