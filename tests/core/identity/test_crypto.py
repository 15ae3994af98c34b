"""Algorithms against their published answers; blocks, tokens and sealed files against everything done to them."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiezhi.identity.crypto import BLOCK, INTERNATIONAL, NATIONAL, Provider
from xiezhi.identity.keyring import Keyring
from xiezhi.identity.organisation import ALPHABET
from xiezhi.identity.packing import pack, unpack
from xiezhi.identity.sealing import CHUNK, SealingKey, open_sealed, seal_stream
from xiezhi.identity.tokens import retokenised, texts_of, tokens_of
from xiezhi.kernel.errors import IntegrityError, UserError
from xiezhi.kernel.identity_kind import IdentityKind

both = pytest.mark.parametrize("provider", [INTERNATIONAL, NATIONAL], ids=lambda provider: provider.name)
NAME = IdentityKind.NAME


def test_the_ciphers_give_the_standards_answers() -> None:
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    assert NATIONAL.encrypt_blocks(key, key).hex() == "681edf34d206965e86b3e94f536e4246"  # GB/T 32907-2016, A.1
    aes = bytes(range(32))
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")
    assert INTERNATIONAL.encrypt_blocks(aes, plain).hex() == "8ea2b7ca516745bfeafc49904b496089"  # FIPS 197, C.3
    # RFC 4231, test case 2
    assert INTERNATIONAL.mac(b"Jefe", b"what do ya want for nothing?").hex().startswith("5bdcc146bf60754e6a042426089575c7")


texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
    st.text("0123456789", min_size=1, max_size=40),
    st.from_regex("[0-9]{17}X", fullmatch=True),
    st.text(ALPHABET, min_size=18, max_size=18),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=40, unique=True))
def test_a_block_is_one_value_and_no_other(values: list[str]) -> None:
    blocks, fits = pack(pa.array(values))
    packed = [blocks[place].tobytes() for place in range(len(values)) if fits[place]]
    assert [unpack(block) for block in packed] == [value for value, fit in zip(values, fits, strict=True) if fit]
    assert len(set(packed)) == len(packed)
    assert all(fit for value, fit in zip(values, fits, strict=True) if len(value.encode()) < BLOCK)


def test_the_common_values_fit_one_block() -> None:
    values = [
        "99010619491231002X",
        "990106194912310178",
        "91350100M000100Y43",
        "6222021234567890123",
        "欧阳修远",
        "13800138000",
        "京AD12345",
    ]
    assert pack(pa.array(values))[1].all()
    assert not pack(pa.array(["9" * 35, "某省某市某区某路一号", "99010619491231002x"]))[1].any()


def test_a_slice_of_an_array_is_packed_as_itself() -> None:
    whole = pa.array(["一", "二", "三", "四"])
    assert [unpack(block.tobytes()) for block in pack(whole.slice(1, 2))[0]] == ["二", "三"]


@both
@settings(max_examples=20, deadline=None)
@given(values=st.lists(texts, min_size=1, max_size=20, unique=True))
def test_tokens_go_back_and_change_keys(provider: Provider, values: list[str]) -> None:
    old, new = Keyring.fresh(provider), Keyring.fresh(INTERNATIONAL)
    tokens = tokens_of(old, NAME, pa.array(values))
    assert texts_of(old, NAME, tokens) == values
    changed, direct = retokenised(old, new, NAME, tokens), tokens_of(new, NAME, pa.array(values))
    assert texts_of(new, NAME, changed) == values
    assert (changed.high == direct.high).all()
    assert changed.sealed == direct.sealed


def test_a_kind_has_tokens_of_its_own(keyring: Keyring) -> None:
    value = pa.array(["13800138000"])
    tokens = [tokens_of(keyring, kind, value).low[0] for kind in IdentityKind]
    assert len(set(tokens)) == len(IdentityKind)


def test_another_key_reads_nothing(keyring: Keyring) -> None:
    tokens = tokens_of(keyring, NAME, pa.array([f"王{place}" for place in range(50)]))
    with pytest.raises(IntegrityError):
        texts_of(Keyring.fresh(), NAME, tokens)


@both
@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_a_sealed_file_opens_as_it_was(tmp_path: Path, provider: Provider, size: int) -> None:
    key, content = _key(provider), os.urandom(size)
    sealed = _sealed(tmp_path, key, content)
    assert size < 64 or content[:64] not in sealed.read_bytes()
    with open_sealed(sealed, key) as opened:
        assert opened.read() == content


@pytest.mark.parametrize(
    "harm", ["header", "first", "last", "cut", "cut_at_chunk", "swapped", "appended", "emptied", "no_chunks", "key"]
)
def test_a_harmed_sealed_file_does_not_open(tmp_path: Path, harm: str) -> None:
    key = _key(INTERNATIONAL)
    path = _sealed(tmp_path, key, os.urandom(2 * CHUNK + 100))
    data, start, chunk = bytearray(path.read_bytes()), 24, CHUNK + 16
    harmed = {
        "header": data[:10] + bytes([data[10] ^ 1]) + data[11:],
        "first": data[:start] + bytes([data[start] ^ 1]) + data[start + 1 :],
        "last": data[:-1] + bytes([data[-1] ^ 1]),
        "cut": data[:-5],
        "cut_at_chunk": data[: start + 2 * chunk],
        "swapped": data[:start]
        + data[start + chunk : start + 2 * chunk]
        + data[start : start + chunk]
        + data[start + 2 * chunk :],
        "appended": data + b"x",
        "emptied": b"",
        "no_chunks": data[:start],
        "key": data,
    }[harm]
    path.write_bytes(bytes(harmed))
    with pytest.raises(IntegrityError), open_sealed(path, _key(INTERNATIONAL) if harm == "key" else key) as opened:
        opened.read()


def test_two_sealings_of_one_file_differ(tmp_path: Path) -> None:
    key = _key(INTERNATIONAL)
    assert _sealed(tmp_path, key, b"same", "a").read_bytes() != _sealed(tmp_path, key, b"same", "b").read_bytes()


@both
def test_a_key_file_comes_back(tmp_path: Path, provider: Provider) -> None:
    made = Keyring.generate(tmp_path / "deep" / "site.key", provider)
    found = Keyring.load(tmp_path / "deep" / "site.key")
    assert (found.key_id, found.provider, found.token_key(NAME)) == (made.key_id, provider, made.token_key(NAME))
    assert (tmp_path / "deep" / "site.key").stat().st_mode & 0o777 == 0o600
    assert "demonstration" in (tmp_path / "deep" / "site.key").read_text("utf-8")


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    Keyring.generate(tmp_path / "k")
    (tmp_path / "k").chmod(0o640)
    with pytest.raises(UserError, match="XZ-KEY-04"):
        Keyring.load(tmp_path / "k")


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"provider": "AES-256/SHA-256", "master": "c2hvcnQ="}', '{"provider": "ROT13", "master": ""}']
)
def test_what_is_no_key_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "k").write_text(content)
    (tmp_path / "k").chmod(0o600)
    with pytest.raises(UserError, match="XZ-KEY-03"):
        Keyring.load(tmp_path / "k")


def test_the_environment_names_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Keyring.generate(tmp_path / "k")
    monkeypatch.setenv("XIEZHI_KEY_FILE", str(tmp_path / "k"))
    assert Keyring.from_env().key_id == made.key_id
    with pytest.raises(UserError, match="XZ-KEY-06"):
        Keyring.generate(tmp_path / "k")
    monkeypatch.delenv("XIEZHI_KEY_FILE")
    with pytest.raises(UserError, match="XZ-KEY-05"):
        Keyring.from_env()


def test_a_keyring_does_not_show_its_key(keyring: Keyring) -> None:
    assert keyring._master.hex() not in repr(keyring)
    assert repr(keyring) == f"Keyring({keyring.key_id}, AES-256/SHA-256)"


def _key(provider: Provider) -> SealingKey:
    return SealingKey(provider, os.urandom(32))


def _sealed(folder: Path, key: SealingKey, content: bytes, name: str = "sealed") -> Path:
    with (folder / name).open("wb") as target:
        assert seal_stream(io.BytesIO(content), target, key) == len(content)
    return folder / name
