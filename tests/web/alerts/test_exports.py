"""What leaves as a file: harmless, masked, marked, and its maker's alone."""

from __future__ import annotations

import base64
import csv
import io
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.core.intake.receiving import citizen
from tests.web.lakes import personal_values
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.alerts.actions import exporting
from xiezhi.web.alerts.actions.exporting import sweep
from xiezhi.web.alerts.models import Alert
from xiezhi.web.audit.models import AuditEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("raised")]

As = Callable[[RoleCode], Client]
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
BEFORE = ("", " ", "\u00a0", "\u3000", "\ufeff")
PAYLOADS = [f"{space}{start}cmd|' /C calc'!A0" for start in STARTS for space in BEFORE]
LIVE = tuple("=+-@\t\r\n＝＋－＠|%")


def taken(client: Client, format: str, query: str = "") -> bytes:  # noqa: A002
    answer = client.post(f"/alerts/export/?{query}", {"format": format, "why": "季度分析"})
    assert answer.status_code == 303
    file = client.get(answer["Location"])
    assert file["Cache-Control"] == "no-store, private"
    return b"".join(file.streaming_content)  # type: ignore[attr-defined]


def planted() -> list[str]:
    """Alerts whose texts are what an attacker would deliver."""
    with system_scope("test"):
        alerts = list(Alert.objects.order_by("id")[: len(PAYLOADS)])
        for alert, payload in zip(alerts, PAYLOADS, strict=True):
            Alert.objects.filter(pk=alert.pk).update(sentence_zh=payload, unit_label=payload[:200])
    return PAYLOADS


def test_a_csv_computes_nothing_and_loses_nothing(client_as: As) -> None:
    payloads = planted()
    assert len(payloads) >= 40
    rows = list(csv.reader(io.StringIO(taken(client_as(RoleCode.CONDUCT_OFFICER), "csv").decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert not [
        cell for cell in cells if cell.lstrip(" \u00a0\u3000\ufeff").startswith(LIVE) and not cell.lstrip().startswith("-1")
    ]
    for payload in payloads:
        flat = payload.replace("\r", " ").replace("\n", " ")
        assert any(flat.strip() in cell for cell in cells), payload


def test_a_workbook_holds_texts_and_no_formula(client_as: As, tmp_path: Path) -> None:
    planted()
    data = taken(client_as(RoleCode.CONDUCT_OFFICER), "xlsx")
    (tmp_path / "x.xlsx").write_bytes(data)
    parts = zipfile.ZipFile(io.BytesIO(data))
    sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert sheets
    assert not any("<f>" in sheet or "<f " in sheet or "<hyperlink" in sheet for sheet in sheets)
    rows = CalamineWorkbook.from_path(str(tmp_path / "x.xlsx")).get_sheet_by_index(0).to_python()
    assert "季度分析" in str(rows[0][0])
    assert len(rows) > 100


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_file_is_masked_and_told_once(client_as: As, city: Path, format: str) -> None:  # noqa: A002
    data = taken(client_as(RoleCode.CONDUCT_OFFICER), format)
    text = (
        data.decode("utf-8-sig")
        if format == "csv"
        else "".join(
            zipfile.ZipFile(io.BytesIO(data)).read(name).decode("utf-8", "replace")
            for name in zipfile.ZipFile(io.BytesIO(data)).namelist()
        )
    )
    assert not {value for value in personal_values(city / "delivered") if value in text}
    with system_scope("test", trail=True):
        (event,) = AuditEvent.objects.filter(kind="alert.exported")
    assert (event.why, event.details["format"]) == ("季度分析", format)


def test_a_file_is_its_makers_alone_and_lasts_a_day(client_as: As, home: Path) -> None:
    maker, other = client_as(RoleCode.CONDUCT_OFFICER), client_as(RoleCode.CITY_LEADER)
    address = maker.post("/alerts/export/", {"format": "csv", "why": "季度分析"})["Location"]
    assert other.get(address).status_code == 404
    assert maker.get(address).status_code == 200
    (file,) = (home / "exports").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    os.utime(file, (0, 0))
    assert sweep() == 1
    assert maker.get(address).status_code == 404


def test_a_file_that_does_not_hold_all_says_so(client_as: As, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = taken(client_as(RoleCode.CONDUCT_OFFICER), "csv").decode("utf-8-sig")
    monkeypatch.setattr(exporting, "MOST_ROWS", 5)
    cut = list(csv.reader(io.StringIO(taken(client_as(RoleCode.CONDUCT_OFFICER), "csv").decode("utf-8-sig"))))
    found = len(list(csv.reader(io.StringIO(whole)))) - 2
    assert f"共 {found} 条，本文件只有级别最高的 5 条。" in cut[0][0]
    assert len(cut) == 5 + 2
    assert "本文件只有" not in whole


def test_what_leaves_a_demonstration_says_that_it_is_invented(client_as: As, settings: Any) -> None:
    """On paper and in files nothing of the page's frame is left to say it."""
    client = client_as(RoleCode.CONDUCT_OFFICER)
    with system_scope("test"):
        number = Alert.objects.order_by("pk")[0].number
    said = {}
    for demonstration in (True, False):
        settings.XIEZHI_DEMO = demonstration
        page = client.get(f"/alerts/{number}/print/").content.decode()
        marks = [base64.b64decode(found).decode() for found in re.findall(r'class="watermark" src="data:[^,]+,([^"]+)"', page)]
        said[demonstration] = ("均为虚构" in marks[0], "均为虚构" in taken(client, "csv").decode("utf-8-sig"))
    assert said == {True: (True, True), False: (False, False)}


def test_what_the_trail_refuses_to_keep_leaves_no_file(client_as: As, home: Path) -> None:
    """A reason with somebody's id in it: the page refused, and the file lay there with the reason in its first line."""
    client = client_as(RoleCode.CONDUCT_OFFICER)
    answer = client.post("/alerts/export/", {"format": "csv", "why": f"查 {citizen(1)}"})
    assert answer.status_code in (400, 422)
    assert [path for path in home.rglob("*") if path.is_file() and path.name.startswith("alerts-")] == []
