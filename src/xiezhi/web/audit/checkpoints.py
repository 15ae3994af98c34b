"""Signed checkpoints: what the trail was at a moment, written where the database cannot reach.

`checkpoints.jsonl` is only ever added to, one checkpoint a line, flushed to the disk. A line is canonical JSON with the names
at, broken, number, origin, previous, root, signature, size, version. `root` is the digest (hex) of link number `size`;
`previous` is the SHA-256 (hex) of the line before, without its line feed (64 zeros before the first); `signature` is the
Ed25519 signature (hex) over the canonical JSON of everything else. So each line covers all lines before it, and the last
signature speaks for the whole file. `broken` is empty, or the reason why whoever signed went on after the trail was no longer
what the line before says: a restored backup, for instance.

What no file on the same machine shows is that file, key and database were all put back or rewritten together. The second copy,
the paper and the log of another machine are there for that. Nothing here imports Django.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from xiezhi.kernel.durable import sync
from xiezhi.kernel.hashing import canonical
from xiezhi.web.audit.keys import PublicKey, SigningKey

VERSION = 1
NONE = "0" * 64
NAME = "checkpoints.jsonl"


@dataclass(frozen=True)
class Checkpoint:
    """One line of the file."""

    number: int
    origin: str
    size: int
    root: str
    at: str
    previous: str
    broken: str = ""
    version: int = VERSION
    signature: str = ""

    def content(self) -> bytes:
        """What is signed."""
        return canonical({name: value for name, value in asdict(self).items() if name != "signature"})

    def line(self) -> bytes:
        return canonical(asdict(self))

    @property
    def digest(self) -> str:
        return sha256(self.line()).hexdigest()

    def signed_by(self, key: PublicKey) -> bool:
        return key.origin == self.origin and key.verifies(bytes.fromhex(self.signature), self.content())


def parsed(line: bytes) -> Checkpoint | None:
    """The checkpoint of a line; None where it is none, or is not spelled as it must be."""
    try:
        found = Checkpoint(**json.loads(line))
        if any(not isinstance(getattr(found, one.name), {"int": int, "str": str}[str(one.type)]) for one in fields(found)):
            return None
        bytes.fromhex(found.signature)
        return found if found.line() == line and found.version == VERSION else None
    except (ValueError, TypeError):
        return None


def signed(key: SigningKey, last: Checkpoint | None, *, size: int, root: bytes, at: datetime, broken: str = "") -> Checkpoint:
    """The checkpoint that follows `last`."""
    number, previous = (last.number + 1, last.digest) if last else (1, NONE)
    bare = Checkpoint(number, key.public.origin, size, root.hex(), at.isoformat(), previous, broken)
    return Checkpoint(**{**asdict(bare), "signature": key.sign(bare.content()).hex()})


@dataclass(frozen=True)
class CheckpointFile:
    """The checkpoints of a folder. One writer at a time: the sealer's lock sees to that."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / NAME

    def lines(self) -> tuple[list[bytes], bool]:
        """The whole lines, and whether an unfinished one follows them: the trace of a crash while writing."""
        if not self.path.exists():
            return [], False
        *lines, rest = self.path.read_bytes().split(b"\n")
        return lines, bool(rest)

    def mend(self) -> None:
        """Cut off an unfinished last line. What it would have said is signed again."""
        if not self.path.exists():
            return
        with self.path.open("rb+") as handle:
            end = handle.seek(0, os.SEEK_END)
            whole = _end_of_last_line(handle.fileno(), end)
            if whole != end:
                handle.truncate(whole)
                os.fsync(handle.fileno())

    def last_line(self) -> bytes | None:
        """The last whole line; the rest of the file stays unread, however long it has become."""
        if not self.path.exists():
            return None
        with self.path.open("rb") as handle:
            end = _end_of_last_line(handle.fileno(), handle.seek(0, os.SEEK_END))
            if end == 0:
                return None
            start = _end_of_last_line(handle.fileno(), end - 1)
            return os.pread(handle.fileno(), end - 1 - start, start)

    def append(self, checkpoint: Checkpoint) -> None:
        """Write one line and flush it to the disk."""
        self._write(checkpoint.line() + b"\n")

    def follow(self, other: CheckpointFile) -> bool:
        """Add the lines of `other` that are not here yet. False, and nothing is written, where the two tell different stories."""
        self.mend()
        ours = self.path.stat().st_size if self.path.exists() else 0
        if other.path.stat().st_size < ours:
            return False
        with other.path.open("rb") as handle:
            last = self.last_line()
            if last is not None:
                handle.seek(ours - len(last) - 1)
                if handle.read(len(last) + 1) != last + b"\n":
                    return False
            rest = handle.read()
        if rest:
            self._write(rest)
        return True

    def _write(self, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = not self.path.exists()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        with os.fdopen(descriptor, "ab") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        if new:
            sync(self.folder)


def _end_of_last_line(descriptor: int, end: int) -> int:
    """Where the last whole line before `end` ends: behind its line feed; 0 where there is none. Read backwards in blocks."""
    block = 4096
    while end > 0:
        start = max(0, end - block)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def checkpoints_in(lines: Iterable[bytes]) -> list[Checkpoint | None]:
    """Each line's checkpoint, None where the line is none."""
    return [parsed(line) for line in lines]
