"""From a path to readable files: folders, .zip and .gz, one archive inside another, without being led astray.

What archives hold is unpacked one file at a time into the scratch folder and deleted before the next.
"""

from __future__ import annotations

import gzip
import os
import stat
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO, cast

from xiezhi.intake.files.sniff import container, is_workbook
from xiezhi.intake.receipts.names import readable_name
from xiezhi.intake.refusals import refuse, refuse_damaged
from xiezhi.intake.sheets.sheet import Limits, Part
from xiezhi.kernel.errors import RefusedDelivery

Found = Part | RefusedDelivery
"""A file to read, or why one is not read. Handed on, not raised, so that the files after it are still found."""

_BLOCK = 1 << 20
_DEPTH = 2
_ENTRY_BYTES = 400
"""Directory bytes a zip entry may take: 46 and a long path. Checked before the directory is loaded."""

_LITTER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini", "~$", "._")


@dataclass
class _Budget:
    """Bytes that may still be unpacked from one delivered archive."""

    left: int


IGNORE = ".xiezhi-ignore"
"""A file in a delivered folder that names, one a line, what beside it is no delivery: notes, instructions, answers."""

IGNORE_BYTES = 65_536
"""A longer list is not read: nobody keeps that many notes beside a delivery."""


def find_parts(path: Path, limits: Limits, scratch: Path) -> Iterator[Found]:
    """Every file under `path`, in the order of names; what may not be read comes as RefusedDelivery.

    Links inside a folder are refused, wherever they lead. Files that systems leave behind (`.DS_Store`, `~$…`)
    and those that the folder's own `.xiezhi-ignore` names are passed over.
    """
    if not path.exists():
        yield refuse("not_found", path)
    elif path.is_dir():
        yield from _in_folder(path, limits, scratch)
    elif not path.is_file():  # of a pipe a reader would wait for ever
        yield refuse("unknown_format", path, what="device")
    else:
        yield from _in_file(Part(path, None, path), limits, scratch, _Budget(limits.max_total_bytes), 0)


def _in_folder(folder: Path, limits: Limits, scratch: Path) -> Iterator[Found]:
    passed_over = _passed_over(folder)
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = Path(entry.path)
        if entry.name in passed_over:
            continue
        if entry.is_symlink():
            yield refuse("link", path)
        elif entry.is_dir(follow_symlinks=False):
            yield from _in_folder(path, limits, scratch)
        elif _is_litter(entry.name):
            continue
        elif entry.is_file(follow_symlinks=False):
            yield from _in_file(Part(path, None, path), limits, scratch, _Budget(limits.max_total_bytes), 0)
        else:
            yield refuse("unknown_format", path, what="device")


def _passed_over(folder: Path) -> set[str]:
    """The names that the folder's IGNORE file, one a line, says are no deliveries; and that file itself."""
    listing = folder / IGNORE
    if listing.is_symlink() or not listing.is_file() or listing.stat().st_size > IGNORE_BYTES:
        return set()
    return {IGNORE, *listing.read_text("utf-8-sig", errors="replace").splitlines()}


def _in_file(part: Part, limits: Limits, scratch: Path, budget: _Budget, depth: int) -> Iterator[Found]:
    with part.path.open("rb") as handle:
        kind = container(handle.read(16))
    try:
        if kind == "zip":
            yield from _in_zip(part, limits, scratch, budget, depth)
        elif kind == "gzip":
            yield from _in_gzip(part, limits, scratch, budget, depth)
        else:
            yield part
    except RefusedDelivery as refused:
        yield refused


def _in_gzip(part: Part, limits: Limits, scratch: Path, budget: _Budget, depth: int) -> Iterator[Found]:
    _check_depth(part, depth)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        target = Path(folder) / "unpacked"
        try:
            with gzip.open(part.path, "rb") as source:
                _copy(cast("IO[bytes]", source), target, part, part.path.stat().st_size, limits, budget)
        except (OSError, EOFError, zlib.error) as error:
            raise refuse("archive_damaged", part.file, member=part.member, what=error) from error
        yield from _in_file(replace(part, path=target), limits, scratch, budget, depth + 1)


