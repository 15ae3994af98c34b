"""Every seal an alert had is kept, and a printed one finds its alert: in sight, and only there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.web.people import Commission
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.alerts import gateway, queries
from xiezhi.web.alerts.actions import raising
from xiezhi.web.alerts.actions.raising import Raised, raise_alerts
from xiezhi.web.alerts.models import Alert, History, Seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("raised")]

As = Callable[[RoleCode], Client]


def some(**wanted: object) -> Alert:
    with system_scope("test"):
        found = Alert.objects.filter(**wanted).order_by("id").first()
    assert found is not None
    return found


def run_again(monkeypatch: pytest.MonkeyPatch, run: int, **changes: object) -> None:
    """As a later run would: every hit with another seal."""
    batches = list(gateway.hits())

    def later(_run: int | None = None) -> object:
        for batch in batches:
            yield [
                replace(told, hit=replace(told.hit, **{"run": run, "seal": f"{run:02x}{told.hit.seal[2:]}", **changes}))
                for told in batch
            ]

    with monkeypatch.context() as patched:
        patched.setattr(raising.gateway, "hits", later)
        raise_alerts()


def test_each_alert_keeps_every_seal_with_its_runs(raised: Raised, monkeypatch: pytest.MonkeyPatch) -> None:
    alert = some(line="subsidy")
    with system_scope("test"):
        assert Seal.objects.count() == raised.new
    run_again(monkeypatch, alert.run + 1)
    raise_alerts()  # a third: the data is again what it was at first
    with system_scope("test"):
        kept = {one.seal: (one.run, one.last_run) for one in Seal.objects.filter(alert=alert)}
        now = Alert.objects.get(pk=alert.pk)
    assert kept == {alert.seal: (alert.run, alert.run), f"{alert.run + 1:02x}{alert.seal[2:]}": (alert.run + 1, alert.run + 1)}
    assert now.seal == alert.seal


def test_a_seal_lasts_from_its_first_run_to_its_last(monkeypatch: pytest.MonkeyPatch) -> None:
    alert = some(line="subsidy")
    for later in (4, 2, 7):
        _same(monkeypatch, alert.run + later)
    with system_scope("test"):
        (one,) = Seal.objects.filter(alert=alert)
    assert (one.run, one.last_run) == (alert.run, alert.run + 7)


def _same(monkeypatch: pytest.MonkeyPatch, run: int) -> None:
    """A later run over the same data: the same seals."""
    batches = list(gateway.hits())
    with monkeypatch.context() as patched:
        again = [[replace(told, hit=replace(told.hit, run=run)) for told in batch] for batch in batches]
        patched.setattr(raising.gateway, "hits", lambda _run=None: iter(again))
        raise_alerts()


def test_the_same_seal_again_is_dated_and_not_doubled(raised: Raised) -> None:
    with system_scope("test"):
        before = Seal.objects.count()
    raise_alerts()
    with system_scope("test"):
        assert Seal.objects.count() == before


def test_a_seal_of_an_earlier_run_finds_the_alert(client_as: As, monkeypatch: pytest.MonkeyPatch) -> None:
    alert = some(line="subsidy", label=1)
    printed = alert.seal
    run_again(monkeypatch, alert.run + 1)
    assert some(pk=alert.pk).seal != printed
    client = client_as(RoleCode.CITY_LEADER)
    for written in (printed, printed[:8], printed[:12].upper(), f" {printed[:4]} {printed[4:8]} {printed[8:16]} "):
        page = client.get("/alerts/", {"seal": written}).content.decode()
        assert f"/alerts/{alert.number}/" in page, written
        assert printed in page
        assert f"第 {alert.run} 次运行" in page
        assert "共 1 条" in page.replace("\n", "")
    page = client.get(f"/alerts/{alert.number}/").content.decode()
    assert printed in page
    assert some(pk=alert.pk).seal in page
    assert printed in client.get(f"/alerts/{alert.number}/print/").content.decode()


@pytest.mark.parametrize("seal", ["ffffffff", "abc", "不是封印", "g" * 16, "%00", "1234567"])
def test_what_is_no_seal_of_any_alert_finds_none_and_says_so(client_as: As, seal: str) -> None:
    answer = client_as(RoleCode.CITY_LEADER).get("/alerts/", {"seal": seal})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "可见范围内没有任何预警有过以此开头的封印" in page
    assert "没有符合条件的预警" in page


def test_a_seal_out_of_sight_is_answered_like_one_that_never_was(client_as: As, commission: Commission) -> None:
    viewer = commission.viewer(RoleCode.TOWN_OFFICER)
    with acting_as(viewer):
        seen = set(queries.alerts(viewer).values_list("pk", flat=True))
        assert set(Seal.objects.values_list("alert_id", flat=True)) == seen, "row-level security alone"
    with system_scope("test"):
        hidden = Alert.objects.exclude(pk__in=seen).order_by("id")[0]
    page = client_as(RoleCode.TOWN_OFFICER).get("/alerts/", {"seal": hidden.seal}).content.decode()
    assert "可见范围内没有任何预警有过以此开头的封印" in page
    assert hidden.number not in page


def test_seals_of_runs_before_they_were_kept_are_found_in_the_lake(client_as: As) -> None:
    alert = some(line="subsidy", label=1)
    with system_scope("test"):
        Seal.objects.update(seal="0" * 64)  # as if nothing had been kept; nobody may delete them
    page = client_as(RoleCode.CITY_LEADER).get("/alerts/", {"seal": alert.seal[:16]}).content.decode()
    assert f"/alerts/{alert.number}/" in page
    assert alert.seal in page


def test_alerts_that_were_there_before_get_their_newest_seal(raised: Raised) -> None:
    """What the migration does on a site that has alerts: as the owner, who is bound by row-level security like all."""
    migration = import_module("xiezhi.web.alerts.migrations.0002_seals_causes_and_mismatches")
    with system_scope("test"):
        Seal.objects.update(seal="0" * 64)
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in migration.SEALS_SO_FAR:
            cursor.execute(statement)
    with system_scope("test"):
        kept = dict(Seal.objects.exclude(seal="0" * 64).values_list("alert_id", "seal"))
        assert kept == dict(Alert.objects.values_list("pk", "seal"))
        assert len(kept) == raised.new


def test_seals_follow_an_alert_that_moves_to_another_unit(commission: Commission, monkeypatch: pytest.MonkeyPatch) -> None:
    alert = some(line="subsidy", label=1)
    elsewhere = commission.units["v211"]
    run_again(monkeypatch, alert.run + 1)
    batches = list(gateway.hits())

    def moved(_run: int | None = None) -> object:
        for batch in batches:
            yield [replace(told, unit_identity=None, hit=replace(told.hit, region=elsewhere.region, unit=None)) for told in batch]

    monkeypatch.setattr(raising.gateway, "hits", moved)
    raise_alerts()
    with system_scope("test"):
        now = Alert.objects.get(pk=alert.pk)
        assert now.unit_path == elsewhere.path != alert.unit_path
        assert set(Seal.objects.filter(alert=alert).values_list("unit_path", flat=True)) == {elsewhere.path}


def test_the_history_says_by_which_run_and_seal(client_as: As, monkeypatch: pytest.MonkeyPatch) -> None:
    alert = some(line="subsidy", label=1, amount__isnull=False)
    run_again(monkeypatch, alert.run + 1, level="red", amount=alert.amount + 12_345)
    with system_scope("test"):
        line = History.objects.get(alert=alert, what="changed")
        now = Alert.objects.get(pk=alert.pk)
    assert (line.after["run"], line.after["seal"]) == (now.run, now.seal)
    page = client_as(RoleCode.CITY_LEADER).get(f"/alerts/{alert.number}/").content.decode()
    assert f"封印 {now.seal[:16]}" in page
    assert f"{alert.amount / 100:,.2f} 元 → {now.amount / 100:,.2f} 元" in page, "never in fen"
