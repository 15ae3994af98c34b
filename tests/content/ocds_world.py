"""Small random OCDS lakes, made to meet every branch: ties, several currencies, consortia, gaps, odd status words."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from tests.content.ocds_processes import Lake
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.rules.loader import Content

TEXT, NUMBER, BIG, INSTANT = pa.string(), pa.int32(), pa.int64(), pa.timestamp("us")
TABLES: dict[str, dict[str, pa.DataType]] = {
    "ocds_tender": {
        "ocid": TEXT, "release_id": TEXT, "release_date": INSTANT, "buyer": NUMBER, "procuring_entity": NUMBER, "status": TEXT,
        "method": TEXT, "method_details": TEXT, "award_criteria": TEXT, "category": TEXT, "value_amount": BIG,
        "value_currency": TEXT, "date_published": INSTANT, "period_start": INSTANT, "period_end": INSTANT,
        "number_of_tenderers": NUMBER, "title": TEXT,
    },
    "ocds_bid": {
        "ocid": TEXT, "bid_id": TEXT, "bid_date": INSTANT, "status": TEXT, "amount": BIG, "currency": TEXT,
        "related_lots": TEXT,
    },
    "ocds_bid_tenderer": {"ocid": TEXT, "bid_id": TEXT, "tenderer": NUMBER},
    "ocds_award": {
        "ocid": TEXT, "award_id": TEXT, "status": TEXT, "award_date": INSTANT, "amount": BIG, "currency": TEXT,
        "related_lots": TEXT,
    },
    "ocds_award_supplier": {"ocid": TEXT, "award_id": TEXT, "supplier": NUMBER},
    "ocds_award_item": {"ocid": TEXT, "award_id": TEXT, "item_id": TEXT, "scheme": TEXT, "class_id": TEXT},
}  # fmt: skip
FACTS = ["tender", "process", "tender_bid", "bid_party", "tender_award", "award_party", "award_class"]
BID_WORDS = (
    ["valid"] * 12
    + ["disqualified"] * 4
    + ["pending"] * 3
    + ["withdrawn", "invited", " Valid ", "Rejected-AOC", "Not Admitted-Fee", "合格", None]
)
LOTS = [None, None, None, "1", "1", "2", "1+2"]
PARTIES = range(1, 10)
START = datetime(2024, 3, 1, 1)


def random_lake(random: Random, size: int) -> Lake:
    """A lake of `size` contracting processes: half of all lakes wild, half an orderly market with a few outliers."""
    lake: Lake = {table: [] for table in TABLES}
    orderly = random.random() < 0.5
    for number in range(size):
        ocid = f"ocds-{number}"
        if orderly:
            _orderly(random, lake, ocid)
            continue
        lake["ocds_tender"].append(_tender(random, ocid))
        bidders = [_bid(random, lake, ocid, f"b{place}") for place in range(random.choice([0, 1, 1, 2, 2, 3, 4]))]
        for place in range(random.choice([0, 1, 1, 1, 1, 2])):
            _award(random, lake, ocid, f"a{place}", [party for bidder in bidders for party in bidder])
    return {table: [dict.fromkeys(columns) | row for row in lake[table]] for table, columns in TABLES.items()}


def _orderly(random: Random, lake: Lake, ocid: str) -> None:
    """Two valid bids a few per cent apart; tenderer 8 never wins, supplier 9 sells everything, buyer 100 disqualifies a lot."""
    buyer, (winner, loser) = random.randrange(100, 112), random.sample(PARTIES, 2)
    if winner == 8:
        winner, loser = loser, winner
    apart = (
        random.choice([5000, 5500, 6000, 6500, 7000, 7500, 8000]) if random.random() < 0.95 else random.choice([0, 300, 60000])
    )
    lake["ocds_tender"].append(
        {"ocid": ocid, "buyer": buyer, "status": "complete", "method": "open", "method_details": "Open Tender"}
    )
    currency = random.choice(["CNY", "CNY", "USD"])
    offers = [(winner, 100000, "valid"), (loser, 100000 + apart, "valid")]
    if random.random() < (0.9 if buyer == 100 else 0.3):
        offers.append((random.choice(PARTIES), random.choice([90000, 120000]), "disqualified"))
    for place, (party, amount, status) in enumerate(offers):
        bid = {"ocid": ocid, "bid_id": f"b{place}"}
        lake["ocds_bid"].append(bid | {"status": status, "amount": amount, "currency": currency})
        lake["ocds_bid_tenderer"].append(bid | {"tenderer": party})
    award = {"ocid": ocid, "award_id": "a"}
    lake["ocds_award"].append(award | {"status": "active"})
    lake["ocds_award_supplier"].append(award | {"supplier": winner})
    code = f"{random.randrange(10, 30) if winner == 9 else random.randrange(10, 12 + winner % 2)}000000"
    lake["ocds_award_item"].append(award | {"item_id": "1", "scheme": "CPV", "class_id": code})


def _tender(random: Random, ocid: str) -> dict[str, Any]:
    days = random.choice([-2, 0, 3, 7, 14, 15, 16, 30])
    end = START + timedelta(days=days, seconds=random.choice([0, 0, -1, 60, -3600]))
    return {
        "ocid": ocid,
        "buyer": random.choice([100, 101, 102, 103, None]),
        "procuring_entity": random.choice([100, 104, 105, None]),
        "status": random.choice(["complete", "complete", "complete", "active", "Cancelled", "withdrawn", None]),
        "method": random.choice(["open", "open", "open", "selective", "limited", "direct", None]),
        "method_details": random.choice(["Open Tender", "Quotation", None]),
        "award_criteria": random.choice(["priceOnly", "priceOnly", "ratedCriteria", None]),
        "period_start": random.choice([START, START, START, None]),
        "period_end": random.choice([end, end, end, end.replace(hour=0, minute=0, second=0), None]),
        "number_of_tenderers": random.choice([None, None, 0, 1, 1, 2, 3]),
        "release_date": random.choice([None, START + timedelta(days=10), end, START + timedelta(days=60)]),
    }


def _bid(random: Random, lake: Lake, ocid: str, bid_id: str) -> list[int | None]:
    end = lake["ocds_tender"][-1]["period_end"] or START
    lake["ocds_bid"].append(
        {
            "ocid": ocid,
            "bid_id": bid_id,
            "bid_date": random.choice(
                [end, end - timedelta(hours=5), end + timedelta(minutes=10), end + timedelta(days=2), None]
            ),
            "status": random.choice(BID_WORDS),
            "amount": random.choice([0, 100, 100000, 100000, 100500, 101000, 105000, 106000, 107000, 110000, 150000, None]),
            "currency": random.choice(["CNY", "CNY", "CNY", "USD", "cny", None]),
            "related_lots": random.choice(LOTS),
        }
    )
    alone: list[int | None] = [random.choice(PARTIES)]
    shapes: list[list[int | None]] = [*[alone] * 8, [*random.sample(PARTIES, 2)], [None], []]
    parties = random.choice(shapes)
    lake["ocds_bid_tenderer"] += [{"ocid": ocid, "bid_id": bid_id, "tenderer": party} for party in parties]
    return parties


def _award(random: Random, lake: Lake, ocid: str, award_id: str, bidders: list[int | None]) -> None:
    status = random.choice(["active"] * 6 + ["Active", "cancelled", "unsuccessful", "pending", None])
    lake["ocds_award"].append({"ocid": ocid, "award_id": award_id, "status": status, "related_lots": random.choice(LOTS)})
    suppliers = random.sample(bidders or [1], 1) if random.random() < 0.8 else random.sample(PARTIES, 2)
    lake["ocds_award_supplier"] += [{"ocid": ocid, "award_id": award_id, "supplier": party} for party in suppliers]
    for item in range(random.choice([0, 1, 1, 2])):
        scheme, code = (
            random.choice(["CPV", " cpv", "UNSPSC", None]),
            random.choice(["10000000", "10200000", "45000000", "Works", "Wood", None]),
        )
        lake["ocds_award_item"].append(
            {"ocid": ocid, "award_id": award_id, "item_id": str(item), "scheme": scheme, "class_id": code}
        )


def open_lake(engine: DuckDB, lake: Lake, content: Content) -> None:
    """The lake's tables, typed, and the OCDS facts over them."""
    for table, columns in TABLES.items():
        typed = {**columns, "_delivery": NUMBER, "_row": BIG}
        rows = [{"_delivery": 1, "_row": place} | row for place, row in enumerate(lake[table], start=1)]
        data = pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in typed.items()})
        engine.register("_given", data)
        engine.run(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM _given")
        engine.unregister("_given")
    for fact in FACTS:
        engine.run(f"CREATE OR REPLACE VIEW {fact} AS {content.facts[fact].sql}")
