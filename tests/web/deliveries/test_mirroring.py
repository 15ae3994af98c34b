"""The table of deliveries against the lake's own ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.web.deliveries.files import PAYROLL, csv
from tests.web.people import Commission
from xiezhi.kernel.errors import UserError
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery
from xiezhi.operations.retention import forget_delivery
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.deliveries import gateway
from xiezhi.web.deliveries.actions.mirroring import mirror, mirror_all
from xiezhi.web.deliveries.models import Delivery
from xiezhi.web.deliveries.states import Fate


def everything() -> dict[int, Delivery]:
    with system_scope("test"):
        return {one.number: one for one in Delivery.objects.select_related("unit").order_by("number")}


def test_every_delivery_of_the_ledger_is_mirrored_with_its_numbers(lake: Path, commission: Commission) -> None:
    assert mirror_all() == 4
    mirrored = everything()
    for one in gateway.ledger():
        row = mirrored[one.number]
        assert (row.delivered, row.accepted, row.repaired, row.set_aside) == tuple(
            one.receipt[name] for name in ("delivered", "accepted", "repaired", "set_aside")
        )
        assert sum(row.faults.values()) == sum(reason["count"] for reason in one.receipt["reasons"])
    assert (mirrored[1].fate, mirrored[2].fate, mirrored[4].fate) == (Fate.FAULTY, Fate.CLEAN, Fate.REFUSED)
    assert (mirrored[2].period_from, mirrored[2].period_to) == (date(2026, 1, 1), date(2026, 1, 31))
    assert mirrored[4].reason_zh
    assert mirrored[4].todo_en


def test_rows_lie_with_the_department_that_delivers_and_nobodys_with_the_root(lake: Path, commission: Commission) -> None:
    mirror_all()
    mirrored = everything()
    assert mirrored[1].unit == commission.units["civil"]
    assert mirrored[2].unit == commission.units["finance"]
    assert mirrored[4].unit == commission.units["city"]
    assert all(one.unit_path == one.unit.path for one in mirrored.values())


def test_mirroring_again_changes_nothing_and_leaves_no_event(lake: Path, commission: Commission) -> None:
    mirror_all()
    before = [(one.pk, one.number) for one in everything().values()]
    with system_scope("test", trail=True):
        events = AuditEvent.objects.filter(kind="delivery.mirrored").count()
    assert mirror_all() == 0
    assert [(one.pk, one.number) for one in everything().values()] == before
    with system_scope("test", trail=True):
        assert AuditEvent.objects.filter(kind="delivery.mirrored").count() == events == 1


def test_what_came_since_is_added_and_what_was_erased_says_so(lake: Path, commission: Commission, tmp_path: Path) -> None:
    mirror_all()
    receive_delivery(CoreConfig(), [csv(tmp_path / "工资202603.csv", PAYROLL.replace("MONTH", "2026-03"))], lake)
    assert mirror_all() == 1
    forget_delivery(CoreConfig(actor="test"), lake, 2, "test")
    assert mirror_all() == 1
    assert everything()[2].fate == Fate.ERASED


def test_without_a_lake_there_is_nothing_to_mirror(home: Path, commission: Commission) -> None:
    assert mirror_all() == 0


def test_a_person_may_not_mirror(lake: Path, viewer: Callable[[RoleCode], Viewer]) -> None:
    by = viewer(RoleCode.DATA_ANALYST)
    with acting_as(by), pytest.raises(UserError):
        mirror(by)
    assert everything() == {}


def test_a_department_sees_its_own_deliveries_and_row_level_security_agrees(
    lake: Path, commission: Commission, viewer: Callable[[RoleCode], Viewer]
) -> None:
    mirror_all()
    expected = {
        RoleCode.DEPARTMENT_CONTACT: {1},
        RoleCode.STATIONED_OFFICER: {2, 3},
        RoleCode.SUPERVISING_OFFICER: {1},
        RoleCode.DATA_ANALYST: {1, 2, 3, 4},
        RoleCode.COUNTY_OFFICER: set(),
        RoleCode.AUDITOR: set(),
    }
    for role, numbers in expected.items():
        with acting_as(viewer(role)):
            assert set(Delivery.objects.values_list("number", flat=True)) == numbers, role
