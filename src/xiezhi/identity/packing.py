"""Values as blocks of 16 bytes, one block a value, no two values the same: what a cipher can encrypt in one step.

The first byte says how to read the other fifteen. Values too long for every form have no block (`fits` is false for them).

    0x01-0x0F   that many bytes of UTF-8                        names, plates, party ids, phones
    0x20+n      n = 16-34 decimal digits, as two integers       citizen ids, accounts
    0x50        17 digits and an X                              citizen ids
    0x60        18 characters of the credit code's alphabet     credit codes
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from xiezhi.identity.crypto import BLOCK
from xiezhi.identity.organisation import ALPHABET

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

SHORT = BLOCK - 1
DIGITS, WITH_X, CODE = 0x20, 0x50, 0x60
FEWEST_DIGITS, MOST_DIGITS = 16, 34
LOW_DIGITS = 18
"""Digits of the lower integer: 10^18 fits 60 bits, and the 16 above it 54 bits, which are 7 of the 15 bytes."""

_PLACES = np.full(256, -1, dtype=np.int64)
_PLACES[np.frombuffer(ALPHABET.encode(), dtype=np.uint8)] = np.arange(31)


@dataclass(frozen=True)
class Texts:
    """The bytes of an Arrow array of texts: text i is `data[starts[i]:starts[i] + lengths[i]]`."""

    data: Bytes
    starts: Integers
    lengths: Integers

    @classmethod
    def of(cls, values: pa.Array) -> Texts:
        binary = values.cast(pa.large_string()).cast(pa.large_binary())
        _, offsets, data = binary.buffers()
        bounds = np.frombuffer(offsets, dtype=np.int64)[binary.offset : binary.offset + len(binary) + 1]
        return cls(np.frombuffer(data or b"", dtype=np.uint8), bounds[:-1], np.diff(bounds))

    def last(self, place: int, rows: Integers) -> Integers:
        """The byte `place` before the end of each of `rows`."""
        ends: Integers = self.data[self.starts[rows] + self.lengths[rows] - 1 - place].astype(np.int64)
        return ends


def pack(values: pa.Array) -> tuple[Bytes, Flags]:
    """Blocks (n × 16) and which of them are filled. `values`: texts without NULLs; an empty text has no block."""
    texts = Texts.of(values)
    blocks = np.zeros((len(values), BLOCK), dtype=np.uint8)
    fits = (texts.lengths >= 1) & (texts.lengths <= SHORT)
    _pack_short(texts, blocks, np.flatnonzero(fits))
    long = np.flatnonzero((texts.lengths >= FEWEST_DIGITS) & (texts.lengths <= MOST_DIGITS))
    digital = _all_digits(texts, long)
    with_x = ~digital & (texts.lengths[long] == LOW_DIGITS)
    _pack_digits(texts, blocks, long[digital])
    others = long[with_x]
    ends_in_x = _ends_in_x(texts, others)
    _pack_with_x(texts, blocks, others[ends_in_x])
    codes = others[~ends_in_x]
    codes = codes[_all_in_alphabet(texts, codes)]
    _pack_codes(texts, blocks, codes)
    for filled in (long[digital], others[ends_in_x], codes):
        fits[filled] = True
    return blocks, fits


def unpack(block: bytes) -> str:
    """The text of one block. Raises ValueError where `pack` cannot have made it (it was decrypted with another key)."""
    form, content = block[0], block[1:]
    if 1 <= form <= SHORT:
        if any(content[form:]):
            raise ValueError("no block of ours")
        return content[:form].decode()
    high, low = int.from_bytes(content[:7], "big"), int.from_bytes(content[7:], "big")
    if DIGITS + FEWEST_DIGITS <= form <= DIGITS + MOST_DIGITS:
        return _digits_of(high * 10**LOW_DIGITS + low, form - DIGITS)
    if form == WITH_X:
        return _digits_of(low, 17) + "X"
    if form == CODE:
        return _code_of(high) + _code_of(low)
    raise ValueError("no block of ours")


def _pack_short(texts: Texts, blocks: Bytes, rows: Integers) -> None:
    blocks[rows, 0] = texts.lengths[rows]
    for place in range(SHORT):
        longer = rows[texts.lengths[rows] > place]
        blocks[longer, place + 1] = texts.data[texts.starts[longer] + place]


def _pack_digits(texts: Texts, blocks: Bytes, rows: Integers) -> None:
    low, high = np.zeros(rows.size, dtype=np.int64), np.zeros(rows.size, dtype=np.int64)
    for place in range(MOST_DIGITS):
        has = np.flatnonzero(texts.lengths[rows] > place)
        if not has.size:
            break
        part, power = (low, place) if place < LOW_DIGITS else (high, place - LOW_DIGITS)
        part[has] += (texts.last(place, rows[has]) - ord("0")) * 10**power
    _write(blocks, rows, DIGITS + texts.lengths[rows], high, low)


def _pack_with_x(texts: Texts, blocks: Bytes, rows: Integers) -> None:
    low = np.zeros(rows.size, dtype=np.int64)
    for place in range(1, 18):
        low += (texts.last(place, rows) - ord("0")) * 10 ** (place - 1)
    _write(blocks, rows, WITH_X, np.zeros(rows.size, dtype=np.int64), low)


def _pack_codes(texts: Texts, blocks: Bytes, rows: Integers) -> None:
    halves = [np.zeros(rows.size, dtype=np.int64) for _ in range(2)]
    for place in range(18):
        halves[place // 9] += _PLACES[texts.last(place, rows)] * 31 ** (place % 9)
    _write(blocks, rows, CODE, halves[1], halves[0])


def _write(blocks: Bytes, rows: Integers, form: Integers | int, high: Integers, low: Integers) -> None:
    """Form, then `high` in 7 bytes and `low` in 8, most significant first."""
    blocks[rows, 0] = form
    blocks[rows, 1:8] = high.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 1:]
    blocks[rows, 8:] = low.astype(">u8").view(np.uint8).reshape(-1, 8)


def _all_digits(texts: Texts, rows: Integers) -> Flags:
    good = np.ones(rows.size, dtype=np.bool_)
    for place in range(MOST_DIGITS):
        has = np.flatnonzero(good & (texts.lengths[rows] > place))
        if not has.size:
            break
        byte = texts.last(place, rows[has])
        good[has] = (byte >= ord("0")) & (byte <= ord("9"))
    return good


def _ends_in_x(texts: Texts, rows: Integers) -> Flags:
    good = np.asarray(texts.last(0, rows) == ord("X"))
    for place in range(1, 18):
        byte = texts.last(place, rows)
        good &= (byte >= ord("0")) & (byte <= ord("9"))
    return good


def _all_in_alphabet(texts: Texts, rows: Integers) -> Flags:
    good = np.ones(rows.size, dtype=np.bool_)
    for place in range(18):
        good &= _PLACES[texts.last(place, rows)] >= 0
    return good


def _digits_of(number: int, width: int) -> str:
    text = str(number).zfill(width)
    if len(text) != width:
        raise ValueError("no block of ours")
    return text


def _code_of(number: int) -> str:
    characters = []
    for _ in range(9):
        number, place = divmod(number, 31)
        characters.append(ALPHABET[place])
    return "".join(reversed(characters))
