"""Values ↔ tokens: 16 bytes that stand for a value under a key, the same ones every time.

A token is the value's block encrypted by itself (ECB). That mode is wrong for texts, because equal blocks show; here equal
values are meant to show, every block is a whole value, and the vault holds each value once, so nothing repeats. Encrypting
instead of hashing lets the key's holder, and no one else, read a value back, and leaves nothing to guess by trial: the
holder of a stolen vault would have to break the cipher. A value longer than a block has a keyed digest as its token, and a
sealed copy of its text beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from xiezhi.identity.crypto import BLOCK, altered
from xiezhi.identity.keyring import Keyring
from xiezhi.identity.packing import pack, unpack
from xiezhi.kernel.identity_kind import IdentityKind

Halves = NDArray[np.uint64]

NONCE = 12
"""Bytes of a GCM nonce (NIST SP 800-38D, 8.2)."""


@dataclass(frozen=True)
class Tokens:
    """Tokens as two 64-bit halves each, and the sealed text of those that are digests (None for the others)."""

    high: Halves
    low: Halves
    sealed: list[bytes | None]

    def table(self) -> pa.Table:
        """Columns i (place in the array), high, low, sealed."""
        return pa.table(
            {
                "i": pa.array(np.arange(self.high.size, dtype=np.int64)),
                "high": pa.array(self.high),
                "low": pa.array(self.low),
                "sealed": pa.array(self.sealed, pa.binary()),
            }
        )


def tokens_of(keyring: Keyring, kind: IdentityKind, values: pa.Array) -> Tokens:
    """The token of each text; one call of the cipher for all that fit a block."""
    blocks, fits = pack(values)
    encrypted = keyring.provider.encrypt_blocks(keyring.token_key(kind), blocks.tobytes())
    tokens = np.frombuffer(encrypted, dtype=np.uint8).reshape(-1, BLOCK).copy()
    sealed: list[bytes | None] = [None] * len(values)
    for place in np.flatnonzero(~fits):
        text = values[int(place)].as_py().encode()
        digest, sealed[place] = _long(keyring, kind, text)
        tokens[place] = np.frombuffer(digest, dtype=np.uint8)
    return _halved(tokens, sealed)


def texts_of(keyring: Keyring, kind: IdentityKind, tokens: Tokens) -> list[str]:
    """What `tokens_of` was given. Raises IntegrityError where a token is not of this key and kind."""
    blocks = keyring.provider.decrypt_blocks(keyring.token_key(kind), _joined(tokens))
    places = zip(range(0, len(blocks), BLOCK), tokens.sealed, strict=True)
    try:
        return [_opened(keyring, kind, sealed) if sealed else unpack(blocks[start : start + BLOCK]) for start, sealed in places]
    except ValueError:
        raise altered() from None


def retokenised(old: Keyring, new: Keyring, kind: IdentityKind, tokens: Tokens) -> Tokens:
    """The same values' tokens under another key; block tokens are never unpacked to text."""
    blocks = old.provider.decrypt_blocks(old.token_key(kind), _joined(tokens))
    encrypted = new.provider.encrypt_blocks(new.token_key(kind), blocks)
    fresh = np.frombuffer(encrypted, dtype=np.uint8).reshape(-1, BLOCK).copy()
    sealed: list[bytes | None] = [None] * len(tokens.sealed)
    for place, copy in enumerate(tokens.sealed):
        if copy is not None:
            digest, sealed[place] = _long(new, kind, _opened(old, kind, copy).encode())
            fresh[place] = np.frombuffer(digest, dtype=np.uint8)
    return _halved(fresh, sealed)


def _long(keyring: Keyring, kind: IdentityKind, text: bytes) -> tuple[bytes, bytes]:
    """Digest and sealed copy. The nonce comes from the text, so that the same text is sealed the same way, never another."""
    mac = keyring.provider.mac(keyring.digest_key(kind), text)
    nonce = mac[BLOCK : BLOCK + NONCE]
    return mac[:BLOCK], nonce + keyring.provider.seal(keyring.sealing_key(kind), nonce, text, kind.encode())


def _opened(keyring: Keyring, kind: IdentityKind, sealed: bytes) -> str:
    nonce, content = sealed[:NONCE], sealed[NONCE:]
    return keyring.provider.unseal(keyring.sealing_key(kind), nonce, content, kind.encode()).decode()


def _halved(tokens: NDArray[np.uint8], sealed: list[bytes | None]) -> Tokens:
    halves = tokens.view(">u8").astype(np.uint64)
    return Tokens(np.ascontiguousarray(halves[:, 0]), np.ascontiguousarray(halves[:, 1]), sealed)


def _joined(tokens: Tokens) -> bytes:
    return np.column_stack([tokens.high, tokens.low]).astype(">u8").tobytes()
