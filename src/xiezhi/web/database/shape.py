"""The definitions that a migration left in the database, kept outside of it.

Policies, functions, triggers and rights are what binds the application. Whoever holds the owner's role or a superuser's can
alter them without a word, and every page still answers; against the list beside the data it shows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xiezhi.kernel.durable import write_durably
from xiezhi.web.database.fingerprint import SPELLING, definitions

NAME = "database-shape.json"

READABLE = 0o644
"""By the service, whoever migrated: it holds definitions and nothing of anybody's."""


@dataclass(frozen=True)
class Differences:
    """Definitions that are there and were not, and the other way about. One that was altered is in both."""

    added: tuple[str, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.gone)


def keep(home: Path, connection: Any) -> None:
    """Write down what is defined now. `connection` is psycopg's, in autocommit or in no transaction."""
    write_durably(home / NAME, json.dumps(_now(connection), ensure_ascii=False, indent=0).encode(), mode=READABLE)


def differences(home: Path, connection: Any) -> Differences | None:
    """What has been altered since; None where nothing readable was kept."""
    try:
        kept = set(map(str, json.loads((home / NAME).read_bytes())))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    now = set(_now(connection))
    return Differences(tuple(sorted(now - kept)), tuple(sorted(kept - now)))


def _now(connection: Any) -> list[str]:
    with connection.transaction(force_rollback=True):  # the spelling of an outer transaction comes back with it
        connection.execute(SPELLING)
        return definitions(connection)
