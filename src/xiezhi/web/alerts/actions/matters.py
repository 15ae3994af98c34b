"""The matter of an alert: begun when it is raised, and in step with whatever later runs say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xiezhi.kernel.words import Words
from xiezhi.web.accounts.viewer import system_viewer
from xiezhi.web.alerts.models import Alert
from xiezhi.web.alerts.states import PROCESS
from xiezhi.web.matters.actions.beginning import Beginning, begin
from xiezhi.web.matters.actions.renewing import renew
from xiezhi.web.matters.models import Matter


def lock_matters(fingerprints: Sequence[str]) -> None:
    """Lock the matters of these alerts, before the alerts: whoever moves a matter locks in this order too, so neither waits for
    the other for ever."""
    of_alerts = Alert.objects.filter(fingerprint__in=fingerprints, matter__isnull=False).values("matter")
    list(Matter.objects.filter(pk__in=of_alerts).order_by("pk").select_for_update().values_list("pk"))


def begin_matters(rows: Sequence[Mapping[str, Any]]) -> None:
    """A matter for each alert that was raised. In the transaction of the raising, in the platform's name."""
    made = begin(PROCESS, [_beginning(row) for row in rows], by=system_viewer("alerts"))
    alerts = {alert.number: alert for alert in Alert.objects.filter(number__in=[matter.number for matter in made]).only("number")}
    for matter in made:
        alerts[matter.number].matter_id = matter.pk
    Alert.objects.bulk_update(alerts.values(), ["matter_id"], batch_size=1_000)


def renew_matters(rows: Sequence[Mapping[str, Any]]) -> None:
    """Place, title, level and parties of the matters of alerts that were renewed."""
    renew(PROCESS, [_beginning(row) for row in rows])


def _beginning(row: Mapping[str, Any]) -> Beginning:
    return Beginning(
        number=row["number"],
        title=Words(zh=row["title_zh"], en=row["title_en"]),
        facts={"level": row["level"]},
        unit_path=row["unit_path"],
        line=row["line"],
        label=row["label"],
        cadre_level=row["cadre_level"],
        subject_key=row["subject_key"],
        parties=row["parties"],
    )
