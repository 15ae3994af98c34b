"""Any text file as a UTF-8 file. The whole file is proven in its encoding before one row is read from it.

UTF-8 is checked in place and costs a pass over the bytes; everything else is rewritten once into the scratch folder.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.sheet import Part

_BLOCK = 4 << 20
_SAMPLE = 64 << 10
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_THREE_BYTES = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")
_CONVINCED = 8
"""So many three-byte sequences before the first fault do not happen in GB18030: the file is UTF-8 with a broken byte."""

_TWICE_UTF8 = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}){2}")
_PAIR = re.compile(rb"[\x81-\xfe]([\x40-\x7e\x80-\xfe])")
_LATIN = 0.7
"""Share of characters whose second byte is ASCII from which a text is none of GB18030: in Latin-1 an accented letter takes the
letter behind it along; of Chinese characters few end so, of traditional ones a third."""

_PRIVATE = str.maketrans(
    "\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7\ue816\ue817\ue818\ue81e"
    "\ue826\ue82b\ue82c\ue831\ue832\ue83b\ue843\ue854\ue855\ue864",
    "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19\u1e3f\U00020087\U00020089\U000200cc\u9fb4"
    "\u9fb5\u9fb6\u9fb7\U000215d7\u9fb8\U0002298f\u9fb9\u9fba\U000241fe\u9fbb",
)
"""Characters that Python's codec (GB 18030-2000) leaves in the private use area; GB 18030-2022 gives them code points."""


@dataclass(frozen=True)
class Utf8File:
    """UTF-8 bytes on disk: the text begins at `start`, `encoding` is what was delivered."""

    path: Path
    start: int
    size: int
    encoding: str


@contextmanager
def as_utf8(part: Part, scratch: Path) -> Iterator[Utf8File]:
    """The part's text in UTF-8; a rewritten copy is deleted on leaving.

    Raises RefusedDelivery `encoding_unreadable` with the line of the first byte that fits no encoding, `encoding_mixed` with the
    first line of another encoding than the rest: the names in it would come out as other characters.
    """
    encoding, start = _marked(part)
    fault = None if encoding.startswith("utf-16") else _first_fault(part.path, start)
    if fault is None and not encoding.startswith("utf-16"):
        yield Utf8File(part.path, start, part.path.stat().st_size, encoding)
        return
    if fault is not None:
        if start or _looks_like_utf8(part.path, fault):
            raise refuse("encoding_unreadable", part.file, member=part.member, row=_line_of(part.path, fault))
        if _looks_latin(part.path, fault):
            raise refuse("encoding_unreadable", part.file, member=part.member, row=_line_of(part.path, fault))
        encoding = "gb18030"
        _refuse_mixed(part)
    copy = scratch / f"{part.path.name[:60]}.{id(part):x}.utf8"
    try:
        _rewrite(part, encoding, start, copy)
        yield Utf8File(copy, 0, copy.stat().st_size, encoding)
    finally:
        copy.unlink(missing_ok=True)


