"""The key that signs checkpoints. The database cannot read it; who has it can write checkpoints, so guard it like a seal."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from xiezhi.kernel.durable import sync, write_durably
from xiezhi.kernel.errors import IntegrityError, UserError

PRIVATE, PUBLIC = "audit.key", "audit.pub"


@dataclass(frozen=True)
class PublicKey:
    """Half of the key that anybody may have. `origin` is the name of the trail that it verifies."""

    raw: bytes

    @property
    def origin(self) -> str:
        return f"xiezhi/trail/{sha256(self.raw).hexdigest()[:16]}"

    def verifies(self, signature: bytes, content: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, content)
        except InvalidSignature:
            return False
        return True

    def pem(self) -> str:
        key = Ed25519PublicKey.from_public_bytes(self.raw)
        return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

    @classmethod
    def of_pem(cls, text: str) -> PublicKey:
        """Raises UserError where the text is no Ed25519 public key."""
        try:
            key = serialization.load_pem_public_key(text.encode())
        except ValueError:
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise UserError(
                "XZ-AUDIT-02",
                zh="不是审计公钥",
                en="this is no public key of a trail",
                todo_zh="应为 Ed25519 公钥（PEM）",
                todo_en="give an Ed25519 public key in PEM",
            )
        return cls(_raw(key))


@dataclass(frozen=True)
class SigningKey:
    """The whole key."""

    private: Ed25519PrivateKey

    def sign(self, content: bytes) -> bytes:
        return self.private.sign(content)

    @property
    def public(self) -> PublicKey:
        return PublicKey(_raw(self.private.public_key()))


def signing_key(folder: Path, *, may_make: bool) -> SigningKey:
    """The key in `folder`. Made, readable by its owner only, where there is none and `may_make`; its public half beside it.

    Raises IntegrityError where it is missing though it has signed before, or is not what it was.
    """
    path = folder / PRIVATE
    if not path.exists():
        if not may_make:
            raise _lost(path)
        _make(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:  # empty, half written, or under a password
        raise _lost(path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _lost(path)
    made = SigningKey(key)
    public = folder / PUBLIC
    if not public.exists():
        write_durably(public, made.public.pem().encode())
    return made


def public_key(folder: Path) -> PublicKey | None:
    """The public half in `folder`; None where nothing was ever sealed."""
    path = folder / PUBLIC
    try:
        return PublicKey.of_pem(path.read_text("ascii")) if path.exists() else None
    except ValueError as error:
        raise _lost(path) from error


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    text = Ed25519PrivateKey.generate().private_bytes(encoding, form, serialization.NoEncryption())
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    write_durably(beside, text, mode=0o600)
    try:
        # A link, not a rename: whoever was first has made the key, and nobody replaces it.
        path.hardlink_to(beside)
    except FileExistsError:
        return
    finally:
        beside.unlink(missing_ok=True)
        sync(path.parent)


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _lost(path: Path) -> IntegrityError:
    return IntegrityError(
        "XZ-AUDIT-03",
        zh=f"审计签名密钥 {path.name} 丢失或被替换",
        en=f"the key that signs the trail, {path.name}, is missing or was replaced",
        todo_zh="从备份恢复该文件；不要新建",
        todo_en="restore the file from a backup; do not make a new one",
    )
