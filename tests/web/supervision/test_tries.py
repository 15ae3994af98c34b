"""A try says beforehand exactly what a run would do, and shows nobody what lies outside their scope."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from tests.web.people import Commission
from tests.web.supervision.conftest import task
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.progress import Silent
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.supervision import gateway, jobs, queries
from xiezhi.web.supervision.actions import trying
from xiezhi.web.supervision.models import TriedHit, WhatIf
from xiezhi.web.supervision.presenters import tries as presenter
from xiezhi.web.supervision.states import Fate

pytestmark = pytest.mark.django_db

As = Callable[[RoleCode], Viewer]


def test_equal_values_move_nobody(home: object) -> None:
    tried = gateway.what_if("SUB-001", {"grace_months": 1}, {}, "tester", Silent())
    assert tried.tried
    assert all(one.before and one.after for one in tried.tried)
    assert [one.run for one in gateway.runs()] == [1], "no run was recorded"


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("SUB-001", {"min_amount": 60000}),
        ("SUB-001", {"grace_months": 0}),
        ("SUB-002", {"key_months": 1}),
        ("CAN-073", {"over_percent": 40}),
    ],
)
def test_a_try_is_the_difference_of_two_runs(home: object, code: str, values: dict[str, int]) -> None:
    tried = gateway.what_if(code, values, {}, "tester", Silent())
    keys = {"before": set(), "after": set()}
    for one in tried.tried:
        for side, told in (("before", one.before), ("after", one.after)):
            if told is not None:
                keys[side].add(told.hit.fingerprint)
    number = gateway.run([code], {code: values}, "tester", Silent()).run
    real = {told.hit.fingerprint: told.hit.state for batch in gateway.run_hits(number) for told in batch}
    assert keys["after"] == {fingerprint for fingerprint, state in real.items() if state != "gone"}
    assert keys["before"] == {fingerprint for fingerprint, state in real.items() if state != "new"}


def test_who_may_try_and_with_what(copied: list[int], viewer: As) -> None:
    with acting_as(viewer(RoleCode.SUPERVISING_OFFICER)) as by, pytest.raises(PermissionDenied):
        trying.start_try(by=by, code="SUB-001", values={"grace_months": 2})
    with acting_as(viewer(RoleCode.CONDUCT_OFFICER)) as by:
        for values in ({"grace_months": 99}, {"nonsense": 1}, {"grace_months": 1}):
            with pytest.raises(UserError) as refused:
                trying.start_try(by=by, code="SUB-001", values=values)
            assert refused.value.zh
            assert refused.value.en
        job = trying.start_try(by=by, code="SUB-001", values={"grace_months": 2, "key_months": 2})
        assert job.arguments == {"code": "SUB-001", "values": {"grace_months": 2}}, "only what differs"


def test_everybody_sees_their_own_part(copied: list[int], viewer: As, commission: Commission) -> None:
    tried = UUID(jobs.try_parameters(task(viewer(RoleCode.DATA_ANALYST)), code="SUB-001", values={"grace_months": 12})["what_if"])
    with system_scope("test"):
        every = TriedHit.objects.filter(what_if=tried).count()
    counted = {}
    for role, unit in ((RoleCode.DATA_ANALYST, "city"), (RoleCode.COUNTY_OFFICER, "c1"), (RoleCode.TOWN_OFFICER, "t11")):
        by = viewer(role)
        with acting_as(by):
            head = queries.what_if(tried)
            assert {one.unit_path.startswith(commission.units[unit].path) for one in TriedHit.objects.all()} <= {True}
            counted[role] = sum(fate["hits"] for fate in presenter.fates(queries.grouped(by, head)))
            assert counted[role] == queries.tried_hits(by, head).count()
    assert counted[RoleCode.DATA_ANALYST] == every > counted[RoleCode.COUNTY_OFFICER]
    with system_scope("test"):
        assert set(TriedHit.objects.values_list("fate", flat=True)) <= {fate.value for fate in Fate}


def test_a_job_done_again_writes_nothing_twice(copied: list[int], viewer: As) -> None:
    again = task(viewer(RoleCode.CONDUCT_OFFICER))
    first = jobs.try_parameters(again, code="SUB-001", values={"grace_months": 2})
    assert jobs.try_parameters(again, code="SUB-001", values={"grace_months": 2}) == first
    with system_scope("test"):
        assert WhatIf.objects.count() == 1
