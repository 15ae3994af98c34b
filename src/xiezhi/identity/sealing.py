"""Whole files sealed: the delivered originals, kept for evidence and read by no one without the site's key; and short texts.

A sealed file is a header (magic, a random salt) and chunks of 1 MiB, each encrypted and authenticated by itself, so that a
file larger than memory is sealed and opened as it streams. Each file has a key of its own, derived from the salt; a chunk's
number is its nonce, and number, header and whether it is the last are authenticated with it. So chunks cannot be altered,
swapped, repeated, moved between files, or cut off at the end without the reader noticing at that chunk.
"""

from __future__ import annotations

import base64
import io
import secrets
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xiezhi.identity.crypto import TAG, Provider, altered

MAGIC = b"XZSEAL1\n"
SALT = 16
CHUNK = 1 << 20
_NONCE = 12


@dataclass(frozen=True)
class SealingKey:
    """A key with its algorithms, from `Vault.storage_key`."""

    provider: Provider
    key: bytes

    def for_file(self, salt: bytes) -> bytes:
        return self.provider.derive(self.key, f"file/{salt.hex()}")


def seal_stream(source: BinaryIO, target: BinaryIO, key: SealingKey) -> int:
    """Seal what `source` holds from here to its end into `target`; returns how many bytes that was."""
    header = MAGIC + secrets.token_bytes(SALT)
    file_key = key.for_file(header[len(MAGIC) :])
    target.write(header)
    sealed, number, chunk = 0, 0, _exactly(source, CHUNK)
    while True:
        following = _exactly(source, CHUNK) if len(chunk) == CHUNK else b""
        target.write(key.provider.seal(file_key, _nonce(number), chunk, _context(header, last=not following)))
        sealed, number = sealed + len(chunk), number + 1
        if not following:
            return sealed
        chunk = following


def open_sealed(path: Path, key: SealingKey) -> BinaryIO:
    """A readable stream of the sealed content. Reading raises IntegrityError at the first chunk that is not as it was sealed."""
    return io.BufferedReader(_Opened(path.open("rb"), key), CHUNK)


class _Opened(io.RawIOBase):
    """Opens one chunk at a time; knows a chunk is the last when nothing follows it."""

    def __init__(self, source: BinaryIO, key: SealingKey) -> None:
        self._source, self._key = source, key
        self._header = _exactly(source, len(MAGIC) + SALT)
        if len(self._header) != len(MAGIC) + SALT or not self._header.startswith(MAGIC):
            source.close()
            raise altered()
        self._file_key = key.for_file(self._header[len(MAGIC) :])
        self._number, self._plain = 0, b""
        self._sealed = _exactly(source, CHUNK + TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._plain:
            if not self._sealed:
                if self._number == 0:
                    raise altered()
                return 0
            self._next_chunk()
        taken = self._plain[: len(buffer)]
        buffer[: len(taken)] = taken
        self._plain = self._plain[len(taken) :]
        return len(taken)

    def close(self) -> None:
        self._source.close()
        super().close()

    def _next_chunk(self) -> None:
        following = _exactly(self._source, CHUNK + TAG)
        context = _context(self._header, last=not following)
        self._plain = self._key.provider.unseal(self._file_key, _nonce(self._number), self._sealed, context)
        self._sealed, self._number = following, self._number + 1


class TextSealer:
    """Seals short texts one by one, for columns of the lake that only the site may read.

    The nonce comes of the text itself (SIV's idea, RFC 5297): the same text in the same place is sealed to the same
    bytes, so that a state of the lake can be made again, and no nonce meets two texts.
    """

    def __init__(self, key: SealingKey) -> None:
        self._provider = key.provider
        self._key = key.provider.derive(key.key, "text")
        self._nonces = key.provider.derive(key.key, "text/nonce")

    def seal(self, text: str, place: str) -> str:
        """The sealed text in base64. `place` (whose text it is) must be given again to open it."""
        data, context = zlib.compress(text.encode()), place.encode()
        nonce = self._provider.mac(self._nonces, len(context).to_bytes(8, "big") + context + data)[:_NONCE]
        return base64.b64encode(nonce + self._provider.seal(self._key, nonce, data, context)).decode()

    def open(self, sealed: str, place: str) -> str:
        """The text. Raises IntegrityError where it, its place or the key is another."""
        data = base64.b64decode(sealed)
        return zlib.decompress(self._provider.unseal(self._key, data[:_NONCE], data[_NONCE:], place.encode())).decode()


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _context(header: bytes, *, last: bool) -> bytes:
    return header + (b"last" if last else b"more")


def _exactly(source: BinaryIO, size: int) -> bytes:
    """`size` bytes, or fewer only at the end: pipes and decompressors may give less at a time."""
    parts: list[bytes] = []
    while size:
        part = source.read(size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
