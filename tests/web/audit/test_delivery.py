"""A day of the trail is data like any other: really received into a lake, under its contract."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from tests.web.audit.site import SOMEBODY, TESTED, TrailSite
from xiezhi.kernel import clock
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery
from xiezhi.web.audit import context, events
from xiezhi.web.audit.delivery import HEADER, deliver, yesterday
from xiezhi.web.audit.record import System, Target, record

PERSON = Target("subjects.person", "1817", "张明 死亡后领取低保", "0001.0003.")


@pytest.fixture
def delivered(fresh: TrailSite, tmp_path: Path) -> Path:
    with context.facts(ip="10.1.2.3", request_id="r-0001"), transaction.atomic():
        with context.for_purpose("核查", "C-7"):
            record(
                TESTED,
                by=SOMEBODY,
                on=PERSON,
                why="张明一案",
                before={"state": "a", "same": 1},
                after={"state": "b", "same": 1, "who": "张明"},
            )
        record(TESTED, by=System("system:sealer"), on=Target("=HYPERLINK(1)", "2", "2"), outcome="refused")
    path = deliver(tmp_path / "inbox", day=timezone.localdate(clock.now()), by=SOMEBODY)
    assert path is not None
    return path


def test_accounts_and_numbers_but_no_names_or_values(delivered: Path) -> None:
    text = delivered.read_text("utf-8")
    assert "张明" not in text
    first, second = csv.DictReader(text.splitlines())
    assert tuple(first) == HEADER
    assert (first["用户名"], first["对象编号"], first["改动的字段"], first["写明事由"], first["事项编号"]) == (
        "zhang.san",
        "1817",
        "state who",
        "是",
        "C-7",
    )
    assert (second["用户名"], second["结果"], second["写明事由"], second["岗位编号"]) == ("system:sealer", "refused", "否", "")


def test_it_is_received_into_a_lake_and_again_without_doubling(delivered: Path, tmp_path: Path) -> None:
    config, lake = CoreConfig.from_environment(), tmp_path / "lake"
    (receipt,) = receive_delivery(config, [delivered], lake)
    assert (receipt.contract, receipt.refused) == ("audit_event", False)
    assert "'=HYPERLINK(1)" in delivered.read_text("utf-8"), "no spreadsheet computes it"
    assert (receipt.delivered, receipt.accepted, receipt.repaired, receipt.set_aside) == (2, 1, 1, 0), "and it comes in as it was"
    (again,) = receive_delivery(config, [delivered], lake)
    assert again.delivery == receipt.delivery
    longer = delivered.with_name("longer.csv")
    head, first, second = delivered.read_text("utf-8").splitlines()
    longer.write_text("\n".join([head, first, second, second.replace(second.split(",")[0], "900", 1)]) + "\n", "utf-8")
    receive_delivery(config, [longer], lake)
    with Lake.open(lake) as opened:
        assert opened.snapshot().tables["audit_event"].rows == 3


def test_delivering_is_an_event_and_an_empty_day_delivers_nothing(delivered: Path, fresh: TrailSite) -> None:
    assert fresh.rows("SELECT on_id, username FROM audit_event WHERE kind = %s", events.DELIVERED.code) == [
        (delivered.name, "zhang.san")
    ]
    assert deliver(delivered.parent, day=yesterday() - timedelta(days=400), by=SOMEBODY) is None
    assert [path.name for path in delivered.parent.iterdir()] == [delivered.name]
