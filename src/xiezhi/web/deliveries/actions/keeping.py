"""What the platform itself does with the lake by the clock: erase what outlived its retention, deliver its own trail."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

from xiezhi.kernel import clock
from xiezhi.kernel.progress import Progress
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.audit.delivery import deliver
from xiezhi.web.audit.record import record
from xiezhi.web.deliveries import events, gateway
from xiezhi.web.deliveries.actions.deciding import erase
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
                on="lake",
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


UNSENT_DAYS = 7
"""Days after which what was uploaded and never sent is erased."""


def lapse() -> int:
    """Erase what nobody sent within its days: it names people and is no delivery. How many files."""
    with system_scope("sweeper") as by:
        unsent = Upload.objects.filter(state__in=[one for one in UploadState if one.unsent])
        old = list(unsent.filter(sent_at__lt=clock.now() - timedelta(days=UNSENT_DAYS)).select_for_update())
        Upload.objects.filter(pk__in=[one.pk for one in old]).update(state=UploadState.REMOVED, preview=[], ended_at=clock.now())
        if old:
            record(events.LAPSED, by=by, on="deliveries.upload", files=len(old))
    for one in old:
        erase(one)
    return len(old)


def sweep() -> int:
    """Remove files of uploads that are over or never were recorded: they name people. How many batches were removed."""
    lapse()
    with system_scope("sweeper"):
        open_ones = Upload.objects.exclude(state__in=[state for state in UploadState if state.ended])
        kept = {batch.hex for batch in open_ones.values_list("batch", flat=True)}
    limit = clock.now().timestamp() - UNDER_WAY
    left = [path for path in uploads_folder().iterdir() if path.name not in kept and path.stat().st_mtime < limit]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)
