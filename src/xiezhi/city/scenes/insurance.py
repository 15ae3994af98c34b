"""One salesman holding nearly all house insurance of a village (INS-217)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from xiezhi.city.codes import strings
from xiezhi.city.people import People
from xiezhi.city.places import HOUSEHOLD
from xiezhi.city.stage import YEAR, Stage

RULE = "INS-217"


def plant(stage: Stage, people: People) -> None:
    """All scenes; each has villages to itself, in which nothing else is insured."""
    for turn in range(stage.many):
        for variant, ours in (("A", 46 + turn % 4), ("B", 42 + turn % 3)):
            village = stage.cast.village()
            agent = f"工号X{village:05d}{variant}"
            _sell(stage, people, village, {agent: ours, f"工号Y{village:05d}": 51 - ours})
            place = ("region", str(stage.map.village_code(village)))
            stage.planted(RULE, variant, ("agent", agent), counterpart=place, year=YEAR, note=f"51单中{ours}单")
    for turn in range(stage.few):
        _look_alikes(stage, people, turn)


def _look_alikes(stage: Stage, people: People, turn: int) -> None:
    """79 %, too few, halves, two years; a busy agent of many villages is every ordinary one."""
    cases: tuple[tuple[str, dict[str, int], dict[str, int]], ...] = (
        ("份额七成九", {"A": 41, "B": 11}, {}),
        ("全部但不足五十单", {"A": 49}, {}),
        ("两人各半", {"A": 30, "B": 30}, {}),
        ("两年各四十单", {"A": 40}, {"A": 40}),
    )
    if turn >= 3:
        cases = cases[turn % 4 : turn % 4 + 1]
    for note, this_year, last_year in cases:
        village = stage.cast.village()
        agents = {name: f"工号Z{village:05d}{name}" for name in this_year}
        _sell(stage, people, village, {agents[name]: count for name, count in this_year.items()})
        _sell(stage, people, village, {agents[name]: count for name, count in last_year.items()}, year=YEAR - 1)
        stage.look_alike(RULE, ("agent", agents["A"]), note, counterpart=("region", str(stage.map.village_code(village))))


def _sell(stage: Stage, people: People, village: int, agents: dict[str, int], year: int = YEAR) -> None:
    """Policies for the village's households, some of them for a second building."""
    first, last = (int(stage.map.first_household(place)) for place in (village, village + 1))
    heads = people.of(np.arange(first, last, dtype=np.int64) * HOUSEHOLD)
    ids = strings(heads.ids)
    sold = [agent for agent, count in agents.items() for _ in range(count)]
    for turn, agent in enumerate(sold):
        day = date(year, 3, 1) + timedelta(days=turn * 3)
        stage.cast.add(
            "house_insurance",
            policy_no=stage.cast.serial("NFX"),
            person=ids[turn % len(ids)],
            village=int(stage.map.village_code(village)),
            agent=agent,
            sign_date=day,
            premium=3_000,
        )
