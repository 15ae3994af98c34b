"""What every app asks of the core: its configuration, the lake's folder, and the lines of work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings

from xiezhi.operations.config import CoreConfig, shipped_content
from xiezhi.operations.content import content_digest
from xiezhi.operations.domains import Domain, list_domains

_looked: ContextVar[dict[tuple[Path, ...], str] | None] = ContextVar("content_states", default=None)


def core_config(actor: str = "xiezhi") -> CoreConfig:
    """The configuration the core is asked with; `actor` stands in its own records (runs, reveals)."""
    roots = (shipped_content(), *([settings.XIEZHI_CONTENT] if settings.XIEZHI_CONTENT else []))
    return CoreConfig(
        content_roots=roots,
        memory=settings.XIEZHI_MEMORY,
        threads=settings.XIEZHI_THREADS,
        key_file=settings.XIEZHI_KEY_FILE,
        actor=actor,
    )


def lake() -> Path:
    """The folder of the site's lake."""
    return Path(settings.XIEZHI_HOME) / "lake"


def has_lake() -> bool:
    """Whether anything was ever received: a new site has no lake, and no vault."""
    return (lake() / "lake.json").exists()


def domains() -> Mapping[str, Domain]:
    """The lines of work by code: a rule's domain."""
    return list_domains(core_config())


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
