"""An alert with its matter, as a run would raise it, in a commission of tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.kernel.level import Level
from xiezhi.web.accounts.viewer import system_scope, system_viewer
from xiezhi.web.alerts.actions.matters import begin_matters
from xiezhi.web.alerts.models import Alert
from xiezhi.web.matters.actions.calendars import enter_year
from xiezhi.web.matters.models import Matter


def arranged(*years: int) -> None:
    """Years as the week has them, without a holiday."""
    with system_scope("test"):
        for year in years:
            enter_year(year, {}, source="test", by=system_viewer("test"))


def raised(commission: Commission, number: str, unit: str, *, level: str = "yellow", **columns: Any) -> Matter:
    """An alert at a unit with its matter."""
    at, place = clock.now(), commission.units[unit]
    row = {
        "number": number,
        "title_zh": "向已死亡人员发放补贴",
        "title_en": "Subsidy paid to the dead",
        "level": level,
        "unit_path": place.path,
        "line": "subsidy",
        "label": 0,
        "cadre_level": 0,
        "subject_key": f"citizen_id:{number}",
        "parties": [],
    } | columns
    with system_scope("test"):
        Alert.objects.create(
            **row,
            fingerprint=f"{number:0>32}",
            rule="SUB-001",
            version=1,
            variant="a",
            level_rank=Level(level).rank,
            hit_state="new",
            unit=place,
            unit_label=place.name,
            placed_by="name",
            subject_kind="person",
            subject_masked="王**",
            sentence_zh="句",
            sentence_en="sentence",
            search="",
            seal="0" * 64,
            run=1,
            first_run=1,
            raised_at=at,
            renewed_at=at,
            moved_at=at,
        )
        begin_matters([row])
        return Matter.objects.get(process="alert", number=number)


def seen(matter: Matter) -> Matter:
    """As it is now, whoever may see it."""
    with system_scope("test"):
        return Matter.objects.select_related("holder").get(pk=matter.pk)


NEW_YEAR = date(2026, 1, 1)
