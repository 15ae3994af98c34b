"""OCDS lake tables gathered per contracting process, in plain Python: what the judge of the flags reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Row = dict[str, Any]
Lake = dict[str, list[Row]]

LOST = {"qualified", "rejected-aoc", "rejected-finance"}
"""Words of portals for a bid that was valid: it came as far as price or award."""


@dataclass
class Bid:
    """A bid; `parties` are its known tenderers, `only` the tenderer where it lists exactly one."""

    bid_id: str
    status: str | None
    date: datetime | None
    amount: int | None
    currency: str | None
    parties: frozenset[int]
    only: int | None
    lots: str | None

    @property
    def submitted(self) -> bool:
        return self.status is not None and self.status not in ("invited", "withdrawn")

    @property
    def undecided(self) -> bool:
        """Nobody knows whether it is valid."""
        return self.status in (None, "pending")


@dataclass
class Award:
    status: str | None
    suppliers: set[int | None]
    items: list[tuple[str | None, str | None]]
    lots: str | None


@dataclass
class Process:
    row: Row
    bids: list[Bid] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)

    @property
    def active(self) -> list[Award]:
        return [award for award in self.awards if award.status == "active"]

    @property
    def open_awards(self) -> int:
        return sum(award.status not in ("active", "cancelled", "unsuccessful") for award in self.awards)

    @property
    def winner(self) -> int | None:
        """The sole supplier of the sole award in force, once nothing is open and it is known which lots were awarded."""
        if self.open_awards or len(self.active) != 1 or len(self.active[0].suppliers) != 1:
            return None
        if self.won_lots is None and len({bid.lots for bid in self.bids if bid.submitted} - {None}) > 1:
            return None
        return next(iter(self.active[0].suppliers))

    @property
    def won_lots(self) -> str | None:
        """The lots of the sole award in force, where bids name the same."""
        lots = self.active[0].lots if len(self.active) == 1 else None
        return lots if any(bid.lots == lots for bid in self.bids) else None

    @property
    def contested(self) -> list[Bid]:
        """The bids that may be for what was awarded."""
        return [bid for bid in self.bids if may_be_same(bid.lots, self.won_lots)]


def may_be_same(lots: str | None, others: str | None) -> bool:
    """Whether both are the same lots, as far as they are known."""
    return lots is None or others is None or lots == others


def may_share(lots: str | None, others: str | None) -> bool:
    """Whether both have a lot in common, as far as they are known."""
    return lots is None or others is None or bool(set(lots.split("+")) & set(others.split("+")))


def processes(lake: Lake) -> list[Process]:
    """The lake's rows gathered per contracting process."""
    by_ocid = {table: _by_ocid(rows) for table, rows in lake.items()}
    return [_process({table: rows.get(row["ocid"], []) for table, rows in by_ocid.items()}, row) for row in lake["ocds_tender"]]


def _by_ocid(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["ocid"], []).append(row)
    return found


def _process(own: Lake, row: Row) -> Process:
    """`own`: the rows of this process alone."""
    found = Process(row)
    for bid in own["ocds_bid"]:
        named = {p["tenderer"] for p in own["ocds_bid_tenderer"] if p["bid_id"] == bid["bid_id"]}
        only = next(iter(named)) if len(named) == 1 else None
        known = frozenset(party for party in named if party is not None)
        word, currency = _bid_word(bid["status"]), _upper(bid["currency"])
        found.bids.append(Bid(bid["bid_id"], word, bid["bid_date"], bid["amount"], currency, known, only, bid["related_lots"]))
    for award in own["ocds_award"]:
        mine = [s for s in own["ocds_award_supplier"] if s["award_id"] == award["award_id"]]
        items = [i for i in own["ocds_award_item"] if i["award_id"] == award["award_id"]]
        classes = [(_upper(i["scheme"]), i["class_id"]) for i in items]
        found.awards.append(Award(lower(award["status"]), {s["supplier"] for s in mine}, classes, award["related_lots"]))
    return found


def lower(text: str | None) -> str | None:
    return text.strip().lower() if text is not None else None


def _upper(text: str | None) -> str | None:
    return text.strip().upper() if text is not None else None


def _bid_word(status: str | None) -> str | None:
    word = lower(status)
    if word is None:
        return None
    if word.startswith("accepted") or word in LOST:
        return "valid"
    if word.startswith("not admitted") or word == "rejected-technical":
        return "disqualified"
    return word if word in ("invited", "pending", "valid", "disqualified", "withdrawn") else None
