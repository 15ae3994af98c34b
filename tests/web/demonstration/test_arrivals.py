"""A demonstration's calendar: what came when, and which day it counts from."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from xiezhi.web.deliveries.policies.periods import Came, expectations
from xiezhi.web.deliveries.queries import days
from xiezhi.web.deliveries.queries.days import DemoDays
from xiezhi.web.deliveries.states import PeriodState
from xiezhi.web.demonstration.arrivals import BROKEN, LAST_DAY, arrivals

FILES = (
    "finance/财政统发202507.csv",
    "finance/财政统发202508.csv",
    "finance/财政统发202512.csv",
    "statistics/统计用区划代码.csv",
    "trading/招标标段.csv",
    "organisation/村干部名册.xlsx",
)


@pytest.fixture
def delivered(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "truth.csv").write_text("what no department delivers")
    return tmp_path


def test_everything_comes_once_oldest_first_and_before_the_calendars_day(delivered: Path) -> None:
    came = arrivals(delivered)
    names = [path.name for _moment, paths in came for path in paths]
    assert sorted(names) == sorted([*(Path(name).name for name in FILES), *BROKEN])
    moments = [moment for moment, _paths in came]
    assert moments == sorted(moments)
    assert moments[-1].date() < LAST_DAY
    assert arrivals(delivered) == came, "the same every time"


def test_one_month_of_the_payroll_is_late_and_the_others_are_not(delivered: Path) -> None:
    day = {path.name: moment.date() for moment, paths in arrivals(delivered) for path in paths}
    payroll = [
        Came(day[f"财政统发2025{month:02d}.csv"], first=date(2025, month, 1), last=date(2025, month, 28)) for month in (7, 8, 12)
    ]
    states = {one.period.end.month: one.state for one in expectations("monthly", 15, payroll, LAST_DAY)}
    assert (states[7], states[8], states[12]) == (PeriodState.RECEIVED, PeriodState.LATE, PeriodState.RECEIVED)


class TestTheCalendarsDay:
    MADE = date(2026, 11, 23)

    def test_the_past_is_its_own_and_from_the_making_on_days_go_by(self) -> None:
        demo = DemoDays(self.MADE, LAST_DAY)
        assert demo.shown(date(2025, 9, 8)) == date(2025, 9, 8)
        assert demo.shown(self.MADE) == LAST_DAY
        assert demo.shown(self.MADE + timedelta(days=5)) == LAST_DAY + timedelta(days=5)

    def test_only_a_demonstration_has_another_day(
        self, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        DemoDays(self.MADE, LAST_DAY).write(tmp_path)
        monkeypatch.setenv("XIEZHI_NOW", "2026-11-24T09:00:00+08:00")
        settings.XIEZHI_HOME = tmp_path
        settings.XIEZHI_DEMO = True
        assert days.today() == days.elsewhere() == LAST_DAY + timedelta(days=1)
        settings.XIEZHI_DEMO = False
        assert days.today() == date(2026, 11, 24)
        assert days.elsewhere() is None
