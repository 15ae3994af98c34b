"""From a form with files to rows of the lake: through the site, the job and the core."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client

from tests.web.deliveries.files import DIBAO, PAYROLL, PERSON, Worker, looked_at, sent
from xiezhi.kernel import clock
from xiezhi.kernel.progress import Silent
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.deliveries import gateway
from xiezhi.web.deliveries.actions import receiving, uploading
from xiezhi.web.deliveries.models import Delivery, Upload
from xiezhi.web.jobs.models import Job

Browser = Callable[[RoleCode], Client]
As = Callable[[RoleCode], Viewer]


def upload(client: Client, *files: object, contract: str = "") -> object:
    """Uploaded, looked at and sent."""
    answer = client.post("/deliveries/upload/", {"files": list(files), "contract": contract})
    if answer.status_code == 303:
        looked_at(answer["Location"])
        assert client.post(f"{answer['Location']}send/").status_code == 303
    return answer


def kept() -> list[Upload]:
    with system_scope("test"):
        return list(Upload.objects.order_by("name"))


def events(kind: str) -> int:
    with system_scope("test", trail=True):
        return AuditEvent.objects.filter(kind=kind).count()


def test_files_wait_where_only_the_platform_reads_and_one_job_is_started(home: Path, client_as: Browser) -> None:
    answer = upload(
        client_as(RoleCode.DEPARTMENT_CONTACT), sent("低保.csv", DIBAO), sent("../../低保2.csv", DIBAO.replace("A1", "B1"))
    )
    assert answer.status_code == 303
    uploads = kept()
    assert answer["Location"] == f"/deliveries/uploads/{uploads[0].batch}/"
    assert [one.name for one in uploads] == ["低保.csv", "低保2.csv"]
    for one in uploads:
        path = uploading.path_of(one)
        assert path.is_relative_to(home / "uploads")
        assert one.name not in str(path.parent), "the folder's name is random"
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, home / "uploads")] == [0o700, 0o700]
    with system_scope("test"):
        job = Job.objects.get(kind="deliveries.receive")
    assert {one.job_id for one in uploads} == {job.pk}
    assert events("delivery.uploaded") == 1


@pytest.mark.parametrize("names", [(f"{PERSON}王小明.csv",), ("低保.csv", f"王小明{PERSON}.csv")])
def test_a_file_that_is_named_after_somebody_is_taken_and_the_trail_names_nobody(
    names: tuple[str, ...], home: Path, client_as: Browser
) -> None:
    answer = upload(client_as(RoleCode.DEPARTMENT_CONTACT), *(sent(name, DIBAO) for name in names))
    assert answer.status_code == 303
    with system_scope("test", trail=True):
        event = AuditEvent.objects.get(kind="delivery.uploaded")
    assert event.on_label.count(".csv") == len(names)
    assert PERSON not in event.on_label


def test_received_rows_show_up_and_the_waiting_file_is_gone(home: Path, client_as: Browser, viewer: As) -> None:
    client = client_as(RoleCode.DEPARTMENT_CONTACT)
    upload(client, sent("低保.csv", DIBAO))
    (one,) = kept()
    Worker(viewer(RoleCode.DEPARTMENT_CONTACT)).do(one.batch)
    (one,) = kept()
    assert (one.state, one.numbers) == ("received", [1])
    assert "2 行退回" in one.message_zh
    assert not (home / "uploads" / one.batch.hex).exists()
    assert events("delivery.received") == 1
    page = client.get(f"/deliveries/uploads/{one.batch}/").content.decode()
    assert "/deliveries/1/" in page
    assert client.get("/deliveries/1/").status_code == 200


def test_a_file_of_another_department_never_reaches_the_lake(home: Path, client_as: Browser, viewer: As) -> None:
    upload(client_as(RoleCode.DEPARTMENT_CONTACT), sent("名单.csv", PAYROLL.replace("MONTH", "2026-01")))
    (one,) = kept()
    Worker(viewer(RoleCode.DEPARTMENT_CONTACT)).do(one.batch)
    (one,) = kept()
    assert one.state == "refused"
    assert "财政局" in one.message_zh
    assert "Finance bureau" in one.message_en
    assert one.todo_zh
    assert gateway.ledger() == []
    assert events("delivery.refused") == 1


def test_one_foreign_member_refuses_the_whole_archive(home: Path, client_as: Browser, viewer: As) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", DIBAO)
        archive.writestr("b.csv", PAYROLL.replace("MONTH", "2026-01"))
    upload(client_as(RoleCode.DEPARTMENT_CONTACT), sent("all.zip", packed.getvalue()))
    (one,) = kept()
    Worker(viewer(RoleCode.DEPARTMENT_CONTACT)).do(one.batch)
    assert kept()[0].state == "refused"
    assert gateway.ledger() == []


def test_the_analyst_delivers_for_every_department(home: Path, client_as: Browser, viewer: As) -> None:
    upload(client_as(RoleCode.DATA_ANALYST), sent("工资.csv", PAYROLL.replace("MONTH", "2026-01")), sent("低保.csv", DIBAO))
    Worker(viewer(RoleCode.DATA_ANALYST)).do(kept()[0].batch)
    assert {one.state for one in kept()} == {"received"}
    with acting_as(viewer(RoleCode.DEPARTMENT_CONTACT)):
        assert [one.contract for one in Delivery.objects.all()] == ["dibao_member"]


def test_a_refused_file_says_why_and_lies_with_its_sender(home: Path, client_as: Browser, viewer: As) -> None:
    client = client_as(RoleCode.DEPARTMENT_CONTACT)
    upload(client, sent("乱.csv", "没有,这样,的表\n1,2,3\n"))
    Worker(viewer(RoleCode.DEPARTMENT_CONTACT)).do(kept()[0].batch)
    (one,) = kept()
    assert one.state == "refused"
    assert "表头" in one.message_zh
    with acting_as(viewer(RoleCode.DEPARTMENT_CONTACT)):
        assert Delivery.objects.get().fate == "refused", "its sender sees the refusal"
    page = client.get("/deliveries/1/").content.decode()
    assert "整件拒收" in page


def test_killed_by_the_system_after_the_lake_took_it_and_before_anything_was_noted(
    home: Path, client_as: Browser, viewer: As
) -> None:
    """The core's process is killed for real, at its last write; the job, asked again, comes to one delivery."""
    upload(client_as(RoleCode.DEPARTMENT_CONTACT), sent("低保.csv", DIBAO))
    (one,) = kept()
    command = [sys.executable, "-m", "xiezhi", "receive", str(uploading.path_of(one)), "--lake", str(home / "lake")]
    for point in ("intake.after_receipt", "intake.after_original"):
        killed = subprocess.run(command, env=os.environ | {"XIEZHI_KILL_AT": point}, capture_output=True, check=False)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
    Worker(viewer(RoleCode.DEPARTMENT_CONTACT)).do(one.batch)
    assert [delivery.number for delivery in gateway.ledger()] == [1]
    assert kept()[0].numbers == [1]
    with system_scope("test"):
        assert Delivery.objects.get().accepted + Delivery.objects.get().repaired == 2


