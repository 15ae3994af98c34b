"""A backup made whole again, into an empty place, and compared: every table and every file is hashed once more.

Nothing is written before the whole backup was verified. Files are put together beside their place and moved in at the very
end; a database that could not be filled is dropped. So a restore that fails leaves an empty place, ready for the next try.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from xiezhi.kernel.durable import sync, write_durably
from xiezhi.kernel.errors import IntegrityError, RetryableError, UserError
from xiezhi.kernel.progress import Progress, Silent
from xiezhi.web.database import keys_box, manifest, roles
from xiezhi.web.database.backup import BLOCK, PARTS, copied
from xiezhi.web.database.dumping import cancelled, database_of, load, maintenance
from xiezhi.web.database.fingerprint import fingerprint
from xiezhi.web.database.live_files import KEYS
from xiezhi.web.database.manifest import DUMP, FILES, MANIFEST, FileEntry, Fingerprint, Manifest, altered

BESIDE = ".restoring"
MADE_BY_STARTING = (f"{KEYS}/django.key",)
"""What the web writes into an empty data folder as soon as it starts; a backup's own takes its place."""


@dataclass(frozen=True)
class Comparison:
    """One thing before and after: `expected` is the backup's."""

    name: str
    expected: str
    found: str

    @property
    def equal(self) -> bool:
        return self.expected == self.found


@dataclass(frozen=True)
class Report:
    """What was restored and how it compares. `key_elsewhere`: the vault's key is not in the backup; the site must put it back."""

    backup: Path
    made_at: str
    tables: int
    rows: int
    files: int
    bytes: int
    key_elsewhere: bool
    comparisons: list[Comparison] = field(default_factory=list)

    @property
    def differences(self) -> list[Comparison]:
        return [one for one in self.comparisons if not one.equal]

    @property
    def equal(self) -> bool:
        return not self.differences

    def require_equal(self) -> None:
        """Raises IntegrityError naming the first thing that differs."""
        for difference in self.differences:
            raise IntegrityError(
                "XZ-BK-30",
                zh=f"恢复后 {difference.name} 与备份不一致",
                en=f"after restoring, {difference.name} is not what the backup holds",
                todo_zh="不要使用恢复的系统;换一台机器再试",
                todo_en="do not use what was restored; try on another machine",
            )


def verify(backup: Path, passphrase: str | None = None, progress: Progress | None = None) -> tuple[Manifest, keys_box.Box]:
    """The manifest and the keys of a backup in which nothing was altered. Raises IntegrityError naming what was."""
    read = manifest.read(backup)
    expected = {entry.path: entry for entry in read.every_file}
    there = {path.relative_to(backup).as_posix() for path in backup.rglob("*") if not path.is_dir()} - {MANIFEST}
    for name in sorted(there ^ set(expected)):
        raise altered(name, *(("缺失", "missing") if name in expected else ("不属于它", "not part of it")))
    watched, done, total = progress or Silent(), 0, sum(entry.bytes for entry in read.every_file)
    for entry in read.every_file:
        _go_on(watched, "verify", done, total, entry.path)
        path = backup / entry.path
        if path.stat().st_size != entry.bytes or _digest(path) != entry.sha256:
            raise altered(entry.path, "已被改动", "it was altered")
        done += entry.bytes
    box = keys_box.unpacked((backup / read.keys.path).read_bytes(), passphrase)
    if box.content != read.content():
        raise altered(MANIFEST, "已被改动", "it was altered")
    return read, box


def restore(
    backup: Path, home: Path, admin_url: str, *, passphrase: str | None = None, progress: Progress | None = None
) -> Report:
    """Restore into an empty data folder and the database that `admin_url` names, which must be empty or missing.

    Raises IntegrityError where the backup was altered, or where what was restored is not equal to it.
    """
    report = restored(backup, home, admin_url, passphrase=passphrase, progress=progress)
    report.require_equal()
    return report


def restored(
    backup: Path, home: Path, admin_url: str, *, passphrase: str | None = None, progress: Progress | None = None
) -> Report:
    """As `restore`, but differences are only reported."""
    watched = progress or Silent()
    database = database_of(admin_url)
    _refuse_taken(home)
    _refuse_filled(admin_url, database)
    read, box = verify(backup, passphrase, watched)
    beside = home / BESIDE
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True, mode=0o700)
    try:
        _put_together(backup, read, box, beside, watched)
        found = _fill(backup, read, admin_url, database, watched)
        _move_in(beside, home)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    comparisons = [*_compare_database(read.database, found), *_compare_files(read, home, watched)]
    rows, size = sum(table.rows for table in found.tables.values()), sum(entry.bytes for entry in read.files)
    return Report(backup, read.made_at, len(found.tables), rows, len(read.files), size, read.key_elsewhere, comparisons)


def _refuse_taken(home: Path) -> None:
    """Raises UserError where the data folder holds anything that a restore would have to overwrite."""
    for part in (*PARTS, KEYS):
        for path in (home / part).rglob("*"):
            name = path.relative_to(home).as_posix()
            if not path.is_dir() and name not in MADE_BY_STARTING:
                raise _taken(f"{home} 里已有 {name}", f"{home} already holds {name}")


