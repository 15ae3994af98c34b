"""The site's keys in one file of a backup: apart from the data they open, and under a passphrase where one is given."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from xiezhi.kernel.errors import IntegrityError, UserError
from xiezhi.web.database.manifest import altered, inside

MAGIC = b"XIEZHI-KEYS-1\n"
SALT, NONCE = 16, 12
COST, BLOCK, LANES = 2**17, 8, 1
"""scrypt: 128 MB and a third of a second for each guess."""

SHORTEST = 12


@dataclass(frozen=True)
class Key:
    """One key file: its path inside the data folder, and its bytes."""

    path: str
    content: bytes


@dataclass(frozen=True)
class Box:
    """What the file holds. `content` is the hash of the manifest it belongs to."""

    content: str
    keys: tuple[Key, ...]


def packed(box: Box, passphrase: str | None) -> bytes:
    plain = json.dumps(
        {"content": box.content, "keys": {key.path: base64.b64encode(key.content).decode() for key in box.keys}}
    ).encode()
    if passphrase is None:
        return plain
    if len(passphrase) < SHORTEST:
        raise UserError(
            "XZ-BK-04",
            zh=f"口令太短:至少 {SHORTEST} 个字符",
            en=f"the passphrase is too short: {SHORTEST} characters at least",
            todo_zh="换一个更长的口令,并与备份分开保管",
            todo_en="take a longer one, and keep it apart from the backup",
        )
    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    return MAGIC + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, plain, MAGIC + salt)


def unpacked(data: bytes, passphrase: str | None) -> Box:
    """Raises UserError for a missing or wrong passphrase, IntegrityError for a broken file."""
    if data.startswith(MAGIC):
        if not passphrase:
            raise _wrong("此备份的密钥有口令保护", "the keys of this backup are under a passphrase")
        data = _unsealed(data[len(MAGIC) :], passphrase)
    elif passphrase is not None:
        # Else whoever may write it takes the seal off, and what they put under it is restored "as it was made".
        raise IntegrityError(
            "XZ-BK-26",
            zh="给了口令,此备份的密钥却没有口令保护:它不是用这个口令做的",
            en="a passphrase was given, but the keys of this backup are under none: it was not made with it",
            todo_zh="不要用这份备份;确属未加口令的旧备份,则不给口令恢复",
            todo_en="do not use this backup; if it was made without a passphrase, restore it without one",
        )
    try:
        content = json.loads(data)
        keys = tuple(Key(inside(path), base64.b64decode(text, validate=True)) for path, text in content["keys"].items())
        return Box(content["content"], keys)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise altered("keys", "无法读取", "it cannot be read") from error


def _unsealed(data: bytes, passphrase: str) -> bytes:
    salt, nonce, sealed = data[:SALT], data[SALT : SALT + NONCE], data[SALT + NONCE :]
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, MAGIC + salt)
    except InvalidTag:
        raise _wrong("口令不对", "the passphrase is wrong") from None


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=COST, r=BLOCK, p=LANES).derive(passphrase.encode())


def _wrong(zh: str, en: str) -> UserError:
    return UserError(
        "XZ-BK-05",
        zh=zh,
        en=en,
        todo_zh="给出做备份时所用的口令;没有它,密钥无法恢复",
        todo_en="give the passphrase the backup was made with; without it the keys are lost",
    )
