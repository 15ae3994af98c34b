"""What a scene has at hand: the cast, the map, chance, the ledger of truth, and how many of each to plant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from xiezhi.city.cast import Cast, Firm, Player
from xiezhi.city.dice import Dice
from xiezhi.city.ledger import Ledger
from xiezhi.city.names import AGENCIES
from xiezhi.city.places import Map

YEAR = 2025
MOST = 400
"""Planted cases per variant at most, so that a city of ten million needs no more memory for its truth."""


@dataclass(frozen=True)
class Stage:
    """One city's scenes share one stage."""

    map: Map
    dice: Dice
    cast: Cast
    ledger: Ledger

    @property
    def many(self) -> int:
        """Cases planted per variant: one per 5,000 persons, at least 5."""
        return min(max(5, self.map.persons // 5_000), MOST)

    @property
    def few(self) -> int:
        """Look-alikes of each kind."""
        return max(3, self.many // 2)

    def pay(
        self,
        player: Player,
        item: str,
        month: date,
        yuan: float,
        *,
        paid: date | None = None,
        village: int | None = None,
        region: int | None = None,
    ) -> None:
        """One payment for `month`, arriving in the middle of the next unless `paid` says otherwise.

        From the player's village, unless another (counted from 0) or the code of a closed one (`region`) is given.
        """
        home = player.region if village is None else int(self.map.village_code(village))
        self.cast.add(
            "subsidy_payment",
            payment_id=self.cast.serial("PX"),
            person=player.person,
            name=player.name,
            item=item,
            benefit_month=month,
            pay_date=paid or after(month, 1) + timedelta(days=14),
            amount=round(yuan * 100),
            bank_account=player.account,
            payee_name=player.name,
            village=region or home,
            agency=AGENCIES[player.number % len(AGENCIES)],
        )

    def planted(self, rule: str, variant: str, player: Player | Firm | tuple[str, str], **told: Any) -> None:
        self.ledger.truth(rule, "planted", _subject(player), variant=variant, **told)

    def look_alike(self, rule: str, player: Player | Firm | tuple[str, str], note: str, **told: Any) -> None:
        self.ledger.truth(rule, "look_alike", _subject(player), note=note, **told)


def month(number: int) -> date:
    """The first day of a month of the year that is delivered."""
    return date(YEAR, number, 1)


def after(day: date, months: int) -> date:
    """The first of the month so many months later (or earlier)."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _subject(who: Player | Firm | tuple[str, str]) -> tuple[str, str]:
    if isinstance(who, Player):
        return "person", who.person
    return ("company", who.company) if isinstance(who, Firm) else who
