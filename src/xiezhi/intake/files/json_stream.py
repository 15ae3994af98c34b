"""JSON from a file of any length, value by value, in bounded memory: lines, an array, or the array inside a package.

Gives texts; what they mean is the readers' business. A block of texts goes to the engine with numbers it would round
written as strings, so that an amount never loses a digit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xiezhi.intake.files.encoding import Utf8File
from xiezhi.intake.files.json_decode import Decoder
from xiezhi.intake.json_text import written

_DECODER = json.JSONDecoder(parse_float=str, parse_int=str)
_SPACE = re.compile(r"[\s\ufeff]*")
_CHUNK = 1 << 18
_BLOCK = 8 << 20
_NEWLINE = 10
_LONG_NUMBER = r"\.[0-9]{5}|[0-9]{11}\."
"""Any number with a fraction and more than 14 digits; fewer come out of a double as they went in."""

_LONG_IN_BLOCK = re.compile(rb"\.(?:[0-9]{5}|(?<=[0-9]{11}\.))")
"""The same, fast over millions of bytes because it begins with a letter to look for."""

_UNDECIDED = 3
"""A number may go on after what looks like its end: `1`, then `e+5`."""

_PACKAGED = ("releases", "records")

_OF_RECORD = ("ocid", "compiledRelease", "versionedRelease")
"""Members of a record, which has `releases` as a release package has, but is one value."""


class Damaged(ValueError):
    """The text is no JSON from here on, or one value is larger than allowed."""


class Item(NamedTuple):
    """One value's text and its number: its line, or its place in the array from 1."""

    row: int
    text: str


def read_blocks(text: Utf8File, most: int, most_rows: int, *, verbatim: bool = False) -> Iterator[pa.Table]:
    """Every value of a file in blocks of at most `most_rows` and some 8 MB, with columns `text` and `_row`.

    `verbatim`: long numbers stay numbers, for a reader that does not hand the texts to the engine.
    Raises Damaged where the file is no JSON, or a value is longer than `most`.
    """
    with text.path.open("rb") as handle:
        handle.seek(text.start)
        by_line = looks_like_lines(handle.read(_CHUNK).decode(errors="ignore"))
        handle.seek(text.start)
        for block in lines(handle, most) if by_line else _gathered(items(handle, most)):
            exact = block if verbatim else block.set_column(0, "text", _exact(block.column("text").combine_chunks()))
            for start in range(0, block.num_rows, most_rows):
                yield exact.slice(start, most_rows)


def as_block(found: list[Item]) -> pa.Table:
    """Texts with their numbers as a block."""
    texts, rows = [item.text for item in found], [item.row for item in found]
    return pa.table({"text": pa.array(texts, pa.string()), "_row": pa.array(rows, pa.int64())})


def decoded(text: str) -> Any:
    """The value with its numbers as text; None where it is no JSON."""
    try:
        return _DECODER.decode(text.strip("\ufeff \t\r"))
    except (ValueError, RecursionError):
        return None


def lines(handle: IO[bytes], most: int) -> Iterator[pa.Table]:
    """One text a line, cut by Arrow; blank lines are counted but not given."""
    row, carried, more = 1, b"", True
    while more:
        fresh = handle.read(_BLOCK)
        data, more = carried + fresh, bool(fresh)
        cut = data.rfind(b"\n") + 1 if more else len(data)
        whole, carried = data[:cut], data[cut:]
        ends = np.flatnonzero(np.frombuffer(whole, dtype=np.uint8) == _NEWLINE) + 1
        bounds = np.unique(np.concatenate([[0], ends, [cut]])).astype(np.int32)
        too_long = np.flatnonzero(np.diff(np.append(bounds, len(data))) > most + 1)
        if len(too_long):
            raise Damaged(f"line {row + int(too_long[0])} is longer than {most} bytes")
        texts = pa.StringArray.from_buffers(len(bounds) - 1, pa.py_buffer(bounds), pa.py_buffer(whole))
        block = pa.table(
            {"text": pc.ascii_trim(texts, characters=" \t\r\n"), "_row": np.arange(row, row + len(texts), dtype=np.int64)}
        )
        row += len(texts)
        yield block.filter(pc.not_equal(block.column("text"), ""))


def _gathered(found: Iterator[Item]) -> Iterator[pa.Table]:
    block: list[Item] = []
    size = 0
    for item in found:
        block.append(item)
        size += len(item.text)
        if size >= _BLOCK:
            yield as_block(block)
            block, size = [], 0
    yield as_block(block)


