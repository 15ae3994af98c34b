"""Persons, firms and offices placed by hand, beside the residents: everyone a planted violation or a look-alike needs.

They live in the same villages, are in the population register like anybody, and appear nowhere else but where a scene puts them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from xiezhi.city import codes, names
from xiezhi.city.dice import Dice, coprime
from xiezhi.city.people import CAST_SEQUENCE
from xiezhi.city.places import Map
from xiezhi.identity.citizen import check_digit

FIRST_CAST_COMPANY = 50_000_000
"""Organisation numbers from here on are the cast's."""


@dataclass(frozen=True)
class Player:
    """One person placed by hand. `village` counts from 0; `region` is its 12-digit code."""

    number: int
    person: str
    name: str
    birth: date
    male: bool
    village: int
    region: int
    account: str


@dataclass(frozen=True)
class Firm:
    company: str
    name: str
    account: str


class Cast:
    """Hands out players and firms, and keeps the rows that scenes write for them, by table."""

    def __init__(self, dice: Dice, map_: Map) -> None:
        self._dice, self._map = dice, map_
        self._born: Counter[tuple[int, date]] = Counter()
        self._players = self._firms = self._numbers = 0
        self.rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self.taken_villages: set[int] = set()
        self._next_village = 0
        self._closed: set[int] = set()

    def add(self, table: str, **values: Any) -> None:
        """A row for a delivered table; fields not named stay empty."""
        self.rows[table].append(values)

    def serial(self, letters: str) -> str:
        """A number for a contract, a lot, a payment, that occurs once."""
        self._numbers += 1
        return f"{letters}{self._numbers:08d}"

    def player(
        self,
        *,
        village: int | None = None,
        birth: date | None = None,
        male: bool | None = None,
        name: str | None = None,
        status: str = "正常",
        status_date: date | None = None,
    ) -> Player:
        """A new resident, 30 to 60 years old unless told otherwise, entered in the population register."""
        number = self._players
        self._players += 1
        place = self._dice.one("player village", number, self._map.villages) if village is None else village
        born = birth or date(1966, 1, 1) + timedelta(days=self._dice.one("player birth", number, 10_900))
        is_male = bool(self._dice.one("player sex", number, 2)) if male is None else male
        player = Player(
            number,
            self._id(place, born, is_male),
            name or self.name(number),
            born,
            is_male,
            place,
            int(self._map.village_code(place)),
            codes.strings(codes.accounts([90_000_000_000 + number]))[0],
        )
        self._register(player, status, status_date)
        return player

    def players(self, count: int, **wishes: Any) -> list[Player]:
        return [self.player(**wishes) for _ in range(count)]

    def name(self, number: int) -> str:
        """A common name: a surname and one or two characters."""
        dice, given = self._dice, names.GIVEN
        surname: str = names.SURNAMES[dice.one("player surname", number, len(names.SURNAMES))]
        return surname + "".join(given[dice.one(f"player given {place}", number, len(given))] for place in range(1 + number % 2))

    def firm(
        self, *, name: str | None = None, kind: str = "有限责任公司", established: date = date(2012, 5, 8), kept: bool = True
    ) -> Firm:
        """A new enterprise, entered in the market register unless `kept` is false."""
        number = FIRST_CAST_COMPANY + self._firms
        self._firms += 1
        code = codes.strings(codes.credit_codes("91", [number]))[0]
        firm = Firm(
            code,
            name or names.company_name(3_000_000 + self._firms),
            codes.strings(codes.accounts([80_000_000_000 + self._firms]))[0],
        )
        if kept:
            self.add(
                "enterprise",
                company=code,
                company_name=firm.name,
                kind=kind,
                established=established,
                status="存续",
                registered_capital=500_000_000,
            )
        return firm

    def organ(self) -> str:
        """The credit code of a new public body."""
        self._firms += 1
        return codes.strings(codes.credit_codes("11", [FIRST_CAST_COMPANY + self._firms]))[0]

    def village(self) -> int:
        """A village for a scene that needs one to itself; they are spread over all counties."""
        step = coprime(5, self._map.villages)
        while True:
            place = self._next_village * step % self._map.villages
            self._next_village += 1
            if place not in self.taken_villages:
                self.taken_villages.add(place)
                return place

    def village_beside(self, village: int) -> int:
        """Another village of the same county."""
        first = village // self._map.villages_in_county * self._map.villages_in_county
        return first + (village - first + 1) % self._map.villages_in_county

    def closed_village(self, village: int) -> int:
        """The 12-digit code of a village of the same town that was merged away at the end of 2024; the region register has it."""
        town = int(self._map.town_code(self._map.town_of(village)))
        code = town + 990
        if code not in self._closed:
            self._closed.add(code)
            self.add(
                "region", code=code, region_name="旧渚村", parent=town, valid_from=date(2010, 1, 1), valid_to=date(2025, 1, 1)
            )
        return code

    def _register(self, player: Player, status: str, since: date | None) -> None:
        self.add(
            "person_population",
            person=player.person,
            name=player.name,
            sex="男" if player.male else "女",
            birth_date=player.birth,
            household=f"H9{player.number:09d}",
            relation="户主",
            village=player.region,
            status=status,
            status_date=since,
        )

    def _id(self, village: int, born: date, male: bool) -> str:
        county = int(self._map.county_of_village(village))
        turn = self._born[county, born]
        self._born[county, born] += 1
        body = f"{int(self._map.county_code(county))}{born:%Y%m%d}{(CAST_SEQUENCE + turn) * 2 + male:03d}"
        return body + check_digit(body)
