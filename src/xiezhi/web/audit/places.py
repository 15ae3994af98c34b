"""Where the trail leaves the database: key, checkpoints, and their second copy."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from django.conf import settings

from xiezhi.web.audit.checkpoints import Checkpoint, CheckpointFile, parsed


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


def last_checkpoint() -> Checkpoint | None:
    """The last line of the file, unverified; None where there is none, or where it is none."""
    line = checkpoint_file().last_line()
    return parsed(line) if line else None


class CopyState(StrEnum):
    NONE = "none"
    AWAY = "away"
    BEHIND = "behind"
    CURRENT = "current"


def copy_state() -> CopyState:
    """Whether the second copy ends as the file does. Cheap: what stands in it is compared by verification."""
    copy, own = checkpoint_copy(), checkpoint_file()
    if copy is None:
        return CopyState.NONE
    try:
        return CopyState.CURRENT if copy.last_line() == own.last_line() else CopyState.BEHIND
    except OSError:
        return CopyState.AWAY