def items(handle: IO[bytes], most: int) -> Iterator[Item]:
    """The elements of a top-level array, of the `releases` or `records` of a package, or single values one after another."""
    text = _Window(handle, most)
    row = 0
    while text.peek():
        if text.peek() == "[":
            found = text.array()
        elif text.peek() == "{":
            found = _package(text)
        else:
            raise Damaged(f"unexpected {text.peek()!r}")
        for said in found:
            row += 1
            yield Item(row, said)


def looks_like_lines(sample: str) -> bool:
    """Whether the text is one JSON object a line, and not one that is spread over lines or fills a line as a package."""
    found = [line for line in sample.strip("\ufeff \t\r\n").split("\n")[:20] if line.strip()]
    objects = [value for line in found if isinstance(value := decoded(line), dict)]
    if len(objects) == len(found) == 1:
        return not any(isinstance(objects[0].get(key), list) for key in _PACKAGED)
    first = found[0].strip() if found else ""
    return bool(objects) and first.startswith("{") and first.endswith("}")


def _exact(texts: pa.Array) -> pa.Array:
    """The engine holds a number as a double: longer ones become strings before it sees them."""
    if not len(texts) or not _LONG_IN_BLOCK.search(texts.buffers()[2]):
        return texts
    risky = pc.match_substring_regex(texts, _LONG_NUMBER)
    return pa.array([_requoted(text) if long else text for text, long in zip(texts.to_pylist(), risky.to_pylist(), strict=True)])


def _requoted(text: str) -> str:
    """The text with its numbers as strings; as it is where an object contradicts itself, so that the reader sees it."""
    decoder = Decoder()
    value = decoder.value(text)
    return text if value is None or decoder.repeats(value) else written(value)


def _package(text: _Window) -> Iterator[str]:
    """An object: the elements of its `releases` or `records`; or, where it has neither or is a record, the object itself."""
    members: list[str] = []
    packaged = recorded = False
    text.expect("{")
    while text.peek() != "}":
        said_key, key = text.value()
        text.expect(":")
        recorded = recorded or key in _OF_RECORD
        if packaged and recorded:
            raise Damaged(f"{key!r} of a record must come before its 'releases'")
        if key in _PACKAGED and not recorded and text.peek() == "[":
            packaged = True
            yield from text.array()
        else:
            said, _ = text.value()
            members += [] if packaged else [f"{said_key}:{said}"]
        if text.peek() == ",":
            text.expect(",")
    text.expect("}")
    if not packaged:
        yield "{" + ",".join(members) + "}"


class _Window:
    """A stretch of the file that grows until the value at its beginning is whole, and no further than `most` characters."""

    def __init__(self, handle: IO[bytes], most: int) -> None:
        self._reader = iter(lambda: handle.read(_CHUNK), b"")
        self._most = most
        self._text, self._at = "", 0
        self._carried = b""

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._grow():
                return ""

    def expect(self, char: str) -> None:
        if self.peek() != char:
            raise Damaged(f"expected {char!r}, found {self.peek()!r}")
        self._at += 1

    def array(self) -> Iterator[str]:
        self.expect("[")
        while self.peek() != "]":
            yield self.value()[0]
            if self.peek() == ",":
                self.expect(",")
        self.expect("]")

    def value(self) -> tuple[str, Any]:
        """The next value with its text."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
                if len(self._text) - end < _UNDECIDED and self._grow():
                    continue
                said, self._at = self._text[self._at : end], end
                return said, value
            except RecursionError as error:
                raise Damaged("nested too deep") from error
            except ValueError as error:
                if not self._grow():
                    raise Damaged(str(error)) from error

    def _grow(self) -> bool:
        """Read on; twice as much each time, so that a long value is tried a few times only."""
        wanted = max(_CHUNK, len(self._text) - self._at)
        if len(self._text) - self._at > self._most:
            raise Damaged(f"one value is longer than {self._most} characters")
        data = self._carried
        while len(data) - len(self._carried) < wanted and (chunk := next(self._reader, b"")):
            data += chunk
        if len(data) == len(self._carried):
            return False
        cut = _whole_characters(data)
        self._text, self._at = self._text[self._at :] + data[:cut].decode(), 0
        self._carried = data[cut:]
        return True


def _whole_characters(data: bytes) -> int:
    """How many bytes of `data` are whole UTF-8 characters."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) - back if length > back else len(data)
        if byte < 0x80:
            break
    return len(data)
