"""Delivered files kept as they came, sealed: what evidence goes back to when a line is disputed."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from xiezhi.identity.sealing import SealingKey, seal_stream
from xiezhi.kernel.durable import sync
from xiezhi.kernel.faultpoints import declare, reach
from xiezhi.lake.layout import LakeLayout

SEALING = declare("intake.before_original", "a delivery is judged, its original is not kept yet")
SEALED = declare("intake.after_original", "the original is kept, nothing names it")

PURPOSE = "originals"
"""What the vault's storage key for them is called."""


class Originals:
    """Seals the file being read while it is read: a thread of its own, since neither hashing nor sealing holds Python's lock."""

    def __init__(self, layout: LakeLayout, key: SealingKey, scratch: Path) -> None:
        self._layout, self._key, self._beside = layout, key, scratch / "original.sealed"
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="seal")
        self._file: Path | None = None
        self._sealing: Future[None] | None = None

    def close(self) -> None:
        self._thread.shutdown()

    def begin(self, file: Path, digest: str) -> None:
        """Start sealing a file, unless it is being sealed, or the same bytes are kept already."""
        if file == self._file or self._layout.original(digest).exists():
            return
        self._wait()
        self._file, self._sealing = file, self._thread.submit(self._seal, file)

    def keep(self, file: Path, digest: str) -> None:
        """The sealed file takes its place, named after the file's hash. Raises what sealing raised."""
        reach(SEALING)
        kept = self._layout.original(digest)
        if not kept.exists():
            self.begin(file, digest)
            self._wait()
            sync(self._beside)
            self._beside.replace(kept)
            sync(kept.parent)
        self._file = None
        reach(SEALED)

    def _wait(self) -> None:
        if self._sealing:
            self._sealing.result()
            self._sealing = None

    def _seal(self, file: Path) -> None:
        with file.open("rb") as plain, self._beside.open("wb") as sealed:
            seal_stream(plain, sealed, self._key)
