"""Backup, restore, drill: one moment of everything, taken while everybody works, equal to the last bit or refused."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.web.database.living import CONFIG, Living, application_reads, contradictions
from tests.web.database.site import Site
from xiezhi.identity.kinds import IdentityKind
from xiezhi.identity.site import site_keyring
from xiezhi.identity.vault import Vault
from xiezhi.kernel import faultpoints
from xiezhi.kernel.errors import IntegrityError, RetryableError, UserError, XiezhiError
from xiezhi.kernel.hashing import sha256
from xiezhi.operations.keep_vault import vault_statistics, verify_vault
from xiezhi.web.database import live_files, manifest, restore, roles
from xiezhi.web.database import restore as restore_module
from xiezhi.web.database.backup import STAGES, backup, remove_older
from xiezhi.web.database.drill import drill
from xiezhi.web.database.embedded import Embedded

PASSPHRASE = "correct horse battery"
FORKS = multiprocessing.get_context("spawn")


@pytest.fixture(scope="module")
def living(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Living:
    made = Living(tmp_path_factory.mktemp("living") / "home", shared_site)
    made.begin()
    for _ in range(2):
        made.receive()
    made.run()
    for _ in range(30):
        made.work()
    return made


@pytest.fixture(scope="module")
def made(living: Living, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return backup(living.home, living.admin_url, tmp_path_factory.mktemp("backups"), passphrase=PASSPHRASE)


@pytest.fixture
def copy_of_made(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


@contextmanager
def empty_place(server: Embedded, tmp_path: Path, blocker: Any) -> Iterator[tuple[Path, Site]]:
    """A data folder and the name of a database that are not there yet."""
    site = Site(server, f"restored_{os.getpid()}", blocker)
    try:
        yield tmp_path / "restored", site
    finally:
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {site.database} WITH (FORCE)")


@pytest.fixture
def place(server: Embedded, tmp_path: Path, django_db_blocker: Any) -> Iterator[tuple[Path, Site]]:
    with empty_place(server, tmp_path, django_db_blocker) as found:
        yield found


def databases(server: Embedded) -> set[str]:
    with psycopg.connect(server.url()) as admin:
        return {row[0] for row in admin.execute("SELECT datname FROM pg_database")}


def left_behind(home: Path) -> list[str]:
    return [path.name for path in home.iterdir() if path.name.startswith(".") and path.name != ".backup.lock"]


def test_what_is_restored_is_what_was(living: Living, made: Path, place: tuple[Path, Site], server: Embedded) -> None:
    home, site = place
    report = restore.restore(made, home, site.url("postgres"), passphrase=PASSPHRASE)
    assert report.equal
    assert report.rows > 50
    assert report.tables == 3
    assert contradictions(home, site.url("postgres")) == []
    assert application_reads(site) == living.events
    assert (home / "keys" / "audit.key").read_bytes() == (living.home / "keys" / "audit.key").read_bytes()
    assert (home / "uploads" / "one" / "支付.csv").read_text("utf-8") == "内容\n"
    assert not (home / "exports").exists()
    assert vault_statistics(CONFIG, home / "lake").counts[IdentityKind.CITIZEN_ID] == 40
    verify_vault(CONFIG, home / "lake")
    modes = {path.relative_to(home).as_posix(): path.stat().st_mode & 0o777 for path in home.rglob("*")}
    private = ("lake/vault", "lake/originals", "lake/set_aside", "lake/vault/site.key", "keys/audit.key")
    assert not any(modes[name] & 0o077 for name in private)
    with site.connect() as connection:
        assert roles.check_app_role(connection) == []
    with site.connect(roles.APP) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM event")
    assert left_behind(home) == []


class Watching:
    """Progress that remembers, and may stop at a stage."""

    def __init__(self, stop_at: str = "") -> None:
        self.stages: list[str] = []
        self._stop_at = stop_at

    def step(self, stage: str, done: int, total: int, note: str = "") -> None:
        self.stages.append(stage)

    def cancelled(self) -> bool:
        return bool(self._stop_at) and self._stop_at in self.stages


def test_a_drill_finds_it_equal_and_leaves_nothing(made: Path, tmp_path: Path) -> None:
    watching = Watching()
    report = drill(made, passphrase=PASSPHRASE, folder=tmp_path, progress=watching)
    assert report.equal, report.report.differences
    assert {one.name for one in report.report.comparisons} > {
        "table public.alert",
        "file checkpoints/checkpoints.jsonl",
        "definitions",
        "sequences",
        "application bound by row-level security",
    }
    assert report.seconds > 0
    assert list(tmp_path.iterdir()) == []
    assert set(watching.stages) <= set(STAGES)


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


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def smuggle(backup_folder: Path) -> None:
    """A lake file altered and the manifest made to fit."""
    path = next((backup_folder / "files" / "lake" / "tables").rglob("*.parquet"))
    flip(path)
    name = path.relative_to(backup_folder).as_posix()

    def fit(content: dict[str, Any]) -> None:
        for entry in content["files"]:
            if entry["path"] == name:
                entry["sha256"] = sha256(path.read_bytes())

    edit(backup_folder / "manifest.json", fit)


ALTERATIONS: dict[str, Callable[[Path], None]] = {
    "dump": lambda folder: flip(folder / "database.dump"),
    "lake": lambda folder: flip(next((folder / "files/lake").rglob("*.parquet"))),
    "ledger": lambda folder: flip(folder / "files/lake/ledger.sqlite"),
    "vault": lambda folder: flip(folder / "files/lake/vault/vault.duckdb"),
    "keys": lambda folder: flip(folder / "keys.sealed"),
    "longer": lambda folder: (folder / "database.dump").open("ab").write(b"x") and None,
    "missing": lambda folder: (folder / "files/checkpoints/checkpoints.jsonl").unlink(),
    "added": lambda folder: (folder / "files/lake/more").write_text("x") and None,
    "manifest": smuggle,
    "rows": lambda folder: edit(folder / "manifest.json", lambda content: content["database"]["tables"].popitem() and None),
    "moment": lambda folder: edit(folder / "manifest.json", lambda content: content.update(made_at="2020-01-01")),
    "outside": lambda folder: edit(folder / "manifest.json", lambda content: content["files"][0].update(path="../../x")),
    "folder": lambda folder: edit(folder / "manifest.json", lambda content: content["folders"].update({"/etc/x": 493})),
    "broken": lambda folder: (folder / "manifest.json").write_text("{}") and None,
}


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_an_altered_backup_is_refused_and_nothing_is_restored(
    copy_of_made: Path, place: tuple[Path, Site], alteration: str
) -> None:
    ALTERATIONS[alteration](copy_of_made)
    home, site = place
    with pytest.raises(IntegrityError) as refused:
        restore.restore(copy_of_made, home, site.url("postgres"), passphrase=PASSPHRASE)
    assert refused.value.code == "XZ-BK-03"
    assert not home.exists()
    assert site.database not in databases(site.server)


@pytest.mark.parametrize("passphrase", [None, "", "correct horse batterie"])
def test_a_wrong_passphrase_is_refused(made: Path, place: tuple[Path, Site], passphrase: str | None) -> None:
    home, site = place
    with pytest.raises(UserError) as refused:
        restore.restore(made, home, site.url("postgres"), passphrase=passphrase)
    assert refused.value.code == "XZ-BK-05"
    assert not home.exists()


def test_a_short_passphrase_leaves_no_backup(living: Living, tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        backup(living.home, living.admin_url, tmp_path / "backups", passphrase="short")
    assert refused.value.code == "XZ-BK-04"
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [".backup.lock"]
    assert left_behind(living.home) == []


def test_a_place_that_is_not_empty_is_refused(made: Path, place: tuple[Path, Site], living: Living) -> None:
    home, site = place
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "django.key").write_text("made by the web as it started")
    (home / "lake" / "vault").mkdir(parents=True)
    (home / "lake" / "vault" / "x").write_text("somebody's")
    with pytest.raises(UserError) as refused:
        restore.restore(made, home, site.url("postgres"), passphrase=PASSPHRASE)
    assert "lake/vault/x" in refused.value.zh
    shutil.rmtree(home / "lake")
    with pytest.raises(UserError) as refused:
        restore.restore(made, home, living.admin_url, passphrase=PASSPHRASE)
    assert refused.value.code == "XZ-BK-31"
    assert living.site.database in refused.value.zh
    roles.prepare(site.server.url(), site.database)
    assert restore.restore(made, home, site.url("postgres"), passphrase=PASSPHRASE).equal


@pytest.mark.parametrize("stage", ["verify", "copy", "load"])
def test_a_restore_that_is_stopped_leaves_an_empty_place(made: Path, place: tuple[Path, Site], stage: str) -> None:
    home, site = place
    with pytest.raises(UserError) as stopped:
        restore.restore(made, home, site.url("postgres"), passphrase=PASSPHRASE, progress=Watching(stage))
    assert stopped.value.code == "XZ-BK-21"
    assert not home.exists() or list(home.iterdir()) == []
    assert site.database not in databases(site.server)
    assert restore.restore(made, home, site.url("postgres"), passphrase=PASSPHRASE).equal


@pytest.mark.parametrize("stage", ["dump", "copy"])
def test_a_backup_that_is_stopped_leaves_nothing(living: Living, tmp_path: Path, stage: str) -> None:
    with pytest.raises(UserError):
        backup(living.home, living.admin_url, tmp_path, progress=Watching(stage))
    assert [path.name for path in tmp_path.iterdir()] == [".backup.lock"]
    assert left_behind(living.home) == []


CHANGES = {
    "table public.delivery": "DELETE FROM delivery WHERE number = 1",
    "table public.alert": "UPDATE alert SET amount = 12.31 WHERE id = (SELECT id FROM alert LIMIT 1)",
    "table public.more": "CREATE TABLE more (n int)",
    "sequences": "SELECT setval('delivery_id_seq', 1)",
    "definitions": "ALTER TABLE alert NO FORCE ROW LEVEL SECURITY",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_restored_database_that_is_not_equal_is_named(
    made: Path, place: tuple[Path, Site], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As if PostgreSQL had restored something else."""
    home, site = place
    real = restore_module.load

    def load(admin_url: str, *others: Any) -> None:
        real(admin_url, *others)
        with psycopg.connect(admin_url) as connection:
            connection.execute(CHANGES[name])

    monkeypatch.setattr(restore_module, "load", load)
    report = restore.restored(made, home, site.url("postgres"), passphrase=PASSPHRASE)
    assert name in {difference.name for difference in report.differences}


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


def test_no_backup_is_no_backup(tmp_path: Path, server: Embedded) -> None:
    with pytest.raises(UserError) as refused:
        drill(tmp_path)
    assert refused.value.code == "XZ-BK-01"
    with pytest.raises(UserError) as unnamed:
        backup(tmp_path, "postgresql:///", tmp_path)
    assert unnamed.value.code == "XZ-BK-20"


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


def test_every_refusal_speaks_both_languages(made: Path, tmp_path: Path) -> None:
    refusals: list[XiezhiError] = []
    for call in (lambda: drill(tmp_path), lambda: drill(made), lambda: restore.verify(made, "wrong passphrase")):
        try:
            call()
        except XiezhiError as error:
            refusals.append(error)
    assert len(refusals) == 3
    assert all(error.zh and error.en and error.todo_zh and error.todo_en for error in refusals)
