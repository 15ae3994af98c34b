"""Where the trail leaves the database: key, checkpoints, and their second copy."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from xiezhi.web.audit.checkpoints import CheckpointFile


def keys() -> Path:
    return Path(settings.XIEZHI_HOME) / "keys"


def checkpoint_file() -> CheckpointFile:
    return CheckpointFile(Path(settings.XIEZHI_HOME) / "checkpoints")


def checkpoint_copy() -> CheckpointFile | None:
    """The second folder (XIEZHI_CHECKPOINT_COPY): best on another machine, where the site's administrators cannot write."""
    folder = getattr(settings, "XIEZHI_CHECKPOINT_COPY", None)
    return CheckpointFile(Path(folder)) if folder else None


def to_syslog() -> bool:
    """Whether each checkpoint also goes to the machine's syslog (XIEZHI_CHECKPOINT_SYSLOG), which may forward it."""
    return bool(getattr(settings, "XIEZHI_CHECKPOINT_SYSLOG", False))
