"""What was uploaded is looked at before it is sent: shown without anybody in it, sent or taken away by its own unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from tests.web.deliveries.files import DIBAO, PAYROLL, PERSON, Worker, looked_at, sent
from tests.web.matrix.asking import Answer
from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.progress import Silent
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.deliveries import gateway
from xiezhi.web.deliveries.actions import deciding, keeping, previewing, receiving, uploading
from xiezhi.web.deliveries.models import Upload
from xiezhi.web.deliveries.states import MOVES, UploadState, before
from xiezhi.web.jobs.models import Job

Browser = Callable[[RoleCode], Client]
As = Callable[[RoleCode], Viewer]
OTHER, ACCOUNT, NAME = "990106194912310021", "6299990000000000017", "欧阳小明"
CONTACT, ANALYST = RoleCode.DEPARTMENT_CONTACT, RoleCode.DATA_ANALYST


def upload(client: Client, *files: object, look: bool = True, contract: str = "") -> str:
    """Its page."""
    answer = client.post("/deliveries/upload/", {"files": list(files), "contract": contract})
    assert answer.status_code == 303
    if look:
        looked_at(answer["Location"])
    return str(answer["Location"])


def kept() -> list[Upload]:
    with system_scope("test"):
        return list(Upload.objects.order_by("name"))


def trail(kind: str) -> list[AuditEvent]:
    with system_scope("test", trail=True):
        return list(AuditEvent.objects.filter(kind=kind))


def shown(client: Client, page: str) -> str:
    return " ".join(client.get(page).content.decode().split())


def workbook(**sheets: list[tuple[str, ...]]) -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_string(number, place, cell)
    return made.getvalue()


def test_nothing_is_received_until_it_is_sent(home: Path, client_as: Browser, viewer: As) -> None:
    client = client_as(CONTACT)
    page = upload(client, sent("低保.csv", DIBAO), look=False)
    with system_scope("test"):
        assert [job.kind for job in Job.objects.all()] == ["deliveries.look"]
    assert "还没有识别完" in shown(client, page)
    assert client.post(f"{page}send/").status_code == 303
    assert kept()[0].state == "looking", "what nobody has seen cannot be sent"
    looked_at(page)
    Worker(viewer(CONTACT)).do(kept()[0].batch)
    assert (kept()[0].state, gateway.ledger()) == ("ready", []), "a job of receiving leaves it alone"
    client.post(f"{page}send/")
    (one,) = kept()
    assert (one.state, one.preview) == ("waiting", []), "what was shown is kept no longer"
    Worker(viewer(CONTACT)).do(one.batch)
    assert kept()[0].state == "received"
    assert [event.details["files"] for event in trail("delivery.sent")] == [1]


def test_the_page_says_what_each_sheet_is_taken_for(home: Path, client_as: Browser) -> None:
    client = client_as(CONTACT)
    header = ("低保证号", "公民身份号码", "姓名", "低保类别", "起始月份", "经办意见")
    rows = [header, *[(f"A{n}", PERSON, NAME, "城市", "2025-01", "x") for n in range(8)]]
    page = shown(client, upload(client, sent("名册.xlsx", workbook(一月=rows, 说明=[("没有", "这样"), ("1", "2")]))))
    for said in (
        "一月",
        "按表头识别",
        "没有读入的列",
        "经办意见",
        "缺少的可选列",
        "状态日期",
        "身份证号",
        "← 公民身份号码",
        "确认报送 1 个文件",
    ):
        assert said in page, said
    assert page.count("99…X") == 5, "five rows, masked"
    for said in ("说明", "没有识别，报送后会被拒收", "怎么办", "表头不符合任何数据契约"):
        assert said in page, said
    assert "--" not in re.sub(r"<!--.*?-->", "", page), "nothing of the command line"


def test_the_unit_of_money_and_another_departments_data_are_named(home: Path, client_as: Browser) -> None:
    payroll = PAYROLL.replace("MONTH", "2026-01").replace("应发金额", "应发金额(万元)")
    mine = client_as(ANALYST)
    page = shown(mine, upload(mine, sent("工资.csv", payroll)))
    assert "万元" in page
    assert "不是本部门的数据" not in page
    contact = client_as(CONTACT)
    assert "不是本部门的数据，报送后会被拒收" in shown(contact, upload(contact, sent("工资.csv", payroll)))


def test_of_a_chosen_dataset_the_missing_columns_are_named(home: Path, client_as: Browser) -> None:
    client = client_as(CONTACT)
    page = shown(client, upload(client, sent("a.csv", "低保证号,姓名\nA1,x\n"), contract="dibao_member"))
    assert "缺必填列：" in page
    assert "身份证号" in page


@pytest.mark.parametrize(
    "row",
    [
        ("A1", PERSON, NAME, "城市", "2025-01"),
        ("", "A1", OTHER, NAME, "城市"),
        (OTHER, NAME, "城市", "2025-01", ""),
        ("A1", NAME, OTHER, "城市", "2025-01"),
        (NAME, PERSON, NAME, "城市", "2025-01"),
        (ACCOUNT, PERSON, NAME, "城市", "2025-01"),
    ],
)
def test_nobody_can_be_told_from_the_page_nor_from_the_table(home: Path, client_as: Browser, row: tuple[str, ...]) -> None:
    """A file with its columns shifted shows no more than one without."""
    client = client_as(CONTACT)
    header = ("低保证号", "身份证号", "姓名", "低保类别", "起始月份")
    for file in (sent("a.csv", "\n".join(map(",".join, (header, row)))), sent("a.xlsx", workbook(名册=[header, row]))):
        page = upload(client, file)
        answer = client.get(page).content.decode()
        assert "前几行（已遮盖）" in answer
        said = answer + str(kept()[-1].preview)
        assert Answer(200, said).identities() == []
        for value in (PERSON, OTHER, ACCOUNT, NAME, "小明"):
            assert value not in said


def test_a_file_is_taken_out_of_an_upload_and_its_bytes_are_erased(home: Path, client_as: Browser) -> None:
    client = client_as(CONTACT)
    page = upload(client, sent("低保.csv", DIBAO), sent("错.csv", "没有,这样,的表\n1,2,3\n"))
    bad, good = sorted(kept(), key=lambda one: one.name != "错.csv")
    folder = uploading.folder_of(bad)
    assert folder.is_dir()
    assert client.post(f"{page}remove/", {"file": str(bad.pk)}).status_code == 303
    assert not folder.exists()
    assert uploading.path_of(good).is_file()
    state = {one.name: one.state for one in kept()}
    assert state == {"错.csv": "removed", "低保.csv": "ready"}
    (event,) = trail("delivery.removed")
    assert (event.on_label, event.details["was"]) == ("错.csv", "ready")
    text = shown(client, page)
    assert "低保.csv" in text
    assert ">错.csv<" not in text.replace(" ", "")
    assert "确认报送 1 个文件" in text
    client.post(f"{page}remove/", {"file": str(good.pk)})
    assert list((home / "uploads").glob(f"{good.batch.hex}*")) == [], "nothing of the batch is left"
    assert "都已移除" in shown(client, page)
    assert page not in client.get("/deliveries/upload/").content.decode()


def test_a_refused_file_leaves_the_list_and_its_receipt_stays(home: Path, client_as: Browser, viewer: As) -> None:
    client = client_as(CONTACT)
    page = upload(client, sent("错.csv", "没有,这样,的表\n1,2,3\n"))
    client.post(f"{page}send/")
    Worker(viewer(CONTACT)).do(kept()[0].batch)
    (one,) = kept()
    assert one.state == "refused"
    client.post(f"{page}remove/", {"file": str(one.pk)})
    assert kept()[0].state == "removed"
    assert len(gateway.ledger()) == 1
    assert client.get("/deliveries/1/").status_code == 200


@pytest.mark.parametrize("state", ["waiting", "checking", "received"])
def test_what_is_received_or_about_to_be_is_not_removed(home: Path, client_as: Browser, viewer: As, state: str) -> None:
    client = client_as(CONTACT)
    page = upload(client, sent("低保.csv", DIBAO))
    with system_scope("test"):
        Upload.objects.update(state=state, preview=[], ended_at=clock.now())
    (one,) = kept()
    client.post(f"{page}remove/", {"file": str(one.pk)})
    assert kept()[0].state == state
    assert uploading.path_of(one).is_file()
    assert "不能移除" in shown(client, page)
    with acting_as(viewer(CONTACT)) as by, pytest.raises(UserError):
        deciding.remove(one, by=by)


def test_another_units_file_is_neither_removed_nor_sent(home: Path, client_as: Browser, viewer: As) -> None:
    """Out of sight there is nothing; in sight, as for the analyst, the policy stands; and so does the database."""
    page = upload(client_as(ANALYST), sent("工资.csv", PAYROLL.replace("MONTH", "2026-01")))
    (theirs,) = kept()
    contact = client_as(CONTACT)
    for act in ("remove/", "send/"):
        assert contact.post(f"{page}{act}", {"file": str(theirs.pk)}).status_code == 404
    with acting_as(viewer(CONTACT)) as by:
        assert Upload.objects.filter(pk=theirs.pk).update(state="removed") == 0, "row-level security"
        with pytest.raises(PermissionDenied):
            deciding.remove(theirs, by=by)
    page = upload(contact, sent("低保.csv", DIBAO))
    mine = next(one for one in kept() if one.name == "低保.csv")
    analyst = client_as(ANALYST)
    text = analyst.get(page).content.decode()
    assert "低保.csv" in text, "the analyst sees it"
    assert 'name="file"' not in text
    assert f"{page}send/" not in text
    for act in ("remove/", "send/"):
        assert analyst.post(f"{page}{act}", {"file": str(mine.pk)}).status_code == 403
    assert {one.state for one in kept()} == {"ready"}


def test_a_file_of_another_batch_is_not_removed_through_this_one(home: Path, client_as: Browser) -> None:
    client = client_as(CONTACT)
    first = upload(client, sent("a.csv", DIBAO))
    upload(client, sent("b.csv", DIBAO.replace("A1", "B1")))
    other = next(one for one in kept() if one.name == "b.csv")
    client.post(f"{first}remove/", {"file": str(other.pk)})
    client.post(f"{first}remove/")
    assert [one.state for one in kept()] == ["ready", "ready"]


def test_what_is_removed_while_it_is_looked_at_stays_removed(
    home: Path, client_as: Browser, viewer: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = upload(client_as(CONTACT), sent("a.csv", DIBAO), look=False)
    (one,) = kept()

    def meanwhile(*_given: object, **_named: object) -> list[dict[str, object]]:
        with acting_as(viewer(CONTACT)) as by:
            deciding.remove(one, by=by)
        return [{"said": None}]

    monkeypatch.setattr(previewing.gateway, "preview", meanwhile)
    looked_at(page)
    assert (kept()[0].state, kept()[0].preview) == ("removed", [])


def test_looking_that_failed_is_begun_again_and_skips_no_step(home: Path, client_as: Browser) -> None:
    client = client_as(CONTACT)
    page = upload(client, sent("a.csv", DIBAO), look=False)
    with system_scope("test"):
        Job.objects.update(state="failed", finished_at=clock.now())
    assert "再试一次" in shown(client, page)
    client.post(f"{page}again/")
    with system_scope("test"):
        assert sorted(job.kind for job in Job.objects.all()) == ["deliveries.look"] * 2
    assert kept()[0].state == "looking"
    looked_at(page)
    client.post(f"{page}again/")
    assert kept()[0].state == "ready", "trying again sends nothing"


def test_what_nobody_sends_is_erased_after_its_days(home: Path, client_as: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(client_as(CONTACT), sent("a.csv", DIBAO))
    (one,) = kept()
    keeping.sweep()
    assert uploading.path_of(one).is_file()
    monkeypatch.setenv("XIEZHI_NOW", (clock.now() + timedelta(days=keeping.UNSENT_DAYS, minutes=1)).isoformat())
    keeping.sweep()
    assert (kept()[0].state, kept()[0].preview) == ("removed", [])
    assert not uploading.folder_of(one).exists()
    assert [event.details["files"] for event in trail("delivery.lapsed")] == [1]


def test_machines_are_not_asked(home: Path, viewer: As) -> None:
    with acting_as(viewer(RoleCode.MACHINE)) as by:
        taken = uploading.take([sent("低保.csv", DIBAO)], by=by)
        uploading.begin(taken, by=by)
    assert kept()[0].state == "waiting"
    Worker(viewer(RoleCode.MACHINE)).do(taken[0].batch)
    assert kept()[0].state == "received"


ACTS: dict[UploadState, Callable[[Upload, Viewer], object]] = {
    UploadState.READY: lambda one, by: looked_at(f"/{one.batch}/"),
    UploadState.WAITING: lambda one, by: deciding.send(one.batch, by=by),
    UploadState.REMOVED: lambda one, by: deciding.remove(one, by=by),
    UploadState.FAILED: lambda one, by: receiving.give_up(one.batch, by=by),
    UploadState.CHECKING: lambda one, by: receiving._begin(one.batch, lambda: acting_as(by)),
    UploadState.RECEIVED: lambda one, by: receive(one, by),
    UploadState.REFUSED: lambda one, by: (uploading.path_of(one).unlink(), receive(one, by)),
}
"""What brings a file into a state. Into CHECKING it comes by itself on the way to the last two."""


def receive(one: Upload, by: Viewer) -> object:
    return receiving.receive_batch(one.batch, acting=lambda: acting_as(by), by=by, progress=Silent())


@pytest.mark.parametrize("state", list(UploadState))
@pytest.mark.parametrize("other", list(ACTS))
def test_every_act_leads_where_the_table_says(home: Path, viewer: As, state: UploadState, other: UploadState) -> None:
    """Each act, tried on a file in each state, moves it as declared or leaves it as it is."""
    by = viewer(CONTACT)
    with acting_as(by):
        (one,) = uploading.take([sent("低保.csv", DIBAO)], by=by, state=UploadState.LOOKING)
        Upload.objects.filter(pk=one.pk).update(state=state, ended_at=clock.now() if state.ended else None)
    try:
        with acting_as(by):
            ACTS[other](one, by)
    except UserError:
        assert not state.may_become(other)
    first = UploadState.CHECKING if other in (UploadState.RECEIVED, UploadState.REFUSED) else other
    assert kept()[0].state == (other if state.may_become(first) else state)


def test_the_table_of_moves_is_whole() -> None:
    assert set(MOVES) == set(UploadState)
    assert {state for state in UploadState if not MOVES[state]} == {UploadState.RECEIVED, UploadState.REMOVED}
    assert before(UploadState.WAITING) == (UploadState.READY,), "nothing is received that was not sent"
    assert set(before(UploadState.CHECKING)) == {UploadState.WAITING, UploadState.CHECKING, UploadState.FAILED}


def test_the_database_keeps_no_preview_of_what_is_sent(home: Path, client_as: Browser) -> None:
    upload(client_as(CONTACT), sent("a.csv", DIBAO))
    with system_scope("test"), pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.update(state="waiting")
    assert isinstance(kept()[0].batch, UUID)
