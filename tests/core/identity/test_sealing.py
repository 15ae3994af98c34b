"""Sealed files and texts by their description alone: whoever holds the key can read them without this program."""

from __future__ import annotations

import base64
import io
import os
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st

from xiezhi.identity.crypto import INTERNATIONAL, NATIONAL, Provider
from xiezhi.identity.sealing import SealingKey, TextSealer, open_sealed, seal_stream
from xiezhi.kernel.errors import IntegrityError

MIB = 1024 * 1024
both = pytest.mark.parametrize("provider", [INTERNATIONAL, NATIONAL], ids=lambda provider: provider.name)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize("size", [0, 1, MIB, MIB + 1, 2 * MIB + 7])
def test_a_sealed_file_is_read_by_its_description(size: int) -> None:
    """Magic and salt; chunks of 1 MiB under the file's own key, their number the nonce (96 bits, NIST SP 800-38D)."""
    master, content, target = os.urandom(32), os.urandom(size), io.BytesIO()
    assert seal_stream(io.BytesIO(content), target, SealingKey(INTERNATIONAL, master)) == size
    sealed = target.getvalue()
    header, body = sealed[:24], sealed[24:]
    assert header[:8] == b"XZSEAL1\n"
    cipher = AESGCM(_derived(master, f"file/{header[8:].hex()}"))
    chunks = [body[start : start + MIB + 16] for start in range(0, len(body), MIB + 16)]
    opened = [
        cipher.decrypt(number.to_bytes(12, "big"), chunk, header + (b"last" if number == len(chunks) - 1 else b"more"))
        for number, chunk in enumerate(chunks)
    ]
    assert b"".join(opened) == content
    assert len(chunks) == max(1, -(-size // MIB))


def test_a_sealed_file_that_was_closed_is_closed(tmp_path: Path) -> None:
    key = SealingKey(INTERNATIONAL, os.urandom(32))
    with (tmp_path / "sealed").open("wb") as target:
        seal_stream(io.BytesIO(b"content"), target, key)
    before = len(list(Path("/proc/self/fd").iterdir()))
    opened = open_sealed(tmp_path / "sealed", key)
    assert opened.read(3) == b"con"
    assert (opened.readable(), opened.closed) == (True, False)
    opened.close()
    assert opened.closed
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    with pytest.raises(ValueError, match="closed"):
        opened.read(1)


def test_a_sealed_text_is_read_by_its_description() -> None:
    """Twelve bytes of nonce and the compressed text, in base64; its place is authenticated with it."""
    master = os.urandom(32)
    sealed = base64.b64decode(TextSealer(SealingKey(INTERNATIONAL, master)).seal("说明 43", "delivery/7"), validate=True)
    opened = AESGCM(_derived(master, "text")).decrypt(sealed[:12], sealed[12:], b"delivery/7")
    assert zlib.decompress(opened).decode() == "说明 43"


@both
@settings(max_examples=30, deadline=None)
@given(text=texts, place=texts)
def test_a_text_comes_back_in_its_place_alone(provider: Provider, text: str, place: str) -> None:
    key = SealingKey(provider, b"k" * 32)
    sealed = TextSealer(key).seal(text, place)
    assert TextSealer(key).open(sealed, place) == text
    for sealer, elsewhere in ((TextSealer(key), place + "x"), (TextSealer(SealingKey(provider, b"l" * 32)), place)):
        with pytest.raises(IntegrityError):
            sealer.open(sealed, elsewhere)


@given(st.lists(st.tuples(texts, texts), min_size=2, max_size=6, unique=True))
def test_the_same_text_in_the_same_place_is_sealed_the_same_way_and_no_other(written: list[tuple[str, str]]) -> None:
    """No nonce meets two texts: neither two in one place, nor one in two places."""
    sealer = TextSealer(SealingKey(INTERNATIONAL, b"k" * 32))
    sealed = [sealer.seal(text, place) for text, place in written]
    assert sealed == [sealer.seal(text, place) for text, place in written]
    assert len({base64.b64decode(one)[:12] for one in sealed}) == len(written)


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"xiezhi/{purpose}/1".encode()).derive(master)
