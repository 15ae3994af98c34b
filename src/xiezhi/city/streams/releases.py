"""Contracting processes as OCDS 1.1 releases, one compiled release a line."""

from __future__ import annotations

import json

from xiezhi.city.contracting import Market
from xiezhi.city.formats import open_bytes
from xiezhi.city.plan import CityPlan
from xiezhi.city.scenes.contracting import Casting
from xiezhi.city.stage import MOST

REPEATED = 20
"""Lines at the head of the second file that closed the first."""


def write_releases(plan: CityPlan, many: int) -> None:
    """Two files of releases; the second begins with releases that the first held already."""
    market = Market(plan.dice, plan.map.persons)
    casting = Casting(market, plan.ledger, min(many, MOST))
    folder = plan.root / "trading"
    folder.mkdir(parents=True, exist_ok=True)
    names = ("公共资源交易_ocds_1.jsonl.gz", "公共资源交易_ocds_2.jsonl.gz")
    files = [open_bytes(folder / name) for name in names]
    half = market.processes // 2
    for process in casting.processes():
        line = json.dumps(process.release(), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        files[process.number >= half].write(line)
        if half - REPEATED <= process.number < half:
            files[1].write(line)
            row = process.number - half + REPEATED + 1
            plan.ledger.fault(f"trading/{names[1]}", "", row, "", "row_overlap", "duplicate")
        plan.ledger.rows["ocds_release"] += 1
    for file in files:
        file.close()
