"""A backup while everybody works: database, lake, vault, uploads and checkpoints of one moment, keys apart, all hashed.

Order is what makes it one moment. With the lake held against writers: first the trail's checkpoints, so that none is newer
than the trail; then the database's snapshot; then the list of files, which can only hold more than the database speaks of.
From there on nothing is held: the database is read as of its snapshot, the files have a second name.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from xiezhi import __version__
from xiezhi.kernel import clock
from xiezhi.kernel.durable import sync, write_durably
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.faultpoints import declare, reach
from xiezhi.kernel.hashing import sha256
from xiezhi.kernel.progress import Progress, Silent
from xiezhi.web.database import keys_box, live_files
from xiezhi.web.database.dumping import cancelled, database_of, dump
from xiezhi.web.database.fingerprint import fingerprint, sequences
from xiezhi.web.database.live_files import CHECKPOINTS, LAKE, UPLOADS, Taken
from xiezhi.web.database.manifest import DUMP, FILES, KEYS, MANIFEST, SEALED_KEYS, FileEntry, Fingerprint, Manifest, read
from xiezhi.web.database.roles import unreachable

BLOCK = 1 << 20
PARTS = (CHECKPOINTS, LAKE, UPLOADS)

TAKEN = declare("backup.taken", "the files are held by a second name, nothing is copied")
COPIED = declare("backup.copied", "everything is copied, the backup has no manifest")
WRITTEN = declare("backup.written", "the backup is whole, it has not its name")


def backup(
    home: Path, admin_url: str, target_folder: Path, *, passphrase: str | None = None, progress: Progress | None = None
) -> Path:
    """Back up a data folder and its database into a new folder below `target_folder`; returns that folder.

    `admin_url` names the database, as a role that row-level security does not bind. Without a passphrase the keys' file is
    readable by whoever has it: keep it apart. Raises RetryableError while another backup is made.
    """
    watched = progress or Silent()
    database_of(admin_url)
    target_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with live_files.one_at_a_time(home), live_files.one_at_a_time(target_folder):
        _sweep(home, target_folder)
        name = _free_name(target_folder)
        work = target_folder / f".{name}.partial"
        work.mkdir(mode=0o700)
        try:
            _write(home, admin_url, work, passphrase, watched)
            reach(WRITTEN)
            work.rename(target_folder / name)
            sync(target_folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return target_folder / name


def _write(home: Path, admin_url: str, work: Path, passphrase: str | None, progress: Progress) -> None:
    with _pins(home) as pins, _snapshot(admin_url) as connection:
        with live_files.lake_held(home, progress):
            listing = live_files.Listing(home)
            taken = listing.take(CHECKPOINTS, pins, growing=True)
            snapshot = _exported(connection)
            made_at = clock.now().isoformat()
            taken += live_files.take_databases(home, pins)
            taken += listing.take(LAKE, pins) + listing.take(UPLOADS, pins)
            folders = listing.folders(*PARTS)
            vault, vault_keys = live_files.take_vault(home, pins)
            grown = sequences(connection)
        reach(TAKEN)
        _check_space(work, connection, taken + vault)
        server = connection.info.server_version // 10000
        dump(admin_url, snapshot, work / DUMP, server, progress)
        database = fingerprint(connection, progress)
        files = [_entry(work, DUMP), *_copy(taken + vault, work, progress)]
    manifest = Manifest(
        made_at=made_at,
        version=__version__,
        files=files,
        folders=folders,
        database=Fingerprint(database.tables, grown, database.shape, server),
        keys=FileEntry(KEYS, 0, ""),
        key_elsewhere=bool(vault) and not vault_keys,
    )
    box = keys_box.Box(manifest.content(), (*live_files.site_keys(home), *vault_keys))
    reach(COPIED)
    _with_keys(manifest, box, passphrase, work).write(work)


def _with_keys(manifest: Manifest, box: keys_box.Box, passphrase: str | None, work: Path) -> Manifest:
    data = keys_box.packed(box, passphrase)
    name = KEYS if passphrase is None else SEALED_KEYS
    write_durably(work / name, data, mode=0o600)
    entry = FileEntry(name, len(data), sha256(data))
    return Manifest(**{**vars(manifest), "keys": entry})


@contextmanager
def _snapshot(admin_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A transaction that sees one moment, for as long as the backup takes. Its moment is that of its first query."""
    try:
        connection = psycopg.connect(admin_url)
    except psycopg.OperationalError as error:
        raise unreachable(error) from error
    with connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield connection
        connection.rollback()


