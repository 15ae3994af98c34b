"""From the lake's runs to rows within a scope, and from a button to a run and its alerts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from tests.web.people import Commission
from tests.web.supervision.conftest import task
from xiezhi.engines.duckdb_engine import EngineError
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.progress import Silent
from xiezhi.runs.execute import Execution
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.alerts.models import Alert
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.jobs.kinds import Cancelled
from xiezhi.web.jobs.models import Job
from xiezhi.web.notices.models import Notice
from xiezhi.web.supervision import gateway, jobs, queries
from xiezhi.web.supervision.actions import deciding, proposing, running, trying
from xiezhi.web.supervision.actions.recording import record_runs
from xiezhi.web.supervision.models import Coverage, Run, RunRule, Tally
from xiezhi.web.supervision.states import Ending, HitState

pytestmark = pytest.mark.django_db

As = Callable[[RoleCode], Viewer]


def everything() -> dict[str, int]:
    with system_scope("test"):
        return {model.__name__: model.objects.count() for model in (Run, RunRule, Tally, Coverage)}


def test_a_run_is_copied_once_and_adds_up(copied: list[int]) -> None:
    assert copied == [1]
    told = Counter((told.hit.rule, told.hit.state) for batch in gateway.run_hits(1) for told in batch)
    counted: Counter[tuple[str, str]] = Counter()
    with system_scope("test"):
        for one in Tally.objects.all():
            counted[one.rule, one.state] += one.hits
        rows = Counter({(row.rule, row.outcome): 0 for row in Coverage.objects.all()})
        for row in Coverage.objects.all():
            rows[row.rule, row.outcome] += row.rows
    assert counted == told
    assert sum(told.values()) > 100
    delivered: Counter[tuple[str, str]] = Counter()
    for cell in gateway.coverage(1):
        delivered[cell.rule, cell.outcome] += cell.rows
    assert rows == delivered
    before = everything()
    assert record_runs() == []
    assert everything() == before


def test_a_copy_that_was_cut_off_is_made_whole(home: Path, commission: Commission, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_given: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr("xiezhi.web.supervision.actions.recording._tell_trail", cut)
        with pytest.raises(RuntimeError):
            record_runs()
    assert everything() == {"Run": 0, "RunRule": 0, "Tally": 0, "Coverage": 0}
    assert record_runs() == [1]


def test_everybody_counts_within_their_own_scope(copied: list[int], viewer: As, commission: Commission) -> None:
    """With every filter of ours taken away, the database still shows no row of another county."""
    officer = viewer(RoleCode.COUNTY_OFFICER)
    mine = commission.units["c1"].path
    with acting_as(officer):
        tallies, covered = list(Tally.objects.all()), list(Coverage.objects.all())
    assert tallies
    assert covered
    assert {one.unit_path.startswith(mine) for one in (*tallies, *covered)} == {True}
    with system_scope("test"):
        assert Tally.objects.exclude(unit_path__startswith=mine).exists()
    with acting_as(officer):
        seen = queries.figures_of_rules(officer)
    with system_scope("test"):
        inside = Tally.objects.filter(unit_path__startswith=mine, label__lte=officer.scope.clearance).exclude(state=HitState.GONE)
        assert sum(one.hits or 0 for one in seen.values()) == sum(inside.values_list("hits", flat=True))


def test_who_may_run_and_what(copied: list[int], viewer: As) -> None:
    with acting_as(viewer(RoleCode.CONDUCT_OFFICER)) as by, pytest.raises(PermissionDenied):
        running.start_run(by=by)
    with acting_as(viewer(RoleCode.DATA_ANALYST)) as by:
        with pytest.raises(UserError) as refused:
            running.start_run(by=by, codes=["NOPE-1"])
        assert "NOPE-1" in refused.value.zh
        assert refused.value.todo_zh
        assert refused.value.todo_en
        first, second = running.start_run(by=by), running.start_run(by=by, codes=["SUB-001"])
        assert first.pk == second.pk, "one run at a time"
        assert Job.objects.filter(kind="rules.run").count() == 1


def test_a_site_that_received_nothing_says_so(viewer: As, tmp_path: Path, settings: object) -> None:
    settings.XIEZHI_HOME = tmp_path  # type: ignore[attr-defined]
    assert record_runs() == []
    with acting_as(viewer(RoleCode.DATA_ANALYST)) as by, pytest.raises(UserError) as refused:
        running.start_run(by=by)
    assert refused.value.code == "XZ-SUP-01"


def test_a_changed_parameter_changes_hits_and_alerts(copied: list[int], viewer: As) -> None:
    """From a try to a proposal, its approval, the next run, its hits and the alerts: nothing in between is skipped."""
    analyst, conduct = viewer(RoleCode.DATA_ANALYST), viewer(RoleCode.CONDUCT_OFFICER)
    jobs.run(task(analyst), codes=["SUB-001"])
    with system_scope("test"):
        before = Alert.objects.filter(rule="SUB-001").exclude(hit_state=HitState.GONE).values_list("amount", flat=True)
        amounts = sorted(amount for amount in before if amount is not None)
    dearest = amounts[-1]
    result = jobs.try_parameters(task(conduct), code="SUB-001", values={"min_amount": dearest})
    with acting_as(conduct) as by:
        head = queries.what_if(result["what_if"])
        change = proposing.propose_parameters(by=by, what_if=head.pk, reason="小额不查")
    with system_scope("test"):
        leaving = head.hits.filter(fate="leaves").count()
    assert 0 < leaving < len(amounts)
    jobs.run(task(analyst), codes=["SUB-001"])
    with system_scope("test"):
        assert Alert.objects.filter(rule="SUB-001", hit_state=HitState.GONE).count() == 0, "a proposal alone changes nothing"
    with acting_as(analyst) as by:
        deciding.approve(by=by, change=change.pk)
    done = jobs.run(task(analyst), codes=["SUB-001"])
    with system_scope("test"):
        gone = Alert.objects.filter(rule="SUB-001", hit_state=HitState.GONE).count()
        assert gone == leaving
        assert Run.objects.get(pk=done["run"]).parameters["SUB-001"]["min_amount"] == dearest
    with system_scope("test", trail=True):
        assert AuditEvent.objects.filter(kind="rule.run_finished", username=analyst.username).count() == 3


def test_a_run_is_cancelled_between_two_models_and_resumed(copied: list[int], viewer: As) -> None:
    class Stopped(Silent):
        def step(self, stage: str, done: int, total: int, note: str = "") -> None:
            if stage == "rules" and done == 1:
                raise Cancelled

    analyst = viewer(RoleCode.DATA_ANALYST)
    codes = ["SUB-001", "SUB-002", "SUB-003"]
    with pytest.raises(Cancelled):
        jobs.run(task(analyst, progress=Stopped()), codes=codes)
    going = gateway.unfinished()
    assert going is not None
    assert [ending.code for ending in going.endings] == ["SUB-001"]
    assert everything()["Run"] == 1
    done = jobs.run(task(analyst, attempt=2), codes=codes)
    assert done["run"] == going.run, "what was cut off is resumed"
    assert everything()["Run"] == 2


@pytest.mark.parametrize("copied_before", [False, True])
def test_a_worker_that_died_after_its_run_runs_nothing_twice(copied: list[int], viewer: As, copied_before: bool) -> None:
    """Before the copy, or before what follows it: alerts are raised all the same."""
    analyst = viewer(RoleCode.DATA_ANALYST)
    with acting_as(analyst) as by:
        job = running.start_run(by=by, codes=["SUB-002"])
    gateway.run(["SUB-002"], {}, analyst.username, Silent())
    if copied_before:
        assert record_runs(analyst) == [2]
    done = jobs.run(replace(task(analyst, attempt=2), job_id=job.pk), codes=["SUB-002"])
    assert done["run"] == 2
    assert [one.run for one in gateway.runs()] == [1, 2]
    with system_scope("test"):
        assert Alert.objects.filter(rule="SUB-002").exists()


def test_another_run_in_between_is_not_taken_for_ones_own(copied: list[int], viewer: As) -> None:
    analyst = viewer(RoleCode.DATA_ANALYST)
    with acting_as(analyst) as by:
        job = running.start_run(by=by, codes=["SUB-002"])
    gateway.run(["SUB-003"], {}, "somebody else", Silent())
    done = jobs.run(replace(task(analyst, attempt=2), job_id=job.pk), codes=["SUB-002"])
    with acting_as(analyst):
        assert [one.rule for one in queries.run_rules(done["run"])] == ["SUB-002"]


def test_a_model_that_breaks_is_told(copied: list[int], viewer: As, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others end well; those who run models get a notice that leads to the run."""
    whole = Execution._evaluate

    def breaking(self: Execution, engine: object, rule: object) -> int:
        if rule.code == "SUB-002":  # type: ignore[attr-defined]
            raise EngineError("no such function")
        return whole(self, engine, rule)  # type: ignore[arg-type]

    monkeypatch.setattr(Execution, "_evaluate", breaking)
    analyst = viewer(RoleCode.DATA_ANALYST)
    done = jobs.run(task(analyst), codes=["SUB-001", "SUB-002"])
    assert done["broken"] == 1
    with acting_as(analyst):
        endings = {one.rule: one.ending for one in queries.run_rules(done["run"])}
        assert endings == {"SUB-001": Ending.DONE, "SUB-002": Ending.BROKEN}
        notice = Notice.objects.get(key=f"run:{done['run']}:broken")
    assert "SUB-002" in notice.title_zh
    assert notice.url == f"/rules/runs/{done['run']}/"


def test_old_tries_are_removed_but_those_a_change_rests_on(
    copied: list[int], viewer: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    conduct = viewer(RoleCode.CONDUCT_OFFICER)
    kept = jobs.try_parameters(task(conduct), code="SUB-001", values={"grace_months": 2})["what_if"]
    jobs.try_parameters(task(conduct), code="SUB-001", values={"grace_months": 3})
    with acting_as(conduct) as by:
        proposing.propose_parameters(by=by, what_if=kept, reason="试试")
    with system_scope("test") as by:
        assert trying.expire(by) == 0
        monkeypatch.setattr(trying, "KEPT", -trying.KEPT)
        assert trying.expire(by) == 1
    with acting_as(conduct):
        assert [str(one.pk) for one in queries.tries_of("SUB-001")] == [kept]
