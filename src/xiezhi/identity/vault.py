"""The identity vault: the one place where a number of the lake and the person behind it meet.

`number` and `find` go from value to number and are intake's; `reveal` goes back, for a stated purpose, and is written down
before it answers. The site's key opens the vault; a secret inside it, sealed by that key, keys the reveal log and the
sealed originals, so that a change of the site's key rewrites the vault and nothing else.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import pyarrow as pa

from xiezhi.identity.crypto import PROVIDERS, Provider
from xiezhi.identity.grading import normal
from xiezhi.identity.keyring import Keyring
from xiezhi.identity.reveal_log import Head, RevealLog
from xiezhi.identity.sealing import SealingKey
from xiezhi.identity.tokens import NONCE, Tokens, retokenised, texts_of, tokens_of
from xiezhi.identity.vault_file import VaultFile
from xiezhi.kernel import clock
from xiezhi.kernel.errors import IntegrityError, UserError
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.masking import masked

DATABASE, LOG, LOG_KEY = "vault.duckdb", "reveals.jsonl", "reveal-log"

FORMAT = "1"

MOST_REVEALED = 10_000
"""Values in one reveal. Whoever needs more than these needs a decision, not a command."""


class Vault:
    """An open vault; close it or use `with`. One process at a time: another one gets RetryableError."""

    def __init__(self, file: VaultFile, keyring: Keyring, secret: bytes) -> None:
        self._file, self._keyring, self._secret = file, keyring, secret
        self._log = RevealLog(file.path.with_name(LOG), self.storage_key(LOG_KEY))

    @classmethod
    def open(cls, path: Path, keyring: Keyring, *, memory: str = "1GB") -> Vault:
        """The vault in folder `path` (or whose database is `path`), made if it is not there.

        Raises UserError XZ-KEY-02 where the vault was made under another key.
        """
        database = path if path.suffix == ".duckdb" else path / DATABASE
        database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = VaultFile(database, memory)
        try:
            return cls(file, keyring, _secret(file, keyring))
        except BaseException:
            file.close()
            raise

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    @property
    def key_id(self) -> str:
        """Which key opens this vault; tells nothing of the key."""
        return self._keyring.key_id

    def storage_key(self, purpose: str) -> SealingKey:
        """A key for data kept outside the vault (`originals`). The same for the vault's whole life, through every rotation."""
        provider = PROVIDERS[str(self._file.fact("provider_at_birth"))]
        return _storage_key(provider, self._secret, purpose)

    def number(self, kind: IdentityKind, values: pa.Array) -> pa.Array:
        """The number (int32, from 1) of each text of `values`: normalised, not NULL, not empty.

        Known texts keep theirs; new ones get the next, densely, in the order given. One transaction.
        """
        if values.null_count:
            raise ValueError("a vault numbers no NULL")
        return self._file.assign(kind, tokens_of(self._keyring, kind, values)) if len(values) else pa.array([], pa.int32())

    def find(self, kind: IdentityKind, value: str) -> int | None:
        """The number of a value as a person would write it, or None where the vault does not know it."""
        normalised = normal(kind, value).value
        return self._file.find(kind, tokens_of(self._keyring, kind, pa.array([normalised]))) if normalised else None

    def count(self, kind: IdentityKind) -> int:
        """How many values of this kind the vault knows."""
        return self._file.count(kind)

    def reveal(
        self, kind: IdentityKind, numbers: Iterable[int], *, purpose: str, actor: str, case: str | None = None
    ) -> dict[int, str | None]:
        """The value behind each number; None where there is none (never given, or forgotten). Written down first."""
        asked = sorted(set(numbers))
        if len(asked) > MOST_REVEALED:
            raise UserError(
                "XZ-REVEAL-02",
                zh=f"一次最多揭示 {MOST_REVEALED} 个号码,要求了 {len(asked)} 个。",
                en=f"At most {MOST_REVEALED} numbers are revealed at once; {len(asked)} were asked for.",
            )
        self._write_down("reveal", kind, asked, purpose, actor, case)
        known, tokens = self._file.read(kind, asked)
        values = dict(zip(known, texts_of(self._keyring, kind, tokens), strict=True)) if known else {}
        return {number: values.get(number) for number in asked}

    def masked(self, kind: IdentityKind, numbers: Iterable[int]) -> dict[int, str]:
        """The masked form of each number that is known. The value is read, masked and dropped here.

        No reveal: nobody learns who it is. How many were masked is counted in the vault, without a line in the log, which
        would otherwise grow with every page.
        """
        known, tokens = self._file.read(kind, sorted(set(numbers)))
        if not known:
            return {}
        counted = f"masked {kind}"
        self._file.set_facts({counted: str(int(self._file.fact(counted) or 0) + len(known))})
        return {number: masked(text, kind) for number, text in zip(known, texts_of(self._keyring, kind, tokens), strict=True)}

    def masked_count(self, kind: IdentityKind) -> int:
        """How many masked forms of this kind were ever given out."""
        return int(self._file.fact(f"masked {kind}") or 0)

    def forget(self, kind: IdentityKind, *numbers: int, purpose: str, actor: str, case: str | None = None) -> int:
        """Destroy what the vault knows of these numbers, also in the file's free space; returns how many there were.

        The lake's rows stay and name no one. The numbers are never given again: the same person delivered anew is a new one.
        """
        asked = sorted(set(numbers))
        self._write_down("forget", kind, asked, purpose, actor, case)
        known, _ = self._file.read(kind, asked)
        self._file.delete(kind, asked)
        self._file.rebuild({})
        return len(known)

    def rotate(self, new: Keyring, *, actor: str = "site", purpose: str = "rotation") -> None:
        """Put the vault under another key. The lake, the log and the sealed originals stay as they are.

        After a crash the vault is whole, under the old key or the new one.
        """

        def change(kind: IdentityKind, tokens: Tokens) -> Tokens:
            return retokenised(self._keyring, new, kind, tokens)

        self._write_down("rotate", None, [], f"{purpose}: {self.key_id} → {new.key_id}", actor, None)
        self._file.rebuild(_sealed_secret(new, self._secret), change)
        self._keyring = new

    def verify_log(self) -> Head:
        """How many lines the reveal log has, and its last code. Raises IntegrityError naming the line that was altered."""
        return self._log.verify(at_least=self._logged)

    @property
    def _logged(self) -> int:
        return self._log.count_of(self._file.fact("log_lines"))

    def _write_down(
        self, what: str, kind: IdentityKind | None, numbers: list[int], purpose: str, actor: str, case: str | None
    ) -> None:
        if not purpose.strip() or not actor.strip():
            raise UserError(
                "XZ-REVEAL-01",
                zh="必须写明目的和操作人。",
                en="A purpose and an actor must be given.",
                todo_zh="用 --purpose 与 --actor 写明;两者都会进入不可篡改的日志。",
                todo_en="Give --purpose and --actor; both go into the log that cannot be altered.",
            )
        entry = {
            "at": clock.now(),
            "what": what,
            "kind": kind,
            "numbers": numbers,
            "purpose": purpose,
            "actor": actor,
            "case": case,
        }
        line = self._log.append(entry, at_least=self._logged)
        self._file.set_facts({"log_lines": self._log.counted(line)})