def _in_zip(part: Part, limits: Limits, scratch: Path, budget: _Budget, depth: int) -> Iterator[Found]:
    _check_directory(part, limits)
    try:
        archive = zipfile.ZipFile(part.path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise refuse_damaged(part.file, part.member, error) from error
    with archive:
        if any(archive.infolist()) and min(entry.header_offset for entry in archive.infolist()) > 0:
            # The directory of an archive inside it, or the last of several: what stands before it would be passed over.
            raise refuse_damaged(part.file, part.member, "bytes before the first entry")
        if is_workbook(archive):
            yield part
            return
        _check_depth(part, depth)
        entries = _listed(archive)
        if not entries:
            raise refuse("archive_empty", part.file, member=part.member)
        _check_sizes(part, [entry for _, entry in entries], limits)
        repeated = {name for name, count in Counter(name for name, _ in entries).items() if count > 1}
        for name, entry in entries:
            member = f"{part.member}/{name}" if part.member else name
            code = "archive_duplicate" if name in repeated else _forbidden(entry, name)
            if code:
                yield refuse(code, part.file, member=member)
            else:
                yield from _member(replace(part, member=member), archive, entry, limits, scratch, budget, depth)


def _member(
    part: Part, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits, scratch: Path, budget: _Budget, depth: int
) -> Iterator[Found]:
    try:
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            target = Path(folder) / "unpacked"
            with archive.open(entry) as source:
                _copy(source, target, part, entry.compress_size, limits, budget)
            yield from _in_file(replace(part, path=target), limits, scratch, budget, depth + 1)
    except RefusedDelivery as refused:
        yield refused
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError) as error:
        yield refuse("archive_damaged", part.file, member=part.member, what=error)


def _listed(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """Files with their names as a person would read them, sorted; folders and litter left out."""
    named = [(_readable(entry), entry) for entry in archive.infolist()]
    files = ((name, entry) for name, entry in named if not (name.endswith("/") or _is_litter(name)))
    return sorted(files, key=lambda pair: pair[0])


def _readable(entry: zipfile.ZipInfo) -> str:
    """Chinese Windows packs names in GBK without saying so; `zipfile` reads them as code page 437."""
    name = entry.orig_filename.split("\0", 1)[0]
    if not entry.flag_bits & 0x800 and not name.isascii():
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return "/".join(map(readable_name, name.replace("\\", "/").split("/")))


def _forbidden(entry: zipfile.ZipInfo, name: str) -> str | None:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "link"
    if name.startswith("/") or name[1:2] == ":" or ".." in PurePosixPath(name).parts:
        return "path_traversal"
    return "encrypted" if entry.flag_bits & 0x1 else None


def _check_depth(part: Part, depth: int) -> None:
    if depth >= _DEPTH:
        raise refuse("archive_nested", part.file, member=part.member)


def _check_directory(part: Part, limits: Limits) -> None:
    """Refuse by the size of the directory before a library loads it entry by entry."""
    size = part.path.stat().st_size
    with part.path.open("rb") as handle:
        handle.seek(max(0, size - 66_000))
        tail = handle.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise refuse_damaged(part.file, part.member, "no directory")
    length = struct.unpack_from("<I", tail, at + 12)[0]
    wide = tail.rfind(b"PK\x06\x06", 0, at)
    if length == 0xFFFFFFFF and wide >= 0 and len(tail) >= wide + 56:
        length = struct.unpack_from("<Q", tail, wide + 40)[0]
    if length > limits.max_entries * _ENTRY_BYTES:
        raise refuse("archive_entries", part.file, member=part.member, most=limits.max_entries)


def _check_sizes(part: Part, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """By what the directory says; `_copy` checks again by what really comes out."""
    if len(entries) > limits.max_entries:
        raise refuse("archive_entries", part.file, member=part.member, most=limits.max_entries)
    total = sum(entry.file_size for entry in entries)
    if total > limits.max_total_bytes:
        raise refuse("archive_size", part.file, member=part.member, most=limits.max_total_bytes)
    if total > limits.ratio_free_bytes and total > limits.max_ratio * part.path.stat().st_size:
        raise refuse("archive_ratio", part.file, member=part.member, most=limits.max_ratio)


def _copy(source: IO[bytes], target: Path, part: Part, packed: int, limits: Limits, budget: _Budget) -> None:
    """Unpack to `target`, counting."""
    most = min(limits.max_member_bytes, budget.left)
    by_ratio = max(limits.ratio_free_bytes, packed * limits.max_ratio)
    done = 0
    with target.open("wb") as out:
        while block := source.read(_BLOCK):
            done += len(block)
            if done > most:
                raise refuse("archive_size", part.file, member=part.member, most=most)
            if done > by_ratio:
                raise refuse("archive_ratio", part.file, member=part.member, most=limits.max_ratio)
            out.write(block)
    budget.left -= done


def _is_litter(name: str) -> bool:
    lower = name.lower()
    base = lower.rsplit("/", 1)[-1]
    return lower.startswith(_LITTER[0]) or base in _LITTER[1:4] or base.startswith(_LITTER[4:])