def _refuse_filled(admin_url: str, database: str) -> None:
    """Drop an existing database that has no table, so that it can be made as the backup has it; refuse any other."""
    try:
        with psycopg.connect(maintenance(admin_url), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is None:
                return
            with psycopg.connect(admin_url) as inside:
                row = inside.execute(_FIRST_TABLE).fetchone()
            if row is not None:
                raise _taken(f"数据库 {database} 里已有表 {row[0]}", f"the database {database} already holds table {row[0]}")
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(database)))
    except psycopg.errors.ObjectInUse as error:
        raise RetryableError(
            "XZ-BK-32",
            zh=f"数据库 {database} 正在使用",
            en=f"the database {database} is in use",
            todo_zh="停止 web 和 worker 后再恢复",
            todo_en="stop web and worker, then restore",
        ) from error
    except psycopg.OperationalError as error:
        raise roles.unreachable(error) from error


_FIRST_TABLE = """SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname !~ '^(pg_|information_schema$)' LIMIT 1"""


def _put_together(backup: Path, read: Manifest, box: keys_box.Box, beside: Path, progress: Progress) -> None:
    for name, mode in read.folders.items():
        (beside / name).mkdir(parents=True, exist_ok=True)
        (beside / name).chmod(mode | 0o700)
    files = [entry for entry in read.files if entry.path != DUMP]
    total, done = sum(entry.bytes for entry in files), 0
    for entry in files:
        _go_on(progress, "copy", done, total, entry.path)
        target = beside / _place(entry)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _, digest = copied(backup / entry.path, target, entry.mode)
        if digest != entry.sha256:
            raise altered(entry.path, "在恢复时被改动", "it was altered while being restored")
        done += entry.bytes
    for key in box.keys:
        target = beside / key.path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_durably(target, key.content, mode=0o600)


def _place(entry: FileEntry) -> str:
    """Where a file of the backup belongs in the data folder."""
    return entry.path.removeprefix(f"{FILES}/")


def _fill(backup: Path, read: Manifest, admin_url: str, database: str, progress: Progress) -> Fingerprint:
    """Make the database and fill it; its fingerprint as it came. Dropped again where that fails."""
    roles.make_database(maintenance(admin_url), database)
    try:
        with psycopg.connect(admin_url) as connection:
            server = connection.info.server_version // 10000
        load(admin_url, backup / DUMP, server, progress)
        with psycopg.connect(admin_url) as connection:
            found = fingerprint(connection, progress)
        roles.prepare(maintenance(admin_url), database)
    except BaseException:
        with psycopg.connect(maintenance(admin_url), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))
        raise
    return found


def _move_in(beside: Path, home: Path) -> None:
    """Each part takes its place by its name; the keys come last, so that what looks whole is whole."""
    for part in (*PARTS, KEYS):
        if not (beside / part).exists():
            continue
        if (home / part).exists():
            shutil.rmtree(home / part)
        (beside / part).rename(home / part)
    sync(home)


def _compare_database(expected: Fingerprint, found: Fingerprint) -> list[Comparison]:
    names = sorted(expected.tables.keys() | found.tables.keys())
    tables = [Comparison(f"table {name}", _spelt(expected, name), _spelt(found, name)) for name in names]
    behind = {name: value for name, value in expected.sequences.items() if found.sequences.get(name, -1) < value}
    sequences = Comparison("sequences", "", ", ".join(sorted(behind)))
    # Another major version of PostgreSQL may spell the same definitions in other words.
    shape = [Comparison("definitions", expected.shape, found.shape)] if expected.server == found.server else []
    return [*tables, sequences, *shape]


def _spelt(database: Fingerprint, name: str) -> str:
    table = database.tables.get(name)
    return f"{table.rows} {table.hash}" if table else "-"


def _compare_files(read: Manifest, home: Path, progress: Progress) -> list[Comparison]:
    comparisons = []
    files = [entry for entry in read.files if entry.path != DUMP]
    for done, entry in enumerate(files):
        progress.step("verify", done, len(files), entry.path)
        path = home / _place(entry)
        comparisons.append(Comparison(f"file {_place(entry)}", entry.sha256, _digest(path) if path.is_file() else "-"))
    return comparisons


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(BLOCK):
            digest.update(block)
        if hasattr(os, "posix_fadvise"):  # a backup read through must not push everything else out of memory
            os.posix_fadvise(handle.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return digest.hexdigest()


def _go_on(progress: Progress, stage: str, done: int, total: int, note: str) -> None:
    if progress.cancelled():
        raise cancelled()
    progress.step(stage, done, total, note)


def _taken(zh: str, en: str) -> UserError:
    return UserError(
        "XZ-BK-31",
        zh=f"不能恢复到这里:{zh}",
        en=f"nothing is restored here: {en}",
        todo_zh="恢复到空的数据目录和空的数据库",
        todo_en="restore into an empty data folder and an empty database",
    )
