"""What the platform itself does with the lake by the clock: erase what outlived its retention, deliver its own trail."""

from __future__ import annotations

import shutil
from datetime import date

from xiezhi.kernel import clock
from xiezhi.kernel.progress import Progress
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.audit.delivery import deliver
from xiezhi.web.audit.record import record
from xiezhi.web.deliveries import events, gateway
from xiezhi.web.deliveries.actions.uploading import uploads_folder
from xiezhi.web.deliveries.models import Upload
from xiezhi.web.deliveries.states import UploadState

TRAIL = "audit_event"
UNDER_WAY = 3600.0
"""Seconds after which a file without an open upload is nobody's: its web process or worker was killed."""


def expire(*, by: Viewer) -> int:
    """How many deliveries were erased. Runs outside a transaction: the lake's certificates are there before the event is."""
    certificates = gateway.expire(actor=by.username)
    if certificates:
        erased = sorted(number for one in certificates for number in one["deliveries"])
        with acting_as(by):
            record(
                events.EXPIRED,
                by=by,
                on="lake:deliveries",
                certificates=[one["certificate"] for one in certificates],
                deliveries=erased,
            )
    return len(certificates)


def deliver_trail(day: date, *, by: Viewer, progress: Progress) -> int:
    """Receive a day of the trail as data; how many rows came. The same day again changes nothing: events have a number."""
    folder = uploads_folder() / f"trail-{day}"
    try:
        file = deliver(folder, day=day, by=by)
        if file is None:
            return 0
        receipts = gateway.receive([file], actor=by.username, contract=TRAIL, progress=progress)
        return sum(one.accepted + one.repaired for one in receipts)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> int:
    """Remove files of uploads that are over or never were recorded: they name people. How many batches were removed."""
    with system_scope("sweeper"):
        open_ones = Upload.objects.exclude(state__in=[state for state in UploadState if state.ended])
        kept = {batch.hex for batch in open_ones.values_list("batch", flat=True)}
    limit = clock.now().timestamp() - UNDER_WAY
    left = [path for path in uploads_folder().iterdir() if path.name not in kept and path.stat().st_mtime < limit]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)
