"""Precision with its interval: against figures worked out by hand, and from alerts that were settled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.people import Commission
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.alerts.actions import deciding
from xiezhi.web.alerts.actions.raising import raise_alerts
from xiezhi.web.alerts.models import Alert
from xiezhi.web.supervision import gateway, queries
from xiezhi.web.supervision.policies import FEW, precision_of, wilson
from xiezhi.web.supervision.presenters.rule import judged

As = Callable[[RoleCode], Viewer]


@pytest.mark.parametrize(
    ("true", "judged", "low", "high"),
    [(0, 1, 0.0, 0.7935), (1, 1, 0.2065, 1.0), (8, 10, 0.4902, 0.9433), (50, 100, 0.4038, 0.5962), (999, 1000, 0.9943, 0.9998)],
)
def test_the_interval(true: int, judged: int, low: float, high: float) -> None:
    assert wilson(true, judged) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_share_lies_within_its_interval(true: int, judged: int) -> None:
    low, high = wilson(min(true, judged), judged)
    assert 0 <= low <= min(true, judged) / judged + 1e-9
    assert min(true, judged) / judged <= high + 1e-9 <= 1 + 1e-9


def test_nothing_judged_is_no_precision_of_nought() -> None:
    assert precision_of({}) is None
    assert precision_of({"unverifiable": 3, "handled": 2}) is None
    found = precision_of({"true": 3, "partly": 1, "untrue": 1, "unverifiable": 5})
    assert found is not None
    assert (found.true, found.judged, found.aside) == (4, 5, 5)


@pytest.mark.django_db
def test_a_settled_alert_judges_its_model_until_it_is_open_again(home: Path, commission: Commission, viewer: As) -> None:
    raise_alerts()
    by = viewer(RoleCode.CONDUCT_OFFICER)
    with system_scope("test"):
        numbers = list(
            Alert.objects.filter(rule="SUB-002", level="yellow").order_by("number").values_list("number", flat=True)[:FEW]
        )
    assert len(numbers) == FEW
    with acting_as(by):
        deciding.move(numbers[:-1], "dismiss", {"outcome": "true", "why": "属实"}, by=by)
        assert queries.figures_of_rules(by)["SUB-002"].precision is None, "of so few one could read how a single one was settled"
        assert judged(queries.outcomes_of("SUB-002")) == []
        deciding.move(numbers[-1:], "dismiss", {"outcome": "untrue", "why": "同名"}, by=by)
        assert queries.outcomes_of("SUB-002") == {gateway.rules()["SUB-002"].version: {"true": FEW - 1, "untrue": 1}}
        precision = queries.figures_of_rules(by)["SUB-002"].precision
        assert precision is not None
        assert (precision.true, precision.judged) == (FEW - 1, FEW)
        assert [row["precision"] for row in judged(queries.outcomes_of("SUB-002"))] == [precision]
        deciding.move(numbers[-1:], "reopen", {"why": "再查"}, by=by)
        assert queries.outcomes_of("SUB-002") == {gateway.rules()["SUB-002"].version: {"true": FEW - 1}}
