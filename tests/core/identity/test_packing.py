"""Blocks and tokens lie in vaults for years: what they look like byte by byte, which values have one, and what is none."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from xiezhi.identity.keyring import Keyring
from xiezhi.identity.packing import pack, unpack
from xiezhi.identity.tokens import Tokens, texts_of, tokens_of
from xiezhi.kernel.errors import IntegrityError
from xiezhi.kernel.identity_kind import IdentityKind

CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _numbered(form: int, high: int, low: int) -> bytes:
    return bytes([form]) + high.to_bytes(7, "big") + low.to_bytes(8, "big")


def _in_base_31(characters: str) -> int:
    number = 0
    for character in characters:
        number = number * 31 + CODE_CHARACTERS.index(character)
    return number


LAYOUTS = {
    "a": b"\x01a" + bytes(14),
    "王伟": b"\x06" + "王伟".encode() + bytes(9),
    "123456789012345": b"\x0f123456789012345",
    "1234567890123456": _numbered(0x30, 0, 1234567890123456),
    "990106194912310178": _numbered(0x32, 0, 990106194912310178),
    "6222021234567890123": _numbered(0x33, 6, 222021234567890123),
    "9" * 34: _numbered(0x42, 10**16 - 1, 10**18 - 1),
    "0" * 34: _numbered(0x42, 0, 0),
    "99010619491231002X": _numbered(0x50, 0, 99010619491231002),
    "09999999999999999X": _numbered(0x50, 0, 9999999999999999),
    "91350100M000100Y43": _numbered(0x60, _in_base_31("91350100M"), _in_base_31("000100Y43")),
    "Y" * 18: _numbered(0x60, 31**9 - 1, 31**9 - 1),
}
"""By the table at the head of `packing`."""


@pytest.mark.parametrize("text", LAYOUTS)
def test_a_block_looks_as_it_is_written(text: str) -> None:
    """A vault of today is read by the program of tomorrow."""
    blocks, fits = pack(pa.array([text]))
    assert fits.tolist() == [True]
    assert blocks[0].tobytes().hex() == LAYOUTS[text].hex()
    assert unpack(LAYOUTS[text]) == text


def test_which_lengths_have_a_block() -> None:
    """Texts of 1 to 15 bytes; numbers of 16 to 34 digits; an empty text has none."""
    digits = pack(pa.array(["7" * length for length in range(37)]))[1]
    assert np.flatnonzero(digits).tolist() == list(range(1, 35))
    letters = pack(pa.array(["a" * length for length in range(37)]))[1]
    assert np.flatnonzero(letters).tolist() == list(range(1, 16))
    codes = pack(pa.array(["A" * length for length in range(16, 37)]))[1]
    assert (np.flatnonzero(codes) + 16).tolist() == [18]


def test_eighteen_characters_have_a_block_where_all_are_of_the_alphabet() -> None:
    """One character beside it, at any place, and there is none: I, O, S, V and Z look like digits and are left out."""
    for other in "IOSVZa/:@[x":
        assert not pack(pa.array(_with_one(other)))[1].any()
    for other in "09ABXY":
        assert pack(pa.array(_with_one(other)))[1].all()


def _with_one(other: str) -> list[str]:
    return ["9" * place + other + "9" * (17 - place) for place in range(18)]


def test_empty_texts_alone_are_packed_as_nothing() -> None:
    blocks, fits = pack(pa.array(["", ""]))
    assert (fits.any(), blocks.any()) == (False, False)


def test_what_no_value_looks_like_is_no_block() -> None:
    """Of the first bytes only those of the table; behind a short text only noughts; no number longer than its form says."""
    forms = {*range(1, 16), *range(0x20 + 16, 0x20 + 35), 0x50, 0x60}
    read = set()
    for form in range(256):
        try:
            unpack(bytes([form]) + bytes(15))
            read.add(form)
        except ValueError:
            pass
    assert read == forms
    for block in (
        b"\x02ab" + bytes(12) + b"\x01",
        b"\x02\xff\xff" + bytes(13),
        _numbered(0x30, 0, 10**16),
        _numbered(0x32, 1, 0),
    ):
        with pytest.raises(ValueError, match=r"no block of ours|utf-8"):
            unpack(block)


def test_tokens_without_the_end_of_their_texts_are_not_read(keyring: Keyring) -> None:
    tokens = tokens_of(keyring, IdentityKind.NAME, pa.array(["王伟", "李四"]))
    with pytest.raises(IntegrityError):
        texts_of(keyring, IdentityKind.NAME, Tokens(tokens.high, tokens.low, tokens.sealed[:1]))
