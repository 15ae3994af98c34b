"""The small world that tests of runs, evidence and replay share: three violations, two innocents."""

from __future__ import annotations

from datetime import date
from typing import Any

from xiezhi.kernel.progress import Silent
from xiezhi.lake.lake import Lake
from xiezhi.rules.loader import Content
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import RunFolders, RunRecord

CODES = ("SUB-001", "SUB-002", "SUB-003")


def payment(person: int, month: int, **other: Any) -> dict[str, Any]:
    """A row of `subsidy_payment`: 200 yuan of one item, unless told otherwise."""
    paid = {"payment_id": f"{person}-{month}-{other}", "person": person, "item": "DIB", "benefit_month": date(2025, month, 1)}
    return paid | {"amount": 20_000, "village": 990101001001, "agency": "D01"} | other


def world() -> dict[str, list[dict[str, Any]]]:
    """One person paid after death, one paid twice, one in two villages, two innocent."""
    return {
        "subsidy_item": [{"item": "DIB", "title": "低保", "universal": False, "monthly_standard": 20_000}],
        "death_registry": [{"person": 1, "death_date": date(2025, 1, 5), "source": "火化"}],
        "region": [
            {"code": 990101001001, "region_name": "甲村", "valid_from": date(2000, 1, 1)},
            {"code": 990101001002, "region_name": "乙村", "valid_from": date(2000, 1, 1)},
        ],
        "subsidy_payment": [
            *(payment(1, month) for month in (1, 2, 3, 4)),
            payment(2, 3),
            payment(2, 3, payment_id="again"),
            *(payment(3, month, amount=10_000) for month in (3, 4)),
            *(payment(3, month, amount=10_000, village=990101001002) for month in (3, 4)),
            payment(4, 3),
            payment(5, 3),
        ],
    }


def run(lake: Lake, content: Content, **settings: Any) -> RunRecord:
    """Run the three rules over the newest snapshot."""
    plan = make_plan(content, lake.snapshot(), codes=CODES)
    return execute(plan, RunFolders(lake.paths.runs), Settings(**settings), Silent())
