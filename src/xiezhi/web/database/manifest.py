"""What a backup says of itself: every file with its hash, every table with its own. Read before anything is believed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from xiezhi.kernel.durable import write_durably
from xiezhi.kernel.errors import IntegrityError, UserError
from xiezhi.kernel.hashing import digest

FORMAT = 1

MANIFEST = "manifest.json"
DUMP = "database.dump"
FILES = "files"
KEYS, SEALED_KEYS = "keys.json", "keys.sealed"


@dataclass(frozen=True)
class FileEntry:
    """A file of the backup: its path inside it, and what it must be."""

    path: str
    bytes: int
    sha256: str
    mode: int = 0o600


@dataclass(frozen=True)
class TableHash:
    """A table whatever the order of its rows: how many, and the sum of their hashes."""

    rows: int
    hash: str


@dataclass(frozen=True)
class Fingerprint:
    """A database whatever the order of anything. `shape` covers columns, rules, policies and rights, not the rows."""

    tables: dict[str, TableHash] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    shape: str = ""
    server: int = 0


@dataclass(frozen=True)
class Manifest:
    """`folders`: path → mode, empty ones too. `keys`: the file they are in. `key_elsewhere`: the vault's is not there."""

    made_at: str
    version: str
    files: list[FileEntry]
    folders: dict[str, int]
    database: Fingerprint
    keys: FileEntry
    key_elsewhere: bool = False
    format: int = FORMAT

    def content(self) -> str:
        """Hash of all but the keys' file, which carries it sealed: so a manifest written anew is noticed, too."""
        return digest({name: value for name, value in asdict(self).items() if name != "keys"})

    def write(self, folder: Path) -> None:
        write_durably(folder / MANIFEST, json.dumps(asdict(self), ensure_ascii=False, indent=1).encode() + b"\n", mode=0o600)

    @property
    def every_file(self) -> list[FileEntry]:
        return [*self.files, self.keys]


def read(folder: Path) -> Manifest:
    """The manifest of the backup in `folder`. Raises UserError where there is none, IntegrityError where it is broken."""
    path = folder / MANIFEST
    if not path.is_file():
        raise UserError(
            "XZ-BK-01",
            zh=f"{folder} 不是备份",
            en=f"{folder} is no backup",
            todo_zh=f"给出含有 {MANIFEST} 的备份目录",
            todo_en=f"name the folder of a backup, the one with {MANIFEST} in it",
        )
    try:
        return _parsed(json.loads(path.read_bytes()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise altered(MANIFEST, "无法读取", "it cannot be read") from error


def _parsed(content: dict[str, Any]) -> Manifest:
    if content["format"] != FORMAT:
        raise UserError(
            "XZ-BK-02",
            zh=f"备份格式为 {content['format']},本程序读写格式 {FORMAT}",
            en=f"the backup has format {content['format']}; this program reads and writes format {FORMAT}",
            todo_zh="用做备份时的 xiezhi 版本恢复",
            todo_en="restore it with the xiezhi that made it",
        )
    tables = {name: TableHash(**entry) for name, entry in content["database"].pop("tables").items()}
    return Manifest(
        **{
            **content,
            "files": [_entry(entry) for entry in content["files"]],
            "folders": {inside(name): mode for name, mode in content["folders"].items()},
            "keys": _entry(content["keys"]),
            "database": Fingerprint(tables=tables, **content["database"]),
        }
    )


def _entry(content: dict[str, Any]) -> FileEntry:
    entry = FileEntry(**content)
    inside(entry.path)
    return entry


def inside(name: str) -> str:
    """A manifest from elsewhere must not write outside the folder that is restored into."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError(name)
    return name


def altered(name: str, zh: str, en: str) -> IntegrityError:
    return IntegrityError(
        "XZ-BK-03",
        zh=f"备份中的 {name} {zh}",
        en=f"{name} of the backup: {en}",
        todo_zh="不要使用此备份;换一份,并查明原因",
        todo_en="do not use this backup; take another one, and find out why",
    )
