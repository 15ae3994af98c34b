"""What a vault keeps besides its numbers: its folder, its key's name, counts; and what a failure in the middle leaves."""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from xiezhi.identity import vault_file
from xiezhi.identity.keyring import Keyring
from xiezhi.identity.site import site_keyring
from xiezhi.identity.tokens import Tokens, tokens_of
from xiezhi.identity.vault import COUNTED, DATABASE, Vault, key_id_of
from xiezhi.identity.vault_file import ASSIGNED, VaultFile
from xiezhi.kernel.errors import IntegrityError, UserError
from xiezhi.kernel.identity_kind import IdentityKind

NAME, PARTY = IdentityKind.NAME, IdentityKind.PARTY_ID
NAMES = pa.array(["王伟", "李四"])


@pytest.fixture
def file(tmp_path: Path) -> Iterator[VaultFile]:
    """A vault's database without its keys."""
    opened = VaultFile(tmp_path / "vault.duckdb", "1GB")
    yield opened
    opened.close()


@pytest.fixture
def open_umask() -> Iterator[None]:
    """New files and folders get the whole mode that the program asks for."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_a_vaults_folder_is_made_for_its_owner_alone(tmp_path: Path, keyring: Keyring) -> None:
    folder = tmp_path / "city" / "lake" / "vault"
    Vault.open(folder, keyring).close()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / DATABASE)] == [0o700, 0o600]


def test_the_wrong_key_does_not_hold_the_vault(vault: Vault, tmp_path: Path, keyring: Keyring) -> None:
    vault.close()
    with pytest.raises(UserError, match="XZ-KEY-02"):
        Vault.open(tmp_path / "vault", Keyring.fresh())
    Vault.open(tmp_path / "vault", keyring).close()


@pytest.mark.parametrize("lost", [False, True])
def test_two_keys_of_which_none_fits_are_both_kept(tmp_path: Path, lost: bool) -> None:
    """Whichever is thrown away could be the one that a backup needs."""
    Vault.open(tmp_path, site_keyring(tmp_path)).close()
    (tmp_path / "site.key").unlink()
    Keyring.generate(tmp_path / "site.key.next")
    if not lost:
        Keyring.generate(tmp_path / "site.key")
    kept = {path.name: path.read_bytes() for path in tmp_path.glob("site.key*")}
    with pytest.raises(UserError, match="XZ-KEY-07"):
        site_keyring(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.glob("site.key*")} == kept


def test_a_key_is_named_by_sixteen_digits_that_do_not_change() -> None:
    """HKDF (RFC 5869) with SHA-256, no salt, 8 bytes of it: vaults and logs name their key by it for years."""
    master = bytes(range(32))
    extracted = hmac.digest(bytes(32), master, hashlib.sha256)
    expanded = hmac.digest(extracted, b"xiezhi/key-id/1\x01", hashlib.sha256)
    assert Keyring(master).key_id == expanded[:8].hex()


def test_a_vault_names_its_key_and_keeps_a_secret_of_256_bits(vault: Vault, tmp_path: Path, keyring: Keyring) -> None:
    vault.close()
    assert key_id_of(tmp_path / "vault") == keyring.key_id
    opened = VaultFile(tmp_path / "vault" / DATABASE, "1GB")
    sealed = bytes.fromhex(str(opened.fact("secret")))
    opened.close()
    secret = keyring.provider.unseal(keyring.sealing_key("vault"), sealed[:12], sealed[12:], COUNTED)
    assert len(secret) == 32


def test_masked_forms_are_counted_and_not_logged(vault: Vault) -> None:
    vault.number(NAME, NAMES)
    vault.number(PARTY, pa.array(["CN-USCC-91410100"]))
    assert vault.masked(NAME, [9]) == {}
    assert vault.masked_count(NAME) == 0
    assert vault.masked(NAME, [2, 1, 1, 9]) == {1: "王*", 2: "李*"}
    assert vault.masked_count(NAME) == 2
    assert vault.masked(NAME, [2]) == {2: "李*"}
    assert {kind: vault.masked_count(kind) for kind in (NAME, PARTY)} == {NAME: 3, PARTY: 0}
    assert vault.verify_log().count == 0


def test_numbering_that_fails_in_the_middle_leaves_nothing(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vault goes on as if it had not begun."""

    def full(point: str) -> None:
        if point == ASSIGNED:
            raise OSError("no space left")

    vault.number(NAME, NAMES)
    with monkeypatch.context() as patched:
        patched.setattr(vault_file, "reach", full)
        with pytest.raises(OSError, match="no space"):
            vault.number(NAME, pa.array(["王五", "赵六"]))
    assert vault.count(NAME) == 2
    assert vault.number(NAME, pa.array(["赵六", "王伟", "王五"])).to_pylist() == [3, 1, 4]


