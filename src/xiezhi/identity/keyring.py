"""The site's master key: where it lies, who may read it, and the keys that are derived from it."""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from pathlib import Path

from xiezhi.identity.crypto import INTERNATIONAL, PROVIDERS, Provider
from xiezhi.kernel.durable import sync, write_durably
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.identity_kind import IdentityKind

KEY_FILE_VARIABLE = "XIEZHI_KEY_FILE"

DEMONSTRATION = (
    "A demonstration key, made on first use. A site keeps its own key elsewhere: set XIEZHI_KEY_FILE. 演示密钥,勿用于正式数据。"
)

SITE = "Opens the identity vault. Keep it apart from the data, and a copy elsewhere. 身份保险库的密钥,与数据分开,另存一份。"


class Keyring:
    """A master key with its algorithms. Never shown, never logged; `key_id` names it without telling it."""

    def __init__(self, master: bytes, provider: Provider = INTERNATIONAL) -> None:
        self._master = master
        self.provider = provider
        self.key_id = self._derived("key-id").hex()[:16]

    def __repr__(self) -> str:
        return f"Keyring({self.key_id}, {self.provider.name})"

    @classmethod
    def fresh(cls, provider: Provider = INTERNATIONAL) -> Keyring:
        """A new random key, held in memory only."""
        return cls(secrets.token_bytes(32), provider)

    @classmethod
    def generate(cls, path: Path, provider: Provider = INTERNATIONAL, *, note: str = DEMONSTRATION) -> Keyring:
        """A new random key, written to `path` for its owner's eyes only. Refuses to overwrite: a lost key is lost data."""
        keyring = cls.fresh(provider)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = {"note": note, "provider": provider.name, "master": base64.b64encode(keyring._master).decode()}
        beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        write_durably(beside, json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n", mode=0o600)
        try:
            # A link, not a rename: whoever was first has made the key, and nobody replaces it (two first uses at once lost it).
            path.hardlink_to(beside)
        except FileExistsError:
            raise UserError("XZ-KEY-06", zh=f"密钥文件 {path} 已存在。", en=f"There is a key file {path} already.") from None
        finally:
            beside.unlink(missing_ok=True)
            sync(path.parent)
        return keyring

    @classmethod
    def load(cls, path: Path) -> Keyring:
        """The key in `path`. Refuses a file that others than its owner may read or write."""
        try:
            mode = path.stat().st_mode & 0o777
            if mode & 0o077:
                raise _readable(path, mode)
            content = json.loads(path.read_bytes())
            master = base64.b64decode(content["master"], validate=True)
            provider = PROVIDERS[content["provider"]]
        except FileNotFoundError:
            raise UserError(
                "XZ-KEY-01",
                zh=f"找不到密钥文件 {path}。",
                en=f"There is no key file {path}.",
                todo_zh=f"核对 {KEY_FILE_VARIABLE};新站点用 xiezhi vault new-key {path} 造一把。",
                todo_en=f"Check {KEY_FILE_VARIABLE}; a new site makes one with xiezhi vault new-key {path}.",
            ) from None
        except (KeyError, TypeError, ValueError, binascii.Error):
            raise _unreadable(path) from None
        if len(master) != 32:
            raise _unreadable(path)
        return cls(master, provider)

    @classmethod
    def from_env(cls) -> Keyring:
        """The key that XIEZHI_KEY_FILE names."""
        named = os.environ.get(KEY_FILE_VARIABLE)
        if not named:
            raise UserError("XZ-KEY-05", zh=f"未设置 {KEY_FILE_VARIABLE}。", en=f"{KEY_FILE_VARIABLE} is not set.")
        return cls.load(Path(named))

    def token_key(self, kind: IdentityKind) -> bytes:
        """One key a kind: the same text as a name and as an address has two unrelated tokens."""
        return self._derived(f"token/{kind}")

    def digest_key(self, kind: IdentityKind) -> bytes:
        return self._derived(f"digest/{kind}")

    def sealing_key(self, purpose: str) -> bytes:
        return self._derived(f"seal/{purpose}")

    def _derived(self, purpose: str) -> bytes:
        return self.provider.derive(self._master, purpose)


def _readable(path: Path, mode: int) -> UserError:
    return UserError(
        "XZ-KEY-04",
        zh=f"密钥文件 {path} 的权限是 {mode:o},他人可读。",
        en=f"The key file {path} has mode {mode:o}: others may read it.",
        todo_zh=f"执行 chmod 600 {path};若他人可能已读取,请用 xiezhi vault rotate 换钥。",
        todo_en=f"Run chmod 600 {path}; if others may have read it, change the key with xiezhi vault rotate.",
    )


def _unreadable(path: Path) -> UserError:
    return UserError("XZ-KEY-03", zh=f"{path} 不是密钥文件。", en=f"{path} is not a key file.")
