"""The thread that keeps a lease alive while its job is done, and writes how far it is.

It has a connection of its own: what it writes is seen at once, and holds no lock of the job's own transactions.
"""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType

from django.db import DatabaseError, connection

from xiezhi.web.jobs.actions import leasing
from xiezhi.web.jobs.actions.leasing import Lease
from xiezhi.web.jobs.kinds import Cancelled, LeaseLost
from xiezhi.web.jobs.pace import Pace

log = logging.getLogger("xiezhi.jobs")


class Pulse:
    """A kernel `Progress` for the work, and the lease's heartbeat. Use as a context manager around the work."""

    def __init__(self, lease: Lease, pace: Pace) -> None:
        self._lease, self._pace = lease, pace
        self._told: tuple[int | None, str, str] | None = None
        self._cancel, self._lost = lease.job.cancel_asked, False
        self._wake, self._over = threading.Event(), threading.Event()
        self._alive_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=f"pulse {lease.job.pk}", daemon=True)

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._wake.set()
        self._thread.join()

    def step(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Note how far the work is. Costs nothing: the thread writes the latest, at most twice a second."""
        share = min(100, max(0, 100 * done // total)) if total > 0 else None
        self._told = (share, stage, note)
        self._wake.set()

    def cancelled(self) -> bool:
        """Whether the work should stop: somebody asked for it, or the job is no longer this worker's."""
        return self._cancel or self.lost

    @property
    def lost(self) -> bool:
        return self._lost or time.monotonic() - self._alive_at > self._pace.lease

    def check(self) -> None:
        """Raises LeaseLost or Cancelled."""
        if self.lost:
            raise LeaseLost
        if self._cancel:
            raise Cancelled

    def _run(self) -> None:
        try:
            while not self._over.is_set():
                self._wake.wait(self._pace.beat)
                self._wake.clear()
                if not self._over.is_set():
                    self._beat()
                self._over.wait(self._pace.written)
        except LeaseLost:
            self._lost = True
            log.warning("lease lost", extra={"job": str(self._lease.job.pk)})
        finally:
            connection.close()

    def _beat(self) -> None:
        before = time.monotonic()
        told, self._told = self._told, None
        try:
            if told is None:
                self._cancel |= leasing.renew(self._lease, pace=self._pace)
            else:
                share, stage, detail = told
                self._cancel |= leasing.tell(self._lease, share=share, stage=stage, detail=detail, pace=self._pace)
            self._alive_at = before
        except DatabaseError as error:
            # The database may be back before the lease lapses; `lost` says when it did not come back in time.
            log.warning("no sign of life could be written: %s", error)
            connection.close()
