"""What a site may set, read once. Every variable is named XIEZHI_…; docs/reference/settings.md lists them from here."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xiezhi.kernel.errors import UserError

POLICIES = ("mlps3", "asvs5")
MODES = ("site", "demo")


@dataclass(frozen=True)
class Environment:
    """`database_url` None means the embedded PostgreSQL in `home`/postgres; `owner_url` is known where migrations may run."""

    home: Path
    mode: str
    database_url: str | None
    owner_url: str | None
    hosts: tuple[str, ...]
    policy: str
    content: Path | None
    key_file: Path | None
    memory: str
    threads: int | None
    trusted_proxies: tuple[str, ...]
    checkpoint_copy: Path | None
    https: bool

    @classmethod
    def read(cls, source: Mapping[str, str] = os.environ) -> Environment:
        """Raises UserError naming the variable that cannot be."""
        path = lambda name: Path(source[name]) if source.get(name) else None  # noqa: E731
        mode = _one_of(source, "XIEZHI_MODE", MODES)
        return cls(
            home=Path(source.get("XIEZHI_HOME", "xiezhi-data")).absolute(),
            mode=mode,
            database_url=source.get("XIEZHI_DATABASE_URL") or None,
            owner_url=source.get("XIEZHI_OWNER_URL") or None,
            hosts=tuple(source.get("XIEZHI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")),
            policy=_one_of(source, "XIEZHI_POLICY", POLICIES),
            content=path("XIEZHI_CONTENT"),
            key_file=path("XIEZHI_KEY_FILE"),
            memory=source.get("XIEZHI_MEMORY", "2GB"),
            threads=int(source["XIEZHI_THREADS"]) if source.get("XIEZHI_THREADS") else None,
            trusted_proxies=tuple(one for one in source.get("XIEZHI_TRUSTED_PROXIES", "").split(",") if one),
            checkpoint_copy=path("XIEZHI_CHECKPOINT_COPY"),
            https=source.get("XIEZHI_HTTPS", "no" if mode == "demo" else "yes") == "yes",
        )


def _one_of(source: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = source.get(name) or allowed[0]
    if value not in allowed:
        raise UserError(
            "XZ-ENV-01",
            zh=f"{name} 不能是 {value}",
            en=f"{name} cannot be {value}",
            todo_zh=f"可选:{'、'.join(allowed)}",
            todo_en=f"one of: {', '.join(allowed)}",
        )
    return value


def secret_of(file: Path) -> str:
    """The secret in `file`, made on first use, readable by its owner only."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return secret_of(file)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(64))
    return file.read_text().strip()