def _exported(connection: psycopg.Connection[Any]) -> str:
    connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0")
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    assert row is not None
    return str(row[0])


@contextmanager
def _pins(home: Path) -> Iterator[Path]:
    """Where files get their second names: on the disk they are on."""
    pins = home / f".backup-{os.getpid()}"
    pins.mkdir(mode=0o700)
    try:
        yield pins
    finally:
        shutil.rmtree(pins)


def _sweep(home: Path, target_folder: Path) -> None:
    """What a killed backup left. A second name would keep alive what was erased since."""
    for left in (*home.glob(".backup-*"), *target_folder.glob(".xiezhi-*.partial")):
        shutil.rmtree(left)


def _free_name(target_folder: Path) -> str:
    name = base = f"xiezhi-{clock.now():%Y%m%dT%H%M%SZ}"
    number = 1
    while (target_folder / name).exists():
        number += 1
        name = f"{base}-{number}"
    return name


def remove_older(target_folder: Path, days: int) -> list[str]:
    """Remove backups made more than `days` ago, never the newest; returns their names.

    What was erased at the site lives on in backups: it is gone after this many days at the latest.
    """
    made = {path.parent: datetime.fromisoformat(read(path.parent).made_at) for path in target_folder.glob(f"xiezhi-*/{MANIFEST}")}
    limit = clock.now() - timedelta(days=days)
    old = [path for path, moment in made.items() if moment < limit and moment != max(made.values())]
    for path in old:
        shutil.rmtree(path)
    return sorted(path.name for path in old)


def _check_space(work: Path, connection: psycopg.Connection[Any], taken: list[Taken]) -> None:
    row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row is not None
    needed = int(row[0]) + sum(one.held.stat().st_size for one in taken)
    free = shutil.disk_usage(work).free
    if free < needed:
        raise UserError(
            "XZ-BK-06",
            zh=f"备份约需 {needed >> 20} MB,目标磁盘只剩 {free >> 20} MB",
            en=f"the backup needs about {needed >> 20} MB; the disk it goes to has {free >> 20} MB",
            todo_zh="换一个目标目录,或删除旧备份",
            todo_en="choose another folder, or remove old backups",
        )


def _copy(taken: list[Taken], work: Path, progress: Progress) -> list[FileEntry]:
    total = sum(one.held.stat().st_size for one in taken)
    done, entries = 0, []
    for one in taken:
        if progress.cancelled():
            raise cancelled()
        progress.step("copy", done, total, one.path)
        target = work / FILES / one.path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        size, digest = copied(one.held, target, 0o600)
        entries.append(FileEntry(f"{FILES}/{one.path}", size, digest, one.mode))
        done += size
    return entries


def copied(source: Path, target: Path, mode: int) -> tuple[int, str]:
    """Copy a file to the disk for good; returns how many bytes were written, and their SHA-256."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reading, open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as writing:  # noqa: PTH123 - a descriptor
        while block := reading.read(BLOCK):
            digest.update(block)
            size += writing.write(block)
        writing.flush()
        os.fsync(writing.fileno())
    target.chmod(mode)
    return size, digest.hexdigest()


def _entry(work: Path, name: str) -> FileEntry:
    """A file that another program wrote into the backup."""
    path = work / name
    path.chmod(0o600)
    sync(path)
    with path.open("rb") as handle:
        return FileEntry(name, path.stat().st_size, hashlib.file_digest(handle, "sha256").hexdigest())