def key_id_of(path: Path) -> str | None:
    """The id of the key that opens the vault in folder `path`; None where there is no vault yet. Needs no key."""
    if not (path / DATABASE).exists():
        return None
    file = VaultFile(path / DATABASE, "256MB")
    try:
        return file.fact("key_id")
    finally:
        file.close()


COUNTED = b"secret, counted"
"""What the secret is sealed as: of a vault whose count of the reveal log is signed. One of before is refused: its count stood in
clear, and whoever put an old secret back would empty the log."""


def _secret(file: VaultFile, keyring: Keyring) -> bytes:
    """The vault's secret, made on first use, with the signed count of an empty log."""
    sealed = file.fact("secret")
    if sealed is None:
        return _born(file, keyring)
    content = bytes.fromhex(sealed)
    key = keyring.sealing_key("vault")
    with suppress(IntegrityError):
        return keyring.provider.unseal(key, content[:NONCE], content[NONCE:], COUNTED)
    with suppress(IntegrityError):
        keyring.provider.unseal(key, content[:NONCE], content[NONCE:], b"secret")
        raise UserError(
            "XZ-VAULT-07",
            zh=f"身份保险库 {file.path} 是早先的开发版本建的,揭示日志的行数没有签名",
            en=f"the identity vault {file.path} was made by an earlier version, which did not sign how long the reveal log is",
            todo_zh="演示环境用 --fresh 重建;其他数据湖重新接收交付",
            todo_en="make a demonstration anew with --fresh; else receive the deliveries anew",
        )
    made_under = file.fact("key_id")
    raise UserError(
        "XZ-KEY-02",
        zh=f"密钥 {keyring.key_id} 打不开身份保险库 {file.path}:它用的是密钥 {made_under}。",
        en=f"Key {keyring.key_id} does not open the identity vault {file.path}: it was made under key {made_under}.",
        todo_zh="用 XIEZHI_KEY_FILE 指出正确的密钥文件。",
        todo_en="Name the right key file with XIEZHI_KEY_FILE.",
    )


def _born(file: VaultFile, keyring: Keyring) -> bytes:
    """Raises IntegrityError where the file is not new: another secret would be another log, and no sealed original would open."""
    if file.fact("key_id") is not None or any(file.count(kind) for kind in IdentityKind):
        raise IntegrityError(
            "XZ-VAULT-08",
            zh=f"身份保险库 {file.path} 的密文不见了,库中却有内容",
            en=f"the secret of the identity vault {file.path} is gone, but the vault is not new",
            todo_zh="从备份恢复保险库",
            todo_en="restore the vault from a backup",
        )
    secret = secrets.token_bytes(32)
    log = RevealLog(file.path.with_name(LOG), _storage_key(keyring.provider, secret, LOG_KEY))
    birth = {"format": FORMAT, "provider_at_birth": keyring.provider.name, "log_lines": log.counted(0)}
    file.set_facts(birth | _sealed_secret(keyring, secret))
    return secret


def _storage_key(provider: Provider, secret: bytes, purpose: str) -> SealingKey:
    return SealingKey(provider, provider.derive(secret, purpose))


def _sealed_secret(keyring: Keyring, secret: bytes) -> dict[str, str]:
    nonce = secrets.token_bytes(NONCE)
    sealed = keyring.provider.seal(keyring.sealing_key("vault"), nonce, secret, COUNTED)
    return {"key_id": keyring.key_id, "secret": (nonce + sealed).hex()}
