"""Verifying from the screen: a job walks the chain, its verdict is in the trail, and paper and file say the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.web.audit.site import TESTED, TrailSite, write
from tests.web.people import Commission, build_commission, signed_in
from tests.web.trail.conftest import events_of
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.audit.actions import sealing
from xiezhi.web.audit.offline import verify_export
from xiezhi.web.audit.record import System, record
from xiezhi.web.jobs.doing import do
from xiezhi.web.jobs.models import Job
from xiezhi.web.trail import events, jobs


@pytest.fixture
def site(fresh: TrailSite) -> TrailSite:
    return fresh


@pytest.fixture
def people(site: TrailSite) -> Commission:
    return build_commission()


@pytest.fixture
def auditor(people: Commission) -> Client:
    return signed_in(people.users[RoleCode.AUDITOR])


@contextmanager
def as_system() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('xiezhi.system', 'yes', true)")
        yield


def started(auditor: Client, address: str) -> Job:
    """Post, and do the job as a worker would."""
    assert auditor.post(address).status_code == 302
    with as_system():
        job = Job.objects.latest("asked_at")
    do(job.pk, owner="test")
    with as_system():
        job.refresh_from_db()
    assert job.state == "done", job.failure_zh
    return job


def page(auditor: Client, address: str = "/trail/verification/") -> str:
    answer = auditor.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_sound_trail_is_said_to_be_sound(site: TrailSite, auditor: Client) -> None:
    assert "还没有验证过" in page(auditor)
    sealing.seal()
    job = started(auditor, "/trail/verification/")
    shown = page(auditor)
    assert "完好" in shown
    assert "还没有验证过" not in shown
    (event,) = events_of(events.VERIFIED.code)
    assert event.details["sound"] is True
    assert event.details["links"] == event.details["signed"] > 50
    bar = auditor.get(f"/trail/verification/{job.pk}/")
    assert bar.headers["HX-Refresh"] == "true"


def test_a_tampered_trail_is_said_to_be_tampered_with_and_where(site: TrailSite, auditor: Client, people: Commission) -> None:
    sealing.seal()
    with site.superuser() as admin:
        admin.execute("UPDATE audit_event SET why = 'x' WHERE id = 20")
    started(auditor, "/trail/verification/")
    shown = page(auditor)
    assert "发现不符" in shown
    assert "事件 20：事件被改动" in shown
    type(people.users[RoleCode.AUDITOR]).objects.filter(pk=people.users[RoleCode.AUDITOR].pk).update(language="en")
    assert "event 20: event altered" in page(auditor)


def test_events_that_wait_too_long_are_shown(site: TrailSite, auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "有事件逾时未封存" not in page(auditor)
    with site.superuser() as admin:
        admin.execute("UPDATE audit_event SET at = at - interval '1 hour' WHERE id = 1")
    assert "有事件逾时未封存" in page(auditor)


def test_the_checkpoint_on_paper_checks_the_chain(site: TrailSite, auditor: Client) -> None:
    sealing.seal()
    paper = page(auditor, "/trail/checkpoint/")
    size, root = paper.split("--expect ")[1].split("<")[0].split(":")
    assert "data:image/svg+xml" in paper
    assert site.verdict(expected=[(int(size), root)]).sound
    assert len(events_of(events.PRINTED.code)) == 1


def test_the_whole_chain_goes_into_a_file(site: TrailSite, auditor: Client, people: Commission, tmp_path: Any) -> None:
    sealing.seal()
    job = started(auditor, "/trail/export/")
    assert f"/trail/export/{job.pk}/" in page(auditor)
    answer = auditor.get(f"/trail/export/{job.pk}/")
    (tmp_path / "trail.jsonl").write_bytes(b"".join(answer.streaming_content))  # type: ignore[arg-type]
    assert verify_export(tmp_path / "trail.jsonl")[0].sound
    assert len(events_of(events.FETCHED.code)) == 1
    assert signed_in(people.users[RoleCode.SECURITY_ADMINISTRATOR]).get(f"/trail/export/{job.pk}/").status_code == 403
    jobs.export_path(str(job.pk)).unlink()
    assert auditor.get(f"/trail/export/{job.pk}/").status_code == 404


def test_only_the_last_exports_are_kept(site: TrailSite, auditor: Client) -> None:
    write()
    made = [started(auditor, "/trail/export/") for _ in range(jobs.KEPT + 1)]
    assert [jobs.export_path(str(job.pk)).exists() for job in made] == [False, *[True] * jobs.KEPT]


def test_a_list_taken_away_is_no_formula_and_is_recorded(site: TrailSite, auditor: Client) -> None:
    with transaction.atomic():
        record(
            TESTED, by=System(username="zhang.san", display_name="=1+1"), on="thing:@SUM(1)", why="\t=x", after={"note": "+49"}
        )
    answer = auditor.get("/trail/list.csv?kind=test.changed")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    (header, row) = csv.reader(io.StringIO(text))
    assert header[0] == "编号"
    assert (row[3], row[9], row[10]) == ("'=1+1", "'@SUM(1)", "'\t=x")
    (event,) = events_of(events.TAKEN.code)
    assert event.details == {"rows": 1, "filter": {"kind": "test.changed"}}