def test_facts_are_set_all_or_none(file: VaultFile) -> None:
    file.set_facts({"a": "1"})
    with pytest.raises(Exception, match="NOT NULL"):
        file.set_facts({"a": "2", "b": None})  # no text: the database refuses it midway
    file.set_facts({"c": "3"})
    assert [file.fact(name) for name in "abc"] == ["1", None, "3"]


def test_nothing_to_number_takes_no_number(file: VaultFile, keyring: Keyring) -> None:
    none = Tokens(np.empty(0, np.uint64), np.empty(0, np.uint64), [])
    assert file.assign(NAME, none).to_pylist() == []
    assert file.assign(NAME, tokens_of(keyring, NAME, NAMES)).to_pylist() == [1, 2]


def test_what_was_asked_does_not_stay_in_the_engine(file: VaultFile, keyring: Keyring) -> None:
    """Millions of tokens would stay in memory as long as the vault is open."""
    file.assign(NAME, tokens_of(keyring, NAME, NAMES))
    assert _lent(file) == []
    assert file.read(NAME, [1, 2, 3])[0] == [1, 2]
    assert _lent(file) == []
    file.delete(NAME, [1])
    assert _lent(file) == []
    assert file.read(NAME, [1, 2, 3])[0] == [2]


def _lent(file: VaultFile) -> list[str]:
    """Tables of this process that the engine can see: they appear as views."""
    return [row["view_name"] for row in file._engine.rows("SELECT view_name FROM duckdb_views() WHERE NOT internal")]


def test_first_uses_at_once_make_one_key(tmp_path: Path) -> None:
    """The second replaced the first's key, under which a vault lay already."""
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: site_keyring(tmp_path / "vault").key_id, range(8)))
    assert len(set(made)) == 1
    assert Keyring.load(tmp_path / "vault" / "site.key").key_id == made[0]
    assert [path.name for path in (tmp_path / "vault").iterdir()] == ["site.key"]


@pytest.mark.parametrize("remembered", [None, "0", "1", "0:", "2:00", "-1", "²", "9" * 5000 + ":x", "1:é"])
def test_a_log_is_not_emptied_by_whoever_writes_the_vaults_count(
    vault: Vault, tmp_path: Path, keyring: Keyring, remembered: str | None
) -> None:
    """The count stood in clear: with it at nought and the log removed, all was "sound"."""
    number = vault.number(IdentityKind.CITIZEN_ID, pa.array(["990101195001010014"]))[0].as_py()
    vault.reveal(IdentityKind.CITIZEN_ID, [number], purpose="核查", actor="甲")
    vault.close()
    folder = tmp_path / "vault"
    with duckdb.connect(str(folder / DATABASE)) as altered:
        altered.execute("DELETE FROM fact WHERE name = 'log_lines'")
        if remembered is not None:
            altered.execute("INSERT INTO fact VALUES ('log_lines', ?)", [remembered])
    (folder / "reveals.jsonl").unlink()
    (folder / "reveals.head").unlink()
    with Vault.open(folder, keyring) as again, pytest.raises(IntegrityError):
        again.verify_log()


def test_a_vault_of_before_counts_were_signed_is_refused(vault: Vault, tmp_path: Path, keyring: Keyring) -> None:
    """Whoever puts an old secret back would have the count in clear again."""
    nonce = os.urandom(12)
    old = nonce + keyring.provider.seal(keyring.sealing_key("vault"), nonce, vault._secret, b"secret")
    vault.close()
    with duckdb.connect(str(tmp_path / "vault" / DATABASE)) as altered:
        altered.execute("UPDATE fact SET value = ? WHERE name = 'secret'", [old.hex()])
    with pytest.raises(UserError) as refused:
        Vault.open(tmp_path / "vault", keyring)
    assert refused.value.code == "XZ-VAULT-07"


@pytest.mark.parametrize("gone", [("secret",), ("secret", "log_lines"), ("secret", "key_id")])
def test_a_vault_that_is_not_new_is_given_no_new_secret(
    vault: Vault, tmp_path: Path, keyring: Keyring, gone: tuple[str, ...]
) -> None:
    vault.number(IdentityKind.CITIZEN_ID, pa.array(["990101195001010014"]))
    vault.close()
    with duckdb.connect(str(tmp_path / "vault" / DATABASE)) as altered:
        for name in gone:
            altered.execute("DELETE FROM fact WHERE name = ?", [name])
    with pytest.raises(IntegrityError) as refused:
        Vault.open(tmp_path / "vault", keyring)
    assert refused.value.code == "XZ-VAULT-08"
