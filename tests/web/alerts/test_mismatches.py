"""Every hit is replayed each night; what differs is told to the auditor and the rule's owner and stays until somebody settles it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.test import Client

from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.kernel.progress import Silent
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.guard import NotPermitted
from xiezhi.web.accounts.models import Post, Unit
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.alerts import gateway, queries
from xiezhi.web.alerts.actions import replaying
from xiezhi.web.alerts.models import Mismatch
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.jobs import clock as schedule
from xiezhi.web.jobs.clock import Hourly
from xiezhi.web.jobs.models import Job
from xiezhi.web.notices.models import Notice
from xiezhi.web.supervision import gateway as supervision

pytestmark = pytest.mark.django_db

As = Callable[[RoleCode], Client]
RULE = "SUB-001"


def differs(*rules: str, **other: Any) -> gateway.ReplayReport:
    """A report with a hit of each rule that came out otherwise, its words holding what an auditor may not see."""
    found = [
        gateway.Difference(
            "hit", f"{number:032x}", Words(zh="candidate: 1950-01-01 ≠", en="candidate: 1950-01-01 ≠"), rule, ("amount",)
        )
        for number, rule in enumerate(rules)
    ]
    return gateway.ReplayReport(proved=["x"], differences=[*found, *other.get("more", [])])


def note(report: gateway.ReplayReport) -> int:
    with system_scope("nightly") as by:
        return replaying.note(report, by=by)


def told(commission: Commission, role: RoleCode) -> list[str]:
    with system_scope("test"):
        return list(Notice.objects.filter(user=commission.users[role]).values_list("title_zh", flat=True))


def open_ones() -> list[Mismatch]:
    with system_scope("test"):
        return list(Mismatch.objects.filter(handled_at=None).order_by("kind", "about"))


def test_it_is_on_the_schedule_of_every_night() -> None:
    (entry,) = [entry for entry in schedule.entries() if entry.work == "alerts.replay_all"]
    runs = next(entry for entry in schedule.entries() if entry.work == "rules.run")
    assert not isinstance(entry.when, Hourly)
    assert not isinstance(runs.when, Hourly)
    assert (entry.when.hour, entry.when.minute) > (runs.when.hour, runs.when.minute)


def test_all_hits_of_a_sound_lake_are_proved_and_nothing_is_told(home: Path, commission: Commission) -> None:
    report = gateway.replay_all("test", Silent())
    assert report.differences == []
    assert len(report.proved) == sum(len(batch) for batch in gateway.hits())
    assert note(report) == 0
    assert open_ones() == []
    assert told(commission, RoleCode.AUDITOR) == []


def test_nothing_to_settle_is_said_only_where_hits_were_replayed(commission: Commission, client_as: As) -> None:
    client = client_as(RoleCode.AUDITOR)
    page = client.get("/alerts/mismatches/").content.decode()
    assert "还没有重放过任何命中" in page
    assert "没有待处理的不一致" not in page
    now = clock.now()
    with system_scope("test"):
        Job.objects.create(
            kind="alerts.replay_all", title="重放全部命中", by_username="nightly", system="nightly", asked_at=now, started_at=now,
            finished_at=now, state="done", result={"proved": 137, "differences": 0, "new": 0},
        )  # fmt: skip
    page = client.get("/alerts/mismatches/").content.decode()
    assert "没有待处理的不一致" in page
    assert "137 条命中重算一致" in page


def test_an_altered_hit_is_found_at_night_told_and_seen_by_auditor_and_owner(
    home: Path, commission: Commission, client_as: As
) -> None:
    path = home / "lake" / "runs" / "00001" / "hits.parquet"
    rows = pq.read_table(path).to_pylist()
    altered = next(row for row in rows if row["rule"] == RULE)
    altered["amount"] += 100
    pq.write_table(pa.Table.from_pylist(rows, pq.read_schema(path)), path)
    assert note(gateway.replay_all("test", Silent())) == 2
    found = {one.kind: one for one in open_ones()}
    assert set(found) == {"hit", "result"}
    assert (found["hit"].about, found["hit"].rule) == (altered["fingerprint"], RULE)
    assert found["hit"].zh == f"{RULE} 的命中 {altered['fingerprint'][:8]} 重算结果不同：金额"
    for role in (RoleCode.AUDITOR, RoleCode.CONDUCT_OFFICER):
        assert any("不一致" in title for title in told(commission, role)), role
        client = client_as(role)
        assert found["hit"].zh in client.get("/alerts/mismatches/").content.decode()
        assert (
            "2 处不一致待处理" in client.get("/").content.decode()
            or "处不一致待处理" in client.get("/workbench/").content.decode()
        )


class _Stopped(Exception):
    pass


class _Stopping(Silent):
    """Somebody takes the job away in the middle."""

    def step(self, stage: str, done: int, total: int, note: str = "") -> None:
        raise _Stopped


def test_a_replay_that_is_stopped_accuses_nothing(home: Path) -> None:
    with pytest.raises(_Stopped):
        gateway.replay_all("test", _Stopping())


def test_nothing_of_a_hit_is_told_but_which_fields(commission: Commission) -> None:
    note(differs(RULE, more=[gateway.Difference("run", "3", Words(zh="错误 1950-01-01", en="error 1950-01-01"))]))
    assert [(one.kind, one.zh) for one in open_ones()] == [
        ("hit", f"{RULE} 的命中 00000000 重算结果不同：金额"),
        ("run", "第 3 次运行无法重算"),
    ]


def test_the_same_the_next_night_is_dated_again_and_told_once(commission: Commission) -> None:
    assert note(differs(RULE)) == 1
    assert note(differs(RULE)) == 0
    (one,) = open_ones()
    assert (one.times, one.seen_at >= one.found_at) == (2, True)
    assert len(told(commission, RoleCode.AUDITOR)) == 1
    note(gateway.ReplayReport(proved=["x"]))
    assert len(open_ones()) == 1, "that it is not found any more settles nothing"


def test_it_stays_until_it_is_settled_with_a_reason_and_comes_anew_if_it_is_there_again(
    commission: Commission, client_as: As
) -> None:
    note(differs(RULE))
    (one,) = open_ones()
    client = client_as(RoleCode.AUDITOR)
    with system_scope("test"):
        Notice.objects.update(read_at="2026-01-01T00:00:00Z")
    auditor = commission.viewer(RoleCode.AUDITOR)
    with acting_as(auditor):
        assert [card.url for card in queries.to_do(auditor)] == ["/alerts/mismatches/"], "read notices settle nothing"
    address = f"/alerts/mismatches/{one.pk}/"
    assert client.post(address, {"why": ""}).status_code == 422
    assert client.post(address, {"why": "误改，已由备份恢复"}).status_code == 303
    with acting_as(auditor):
        assert queries.to_do(auditor) == []
    assert "误改，已由备份恢复" in client.get("/alerts/mismatches/?show=all").content.decode()
    assert "误改，已由备份恢复" not in client.get("/alerts/mismatches/").content.decode()
    with system_scope("test", trail=True):
        kinds = list(AuditEvent.objects.values_list("kind", flat=True))
    assert kinds.count("alert.mismatch_handled") == 1
    assert kinds.count("alert.replayed_all") == 1
    assert note(differs(RULE)) == 1
    assert len(told(commission, RoleCode.AUDITOR)) == 2


def test_the_owning_office_is_told_of_its_own_rules_only(commission: Commission) -> None:
    owner = supervision.rules()["MED-047"].owner.zh
    assert owner != supervision.rules()[RULE].owner.zh
    with system_scope("test"):
        Unit.objects.filter(pk=commission.units["office1"].pk).update(name=owner)
        Unit.objects.filter(pk=commission.posts[RoleCode.CONDUCT_OFFICER].unit_id).update(name=supervision.rules()[RULE].owner.zh)
        assert Post.objects.filter(unit__name=owner, user=commission.users[RoleCode.SUPERVISING_HEAD]).exists()
    note(differs("MED-047"))
    assert told(commission, RoleCode.SUPERVISING_HEAD)
    assert not told(commission, RoleCode.CONDUCT_OFFICER)
    note(differs("MED-047", RULE))
    assert len(told(commission, RoleCode.SUPERVISING_HEAD)) == 1, "the other rule is another office's"
    assert told(commission, RoleCode.CONDUCT_OFFICER)
    assert len(told(commission, RoleCode.AUDITOR)) == 2


def test_of_very_many_hits_of_one_rule_the_rest_is_a_number(commission: Commission) -> None:
    note(differs(*[RULE] * (replaying.MOST_OF_A_RULE + 7)))
    found = open_ones()
    assert len(found) == replaying.MOST_OF_A_RULE + 1
    assert found[-1].zh == f"{RULE} 另有 7 条命中重算不一致"


@pytest.mark.parametrize("role", [RoleCode.SYSTEM_ADMINISTRATOR, RoleCode.TOWN_OFFICER, RoleCode.DEPARTMENT_CONTACT])
def test_nobody_else_sees_or_settles_it(commission: Commission, client_as: As, role: RoleCode) -> None:
    note(differs(RULE))
    (one,) = open_ones()
    assert client_as(role).get("/alerts/mismatches/").status_code == 403
    assert client_as(role).post(f"/alerts/mismatches/{one.pk}/", {"why": "看过"}).status_code == 403
    assert told(commission, role) == []
    viewer = commission.viewer(role)
    with acting_as(viewer), pytest.raises(NotPermitted):
        replaying.handle(one.pk, why="看过", by=viewer)
