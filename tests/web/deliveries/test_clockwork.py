"""What the clock does with deliveries: late ones are told of once, retention erases, uploads left behind go, the trail is data."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.kernel.progress import Silent
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import Viewer, system_scope, system_viewer
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.deliveries.actions import keeping, reminding
from xiezhi.web.deliveries.actions.mirroring import mirror_all
from xiezhi.web.deliveries.actions.uploading import uploads_folder
from xiezhi.web.deliveries.models import Delivery, Upload
from xiezhi.web.deliveries.states import Fate, UploadState
from xiezhi.web.notices.models import Notice

As = Callable[[RoleCode], Viewer]


def remind() -> int:
    with system_scope("late") as by:
        return reminding.remind(by=by)


def told() -> list[str]:
    with system_scope("test"):
        return sorted(Notice.objects.values_list("title_zh", flat=True))


def test_what_is_late_is_told_once_and_again_when_more_is(
    lake: Path, commission: Commission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIEZHI_NOW", "2026-12-20T08:00:00+08:00")
    mirror_all()
    late = remind()
    assert late >= 1
    first = told()
    assert any("逾期未交" in title for title in first)
    assert remind() == late
    assert told() == first, "the same again tells nobody anything"
    monkeypatch.setenv("XIEZHI_NOW", "2027-01-20T08:00:00+08:00")
    remind()
    assert len(told()) > len(first), "another month has become late"
    with system_scope("test", trail=True):
        assert AuditEvent.objects.filter(kind="delivery.reminded").count() == 3


def test_nothing_late_tells_nobody(home: Path, commission: Commission) -> None:
    assert remind() == 0
    assert told() == []


def test_what_outlived_its_retention_is_erased_and_nothing_else(
    lake: Path, commission: Commission, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = system_viewer("retention")
    mirror_all()
    assert keeping.expire(by=by) == 0
    monkeypatch.setenv("XIEZHI_NOW", (clock.now() + timedelta(days=366 * 10 + 40)).isoformat())
    assert keeping.expire(by=by) == 3, "the refused one holds nothing"
    mirror_all()
    with system_scope("test", trail=True):
        assert Delivery.objects.filter(fate=Fate.ERASED).count() == 3
        [event] = AuditEvent.objects.filter(kind="delivery.expired")
        assert event.details["deliveries"] == [1, 2, 3]
    assert keeping.expire(by=by) == 0


def test_files_that_an_upload_left_go_and_open_ones_stay(home: Path, commission: Commission, viewer: As) -> None:
    sender = viewer(RoleCode.DATA_ANALYST)
    rows = {}
    with system_scope("test"):
        for state in (UploadState.WAITING, UploadState.RECEIVED):
            rows[state] = Upload.objects.create(
                batch=os.urandom(16).hex(),
                name="a.csv",
                size=1,
                sha256="0" * 64,
                state=state,
                unit_id=sender.unit_id,
                unit_path=sender.unit_path,
                sent_at=clock.now(),
                sent_by="x",
                sender="x",
                ended_at=clock.now() if state.ended else None,
            )
    folders = {state: uploads_folder() / rows[state].batch.replace("-", "") for state in rows}
    unrecorded, young = uploads_folder() / "unrecorded", uploads_folder() / "young"
    for folder in (*folders.values(), unrecorded, young):
        folder.mkdir()
        (folder / "a.csv").write_text("names")
        if folder is not young:
            os.utime(folder, (time.time() - 7200,) * 2)
    assert keeping.sweep() == 2
    assert folders[UploadState.WAITING].exists()
    assert young.exists()
    assert not folders[UploadState.RECEIVED].exists()
    assert not unrecorded.exists()


def test_the_trail_of_a_day_becomes_a_dataset_once(home: Path, commission: Commission) -> None:
    by = system_viewer("trail_delivery", trail=True)
    with system_scope("test") as someone:
        reminding.record(reminding.events.CHASED, by=someone, on="delivery:1")
    day = timezone.localdate(clock.now())
    rows = keeping.deliver_trail(day, by=by, progress=Silent())
    assert rows >= 1
    keeping.deliver_trail(day, by=by, progress=Silent())
    mirror_all()
    with system_scope("test"):
        came = list(Delivery.objects.filter(contract="audit_event").order_by("number"))
    assert came[0].accepted + came[0].repaired == rows
    assert sum(one.accepted + one.repaired - one.duplicate for one in came[1:]) <= 1, "only the event that it was delivered"
    assert keeping.deliver_trail(date(2001, 1, 1), by=by, progress=Silent()) == 0
    assert list(uploads_folder().iterdir()) == []
