"""The content in force: whether it has changed since somebody looked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import content_digest

_looked: ContextVar[dict[tuple[Path, ...], str] | None] = ContextVar("content_states", default=None)


def content_state(config: CoreConfig) -> str:
    """Changes whenever a file of the content does. Inside `content_looked_at_once` the files are looked at once."""
    looked = _looked.get()
    if looked is None:
        return content_digest(config.content_roots)
    if config.content_roots not in looked:
        looked[config.content_roots] = content_digest(config.content_roots)
    return looked[config.content_roots]


@contextmanager
def content_looked_at_once() -> Iterator[None]:
    """For a page: it names datasets, models, lines in every row, and 1,300 files were looked at for each (4 s for 100 rows)."""
    token = _looked.set({})
    try:
        yield
    finally:
        _looked.reset(token)