class Crash(Exception):
    """The process is gone."""


@pytest.mark.parametrize("survived", [1, 2])
def test_a_worker_lost_at_any_point_and_another_that_goes_on_double_nothing(
    home: Path, client_as: Browser, viewer: As, survived: int
) -> None:
    """`survived`: how many of the job's own transactions were committed before the worker was lost."""
    upload(
        client_as(RoleCode.DEPARTMENT_CONTACT),
        sent("低保.csv", DIBAO),
        sent("低保2.csv", DIBAO.replace("A1", "B1").replace("A4", "B4")),
    )
    by, batch = viewer(RoleCode.DEPARTMENT_CONTACT), kept()[0].batch
    committed: list[None] = []

    def acting() -> object:
        if len(committed) == survived:
            raise Crash
        committed.append(None)
        return acting_as(by)

    with pytest.raises(Crash):
        receiving.receive_batch(batch, acting=acting, by=by, progress=Silent())
    assert len(gateway.ledger()) == survived, "the lake already has what the table does not say"
    Worker(by).do(batch)
    assert [one.number for one in gateway.ledger()] == [1, 2]
    assert [(one.state, one.numbers) for one in kept()] == [("received", [1]), ("received", [2])]
    assert all("此前已收到" not in one.message_zh for one in kept()), "it was this upload that brought them"
    with system_scope("test"):
        assert list(Delivery.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert events("delivery.received") == 2


def test_the_same_file_again_brings_nothing_new_and_says_so(
    home: Path, client_as: Browser, viewer: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, by = client_as(RoleCode.DEPARTMENT_CONTACT), viewer(RoleCode.DEPARTMENT_CONTACT)
    upload(client, sent("低保.csv", DIBAO))
    Worker(by).do(kept()[0].batch)
    monkeypatch.setenv("XIEZHI_NOW", (clock.now() + timedelta(minutes=5)).isoformat())
    upload(client, sent("改了名.csv", DIBAO))
    later = next(one for one in kept() if one.name == "改了名.csv")
    Worker(by).do(later.batch)
    later = next(one for one in kept() if one.name == "改了名.csv")
    assert "第 1 号交付" in later.message_zh
    assert len(gateway.ledger()) == 1


def test_mended_rows_come_back_and_are_tied_to_where_they_came_from(home: Path, client_as: Browser, viewer: As) -> None:
    client, by = client_as(RoleCode.DEPARTMENT_CONTACT), viewer(RoleCode.DEPARTMENT_CONTACT)
    upload(client, sent("低保.csv", DIBAO))
    Worker(by).do(kept()[0].batch)
    answer = client.post("/deliveries/1/returned/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "990106194912310021" in text, "in clear, for whoever must mend it"
    name = answer["Content-Disposition"]
    assert "00000001" in name
    mended = text.replace("990106194912310021", PERSON).replace("A3,,", f"A3,{PERSON},")
    upload(client, sent("00000001-低保.csv", mended))
    Worker(by).do(next(one for one in kept() if one.name.startswith("0000")).batch)
    with acting_as(by):
        second = Delivery.objects.get(number=2)
    assert (second.delivered, second.set_aside) == (2, 0)
    assert "/deliveries/2/" in client.get("/deliveries/1/").content.decode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("表.pdf", b"%PDF-1.7", "不收"),
        ("空.csv", b"", "空的"),
        ("表.xlsx", b"a,b\n1,2\n", "不符"),
        ("病毒.csv", b"MZ\x90\x00", "不符"),
        ("没有扩展名", b"a,b\n", "不收"),
    ],
)
def test_what_may_not_come_in_is_refused_at_the_door(
    home: Path, client_as: Browser, name: str, content: bytes, said: str
) -> None:
    answer = upload(client_as(RoleCode.DEPARTMENT_CONTACT), sent("好.csv", DIBAO), sent(name, content))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert kept() == []
    assert not list((home / "uploads").iterdir()), "the good one is not kept either"


def test_what_systems_strew_into_folders_is_left_out(home: Path, client_as: Browser) -> None:
    assert (
        upload(
            client_as(RoleCode.DEPARTMENT_CONTACT), sent("低保.csv", DIBAO), sent(".DS_Store", b"x"), sent("~$低保.xlsx", b"x")
        ).status_code
        == 303
    )
    assert [one.name for one in kept()] == ["低保.csv"]


def test_a_dataset_of_another_department_cannot_be_named(home: Path, client_as: Browser) -> None:
    answer = upload(client_as(RoleCode.DEPARTMENT_CONTACT), sent("低保.csv", DIBAO), contract="fiscal_payroll")
    assert answer.status_code == 422
    assert kept() == []


def test_who_may_not_upload_is_refused(home: Path, client_as: Browser) -> None:
    assert upload(client_as(RoleCode.SUPERVISING_OFFICER), sent("低保.csv", DIBAO)).status_code == 403
    assert kept() == []


def test_what_could_not_be_finished_can_be_tried_again(home: Path, client_as: Browser, viewer: As) -> None:
    client = client_as(RoleCode.DEPARTMENT_CONTACT)
    upload(client, sent("低保.csv", DIBAO))
    (one,) = kept()
    receiving.give_up(one.batch, by=viewer(RoleCode.DEPARTMENT_CONTACT))
    assert kept()[0].state == "failed"
    assert client.post(f"/deliveries/uploads/{one.batch}/again/").status_code == 303
    Worker(viewer(RoleCode.DEPARTMENT_CONTACT)).do(one.batch)
    assert kept()[0].state == "received"


def test_another_departments_batch_is_not_found(home: Path, client_as: Browser) -> None:
    upload(client_as(RoleCode.DATA_ANALYST), sent("工资.csv", PAYROLL.replace("MONTH", "2026-01")))
    assert client_as(RoleCode.DEPARTMENT_CONTACT).get(f"/deliveries/uploads/{kept()[0].batch}/").status_code == 404


def test_a_file_nobody_knows_that_the_analyst_sent_lies_with_the_analysts_own_unit(
    home: Path, client_as: Browser, viewer: As
) -> None:
    upload(client_as(RoleCode.DATA_ANALYST), sent("乱.csv", "没有,这样,的表\n1,2,3\n"))
    Worker(viewer(RoleCode.DATA_ANALYST)).do(kept()[0].batch)
    with system_scope("test"):
        assert Delivery.objects.get().unit_path == viewer(RoleCode.DATA_ANALYST).unit_path
