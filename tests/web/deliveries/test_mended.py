"""Rows set aside, and what became of them since: counted as far as it can be known, and no further."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.test import Client

from tests.web.deliveries.files import DIBAO, PERSON, csv
from tests.web.people import Commission
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.deliveries.actions.mirroring import mirror_all
from xiezhi.web.deliveries.models import Delivery

Browser = Callable[[RoleCode], Client]
BAD = f"发放流水号,身份证号,姓名,补贴项目编码,所属月份,发放日期,补贴金额\nP1,{PERSON},王小明,ELD80,2025-01,2025-01-15,五千\n"


def received(home: Path, name: str, text: str) -> None:
    receive_delivery(CoreConfig(), [csv(home / name, text)], home / "lake")
    mirror_all()


def of(number: int) -> tuple[int, int | None, int | None]:
    with system_scope("test"):
        one = Delivery.objects.get(number=number)
    return one.corrected, one.still_open, one.unknowable


def shown(client: Client, page: str) -> str:
    return " ".join(client.get(page).content.decode().split())


def test_the_first_deliverys_page_counts_its_rows_down(home: Path, commission: Commission, client_as: Browser) -> None:
    received(home, "补贴.csv", BAD)
    client = client_as(RoleCode.DATA_ANALYST)
    assert of(1) == (0, 1, 0)
    assert "还没有改正" in shown(client, "/deliveries/1/")
    received(home, "补贴改.csv", BAD.replace("五千", "六千"))
    assert of(1) == (0, 0, 0)
    page = shown(client, "/deliveries/1/")
    assert "重交后又退回" in page
    assert "看第 2 号" in page
    received(home, "补贴再改.csv", BAD.replace("五千", "5000.00"))
    assert of(2) == (1, 0, 0)
    assert "第 3 号改正 1 行" in shown(client, "/deliveries/2/")
    assert of(1) == (0, 0, 0), "it was the second's row by then"
    assert "已改正" in shown(client, "/deliveries/")


def test_what_cannot_be_known_is_said(home: Path, commission: Commission, client_as: Browser) -> None:
    """Two rows without a sound id: their key cannot be read."""
    received(home, "低保.csv", DIBAO)
    assert of(1) == (0, 0, 2)
    client = client_as(RoleCode.DEPARTMENT_CONTACT)
    assert "说不准" in shown(client, "/deliveries/1/")
    mended = DIBAO.replace("990106194912310021", PERSON).replace("A3,,", f"A3,{PERSON},")
    received(home, "另一个文件.csv", mended)
    assert of(1) == (0, 0, 2), "these rows may be those, and nobody can know"
    header, *rows = mended.splitlines()
    assert "2 行退回，请改正后重交" in shown(client, "/")
    back = [f"{header},原交付号,原行号,退回原因"]
    back += [f"{row},1,{at},x" for at, row in enumerate(rows, start=2) if row[:2] in ("A2", "A3")]
    received(home, "换了名字.csv", "\n".join(back) + "\n")
    assert of(1) == (2, 0, 0)
    assert "请改正后重交" not in shown(client, "/")
    page = shown(client, "/deliveries/1/")
    assert "退回的行都已重新交付" in page
    assert "按“退回原因”列改正后重新上传" not in page
    assert "契约没有的列" not in shown(client, "/deliveries/3/")
    assert "第 3 号改正 2 行" in page
    assert "说不准" not in page


def test_what_was_refused_is_asked_for_until_the_same_sheet_was_accepted(
    home: Path, commission: Commission, client_as: Browser
) -> None:
    client = client_as(RoleCode.DEPARTMENT_CONTACT)
    received(home, "甲.csv", DIBAO)
    received(home, "乙.csv", DIBAO.replace("A1", "B1"))
    with system_scope("test"):
        Delivery.objects.filter(number=1).update(fate="refused", file="册.xlsx", sheet="一月")
        Delivery.objects.filter(number=2).update(file="册.xlsx", sheet="二月")
    assert "整件拒收，请核对后重交" in shown(client, "/"), "another sheet of the workbook is no answer"
    with system_scope("test"):
        Delivery.objects.filter(number=2).update(sheet="一月")
    assert "整件拒收，请核对后重交" not in shown(client, "/")


def test_of_what_was_received_before_nobody_counted_it_is_not_known(
    home: Path, commission: Commission, client_as: Browser
) -> None:
    received(home, "补贴.csv", BAD)
    with system_scope("test"):
        Delivery.objects.update(unkeyed=None)
    assert of(1) == (0, None, None)
    page = shown(client_as(RoleCode.DATA_ANALYST), "/deliveries/1/")
    assert "这次交付接收时还没有统计，说不准" in page
    assert "还没有改正" not in page
