"""Eight people press the same button: one wins, the others are told so. Two raise at once: nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection
from django.test import Client

from tests.web.audit.conftest import fresh
from tests.web.audit.site import TrailSite
from tests.web.people import build_commission, signed_in
from xiezhi.kernel import clock
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.alerts.actions.raising import raise_alerts
from xiezhi.web.alerts.models import Alert
from xiezhi.web.matters.models import Proposal, Step
from xiezhi.web.reveals import gateway as reveals

__all__ = ["fresh"]

ROUNDS, CLIENTS = 12, 8
Answer = TypeVar("Answer")


def closing(work: Callable[..., Answer], *given: object) -> Answer:
    try:
        return work(*given)
    finally:
        connection.close()


def test_at_once(fresh: TrailSite, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reveals, "PATIENCE", 600.0)  # four wait for one vault, however slow the machine is
    commission = build_commission()
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _n: closing(raise_alerts), range(4)))
    with system_scope("test"):
        numbers = list(Alert.objects.filter(line="subsidy").order_by("id").values_list("number", flat=True)[:ROUNDS])
        every = list(Alert.objects.values_list("number", flat=True))
    assert sum(one.new for one in done) == len(every) == len(set(every))
    client = signed_in(commission.users[RoleCode.CONDUCT_OFFICER])
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    until = clock.today() + timedelta(days=9)
    acts = [("dismiss", {"why": "已核实", "outcome": "true"}), ("snooze", {"until": until, "why": "等材料"})]

    def press(job: tuple[str, str, dict[str, object]]) -> int:
        own = Client()
        own.cookies.load(cookies)
        return closing(lambda: own.post(f"/alerts/{job[0]}/{job[1]}/", job[2]).status_code)

    with ThreadPoolExecutor(CLIENTS) as pool:
        for turn, number in enumerate(numbers):
            move, given = acts[turn % 2]
            answers = sorted(pool.map(press, [(number, move, given)] * CLIENTS))
            assert answers == [303] + [409] * (CLIENTS - 1), (number, answers)
    with system_scope("test"):
        waiting = list(Proposal.objects.filter(state="waiting").values_list("pk", "matter__number"))
        assert Step.objects.filter(move__in=["dismiss", "snooze"]).count() == len(numbers)
    assert waiting, "what is orange or red is closed by two"
    leader = {name: morsel.value for name, morsel in signed_in(commission.users[RoleCode.CITY_LEADER]).cookies.items()}

    def sign_or_move(job: tuple[dict[str, str], str, dict[str, object]]) -> int:
        own = Client()
        own.cookies.load(job[0])
        return closing(lambda: own.post(job[1], job[2]).status_code)

    with ThreadPoolExecutor(CLIENTS) as pool:
        for pk, number in waiting:
            sign = (leader, f"/matters/proposals/{pk}/sign/", {"why": "同意"})
            move = (cookies, f"/alerts/{number}/snooze/", {"until": until, "why": "等材料"})
            answers = sorted(pool.map(sign_or_move, [sign, move] * (CLIENTS // 2)))
            assert answers == [303] + [409] * (CLIENTS - 1), (number, answers)
