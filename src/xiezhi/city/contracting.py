"""Ordinary contracting processes of the city (OCDS 1.1): the honest background against which red flags must stand out.

Two established tenderers bid in each; the lower wins, the other lies 5 % to 8 % above. Who wins, and who is now and then
disqualified, is dealt out so that every tenderer's and buyer's shares lie close together, but not all equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from xiezhi.city.dice import Dice, coprime

SECONDS = "%Y-%m-%dT%H:%M:%S+08:00"
FIRST_START = datetime(2024, 1, 8, 9, 0)
SCHEME = "GB/T 7635"


@dataclass
class Bid:
    """One bid. `price` in fen; `sent` as it stands in the release."""

    tenderer: str
    price: int
    sent: str
    status: str = "valid"
    currency: str = "CNY"


@dataclass
class Award:
    suppliers: list[str]
    classes: list[str]
    price: int
    status: str = "active"


@dataclass
class Process:
    """One contracting process, open to be changed by a scene before it is written."""

    number: int
    buyer: str
    start: datetime
    end: datetime
    bids: list[Bid]
    awards: list[Award]
    method: str = "open"
    criteria: str = "priceOnly"
    status: str = "complete"
    tenderers: int | None = 0
    """numberOfTenderers: None is left out, 0 counts the bidders."""
    deadline: str = ""
    spare: list[str] = field(default_factory=list)
    """Established tenderers that did not bid here."""

    @property
    def ocid(self) -> str:
        return f"ocds-xz9901-{self.number:07d}"

    @property
    def winner(self) -> Bid:
        return self.bids[0]

    @property
    def second(self) -> Bid:
        return self.bids[1]

    def add(self, tenderer: str, times: float, status: str = "valid", currency: str = "CNY") -> Bid:
        """Another bid, at so many times the winner's price, sent in time."""
        bid = Bid(
            tenderer,
            round(self.winner.price * times),
            (self.end - timedelta(hours=3 + len(self.bids))).strftime(SECONDS),
            status,
            currency,
        )
        self.bids.append(bid)
        return bid

    def ends(self, end: datetime) -> None:
        """Move the deadline, and the bids before it."""
        self.end = end
        for place, bid in enumerate(self.bids):
            bid.sent = (end - timedelta(hours=5 + 7 * place)).strftime(SECONDS)

    def release(self) -> dict[str, Any]:
        """The compiled release."""
        done = (self.end + timedelta(days=9)).strftime(SECONDS)
        suppliers = (supplier for award in self.awards for supplier in award.suppliers)
        return {
            "ocid": self.ocid,
            "id": f"{self.ocid}-1",
            "date": done,
            "tag": ["compiled"],
            "initiationType": "tender",
            "language": "zh",
            "buyer": {"id": self.buyer},
            "tender": self._tender(),
            "bids": {"details": [self._bid(place, bid) for place, bid in enumerate(self.bids)]},
            "awards": [self._award(place, award, done) for place, award in enumerate(self.awards)],
            "parties": [{"id": party} for party in dict.fromkeys([self.buyer, *self._bidders, *suppliers])],
        }

    @property
    def _bidders(self) -> list[str]:
        return list(dict.fromkeys(bid.tenderer for bid in self.bids))

    def _tender(self) -> dict[str, Any]:
        tender: dict[str, Any] = {
            "id": f"T{self.number:07d}",
            "title": f"霁川市政府采购项目{self.number:07d}号",
            "status": self.status,
            "procurementMethod": self.method,
            "awardCriteria": self.criteria,
            "mainProcurementCategory": ("goods", "works", "services")[self.number % 3],
            "procuringEntity": {"id": self.buyer},
            "datePublished": self.start.strftime(SECONDS),
            "tenderPeriod": {"startDate": self.start.strftime(SECONDS), "endDate": self.deadline or self.end.strftime(SECONDS)},
            "value": _money(self.winner.price * 11 // 10, "CNY"),
        }
        if self.tenderers is not None:
            tender["numberOfTenderers"] = self.tenderers or len(self._bidders)
        return tender

    def _bid(self, place: int, bid: Bid) -> dict[str, Any]:
        return {
            "id": f"{self.number}-{place + 1}",
            "date": bid.sent,
            "status": bid.status,
            "tenderers": [{"id": bid.tenderer}],
            "value": _money(bid.price, bid.currency),
        }

    def _award(self, place: int, award: Award, done: str) -> dict[str, Any]:
        items = [
            {"id": str(spot + 1), "classification": {"scheme": SCHEME, "id": code}} for spot, code in enumerate(award.classes)
        ]
        return {
            "id": f"{self.ocid}-{place + 1}",
            "status": award.status,
            "date": done,
            "value": _money(award.price, "CNY"),
            "suppliers": [{"id": supplier} for supplier in award.suppliers],
            "items": items,
        }


class Market:
    """Buyers and established tenderers, and the ordinary processes between them."""

    def __init__(self, dice: Dice, persons: int) -> None:
        self._dice = dice
        self.processes = min(max(1500, persons // 40), 20_000)
        self.buyers = [f"CN-XZ-BUYER-{number:05d}" for number in range(self.processes // 21)]
        self.tenderers = [f"CN-XZ-SUPPLIER-{number:05d}" for number in range(self.processes // 23)]
        count = len(self.tenderers)
        place = np.arange(count) * coprime(count * 2 // 5, count) % count / count
        self._targets = 0.44 + 0.12 * place
        self._spoiled = 0.05 + 0.08 * (1 - place)
        self.busy = [count - 1 - number for number in range(3)]
        """Tenderers that bid twice as often as others and win fewer."""
        self._targets[self.busy] = 0.41
        self.various: dict[int, int] = {}
        """Divisions awarded to a tenderer, where a scene wants other than one to three."""
        self.narrow: set[int] = set()
        """Tenderers with many classes of a single division."""
        self._seats = [*range(count), *self.busy]

    def favour(self, tenderer: int) -> None:
        """Let a tenderer win more than others."""
        self._targets[tenderer] = 0.57

    def ordinary(self, extra: int = 0) -> Iterator[Process]:
        """All ordinary processes in order of their number, and so many more."""
        tally = _Tally(len(self.tenderers), len(self.buyers))
        for number in range(self.processes + extra):
            lead, loser = tally.settle(self._pair(number), self._targets)
            process = self._process(number, lead, loser, int(tally.wins[lead]))
            buyer = number % len(self.buyers)
            if number < self.processes and tally.owes(buyer):
                unlucky = tally.disqualify(buyer, (lead, loser), self._spoiled)
                process.add(self.tenderers[unlucky], 1.09 + number % 7 / 1000, "disqualified")
            yield process

    def _pair(self, number: int) -> tuple[int, int]:
        seats = len(self._seats)

        def seated(seat: int) -> int:
            turn, place = divmod(seat, seats)
            seat = (place * coprime(seats // 3 + turn, seats) + turn) % seats
            return int(self._seats[seat])

        first, second = seated(2 * number), seated(2 * number + 1)
        return first, second if second != first else (first + 1) % len(self.tenderers)

    def _process(self, number: int, lead: int, loser: int, win: int) -> Process:
        price = 20_000_000 + self._dice.one("contract price", number, 400_000_000)
        gap = 0.05 + 0.03 * ((number * 0.6180339887) % 1)
        start = FIRST_START + timedelta(hours=number * 15_000 // self.processes)
        end = start + timedelta(days=20 + number % 10, hours=7)
        names = [self.tenderers[lead], self.tenderers[loser]]
        bids = [Bid(names[0], price, ""), Bid(names[1], round(price * (1 + gap)), "")]
        spare = [self.tenderers[(lead + loser + step) % len(self.tenderers)] for step in range(1, 7)]
        process = Process(
            number,
            self.buyers[number % len(self.buyers)],
            start,
            end,
            bids,
            [Award([names[0]], [self._class(lead, win)], price)],
            spare=[one for one in spare if one not in names],
        )
        process.ends(end)
        return process

    def _class(self, tenderer: int, win: int) -> str:
        """An eight-digit class in one of the tenderer's divisions."""
        if tenderer in self.narrow:
            return f"45{win % 12 + 11}0000"
        divisions = self.various.get(tenderer, (1, 2, 2, 3)[tenderer % 4])
        return f"{10 + (tenderer * 7 + win % divisions) % 80:02d}{100 + tenderer % 50}000"


class _Tally:
    """Who has bid, won and been disqualified so far; whoever lags most behind his target is next."""

    def __init__(self, tenderers: int, buyers: int) -> None:
        self.bids, self.wins, self._spoiled = (np.zeros(tenderers) for _ in range(3))
        self._seen, self._struck = np.zeros(buyers), np.zeros(buyers)
        self._limits = 0.05 + 0.08 * (np.arange(buyers) * 7 % 11) / 10

    def settle(self, pair: tuple[int, int], targets: Any) -> tuple[int, int]:
        """Winner and loser of two bidders."""
        lags = [float(targets[one] * (self.bids[one] + 1) - self.wins[one]) for one in pair]
        lead, loser = pair if lags[0] >= lags[1] else (pair[1], pair[0])
        self.bids[[lead, loser]] += 1
        self.wins[lead] += 1
        return lead, loser

    def owes(self, buyer: int) -> bool:
        """Whether this buyer, with one more process, has disqualified fewer bids than is usual for it."""
        self._seen[buyer] += 2
        return bool(self._struck[buyer] < self._limits[buyer] * self._seen[buyer] - 0.5)

    def disqualify(self, buyer: int, bidders: tuple[int, int], usual: Any) -> int:
        """The tenderer, other than the two bidders, that has been disqualified least for what is usual for it."""
        debt = usual * self.bids - self._spoiled
        debt[list(bidders)] = -np.inf
        unlucky = int(debt.argmax())
        self._struck[buyer] += 1
        self._spoiled[unlucky] += 1
        return unlucky


def _money(fen: int, currency: str) -> dict[str, Any]:
    return {"amount": fen / 100, "currency": currency}
