"""CoreConfig: what the caller decides. Built once, passed in; nothing behind the door reads the environment for it."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass, field
from pathlib import Path

from xiezhi.kernel.language import command_language


@dataclass(frozen=True)
class CoreConfig:
    """`content_roots`: shipped content first, then a site's own laid over it. `memory` as DuckDB spells it.

    `key_file` None means the key beside the lake's vault, which is made on first use and is for demonstrations only.
    """

    content_roots: tuple[Path, ...] = field(default_factory=lambda: (shipped_content(),))
    memory: str = "2GB"
    threads: int | None = None
    key_file: Path | None = None
    actor: str = "unknown"
    language: str = "zh"

    @classmethod
    def from_environment(cls, *, site_content: Path | None = None, memory: str | None = None) -> CoreConfig:
        """What the command line uses: XIEZHI_ and CONTENT, MEMORY, THREADS, KEY_FILE, ACTOR or LANG."""
        site = site_content or (Path(os.environ["XIEZHI_CONTENT"]) if "XIEZHI_CONTENT" in os.environ else None)
        key_file = os.environ.get("XIEZHI_KEY_FILE")
        threads = os.environ.get("XIEZHI_THREADS")
        return cls(
            content_roots=(shipped_content(), *([site] if site else [])),
            memory=memory or os.environ.get("XIEZHI_MEMORY", "2GB"),
            threads=int(threads) if threads else None,
            key_file=Path(key_file) if key_file else None,
            actor=os.environ.get("XIEZHI_ACTOR") or getpass.getuser(),
            language=command_language(),
        )


def shipped_content() -> Path:
    """The content inside the installed package, or the repository's where the package runs from a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "content"
    return installed if installed.is_dir() else package.parent.parent / "content"