def decode_sample(head: bytes) -> str:
    """The beginning of a text in whatever encoding it seems to have; for looking at, not for keeping."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return head[len(bom) :].decode(encoding, errors="replace")
    if wide := _unmarked_utf16(head):
        return head.decode(wide, errors="replace")
    try:
        return codecs.utf_8_decode(head, "strict", False)[0]
    except UnicodeDecodeError:
        return min((head.decode(encoding, errors="replace") for encoding in ("gb18030", "utf-8")), key=_faults)


def _faults(text: str) -> int:
    return text.count("\ufffd")


def _marked(part: Part) -> tuple[str, int]:
    """Encoding by byte-order mark (or by the zero bytes of unmarked UTF-16), and how long the mark is."""
    with part.path.open("rb") as handle:
        head = handle.read(_SAMPLE)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding, len(bom)
    return _unmarked_utf16(head) or "utf-8", 0


def _unmarked_utf16(head: bytes) -> str | None:
    """Line breaks and separators of UTF-16 have a zero byte beside an ASCII one; in Chinese text few other characters do."""
    if 0 not in head:  # nearly always, and telling takes no time
        return None
    big, little = (
        sum(map(_ascii_beside_zero, zeros, others)) for zeros, others in ((head[0::2], head[1::2]), (head[1::2], head[0::2]))
    )
    most, least = max(big, little), min(big, little)
    if most < 4 or most * 10 < len(head) or least * 20 > most:
        return None
    return "utf-16-be" if big > little else "utf-16-le"


def _ascii_beside_zero(zero: int, other: int) -> bool:
    return zero == 0 and (0x20 <= other < 0x7F or other in b"\t\r\n")


def _first_fault(path: Path, start: int) -> int | None:
    """Where UTF-8 breaks; None where it holds to the end."""
    with path.open("rb") as handle:
        handle.seek(start)
        at, carried = start, b""
        while block := handle.read(_BLOCK):
            whole, carried = _cut(carried + block)
            if not _valid(whole):
                return at + _fault_in(whole)
            at += len(whole)
    return at if carried else None


def _cut(data: bytes) -> tuple[bytes, bytes]:
    """Split before an unfinished sequence at the end (at most three bytes)."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return (data[:-back], data[-back:]) if length > back else (data, b"")
        if byte < 0x80:
            break
    return data, b""


def _valid(data: bytes) -> bool:
    """Arrow validates at memory speed, five times as fast as decoding."""
    cell = [None, pa.py_buffer(struct.pack("=qq", 0, len(data))), pa.py_buffer(data)]
    try:
        pa.Array.from_buffers(pa.large_string(), 1, cell).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _fault_in(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return len(data)


def _looks_like_utf8(path: Path, fault: int) -> bool:
    with path.open("rb") as handle:
        handle.seek(max(0, fault - _SAMPLE))
        return len(_THREE_BYTES.findall(handle.read(min(fault, _SAMPLE)))) >= _CONVINCED


def _looks_latin(path: Path, fault: int) -> bool:
    with path.open("rb") as handle:
        handle.seek(max(0, fault - _SAMPLE))
        seconds = _PAIR.findall(handle.read(2 * _SAMPLE))
    return len([second for second in seconds if second < b"\x80"]) > _LATIN * len(seconds)


def _refuse_mixed(part: Part) -> None:
    """GB18030 reads nearly any bytes; so no line may be one that UTF-8 reads as Chinese, which by chance none is."""
    row = 1
    with part.path.open("rb") as handle:
        while block := handle.read(_BLOCK) + handle.readline(_BLOCK):  # whole lines, but for one without an end in sight
            _refuse_utf8_among(part, block, row)
            row += block.count(b"\n")


def _refuse_utf8_among(part: Part, lines: bytes, row: int) -> None:
    at = 0
    while likely := _TWICE_UTF8.search(lines, at):
        start, end = lines.rfind(b"\n", 0, likely.start()) + 1, lines.find(b"\n", likely.end())
        at = end if end >= 0 else len(lines)
        if _valid(lines[start:at]):
            raise refuse("encoding_mixed", part.file, member=part.member, row=row + lines.count(b"\n", 0, start))


def _line_of(path: Path, position: int) -> int:
    line = 1
    with path.open("rb") as handle:
        while position > 0 and (block := handle.read(min(_BLOCK, position))):
            line += block.count(b"\n")
            position -= len(block)
    return line


def _rewrite(part: Part, encoding: str, start: int, copy: Path) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    with part.path.open("rb") as source, copy.open("wb") as target:
        source.seek(start)
        while True:
            block = source.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                row = line + error.object[: error.start].decode(encoding, errors="replace").count("\n")
                raise refuse("encoding_unreadable", part.file, member=part.member, row=row) from error
            data = text.encode(errors="replace")
            if encoding == "gb18030" and b"\xee" in data:
                data = text.translate(_PRIVATE).encode()
            target.write(data)
            line += data.count(b"\n")
            if not block:
                return
