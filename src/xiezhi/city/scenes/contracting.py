"""Where red flags are put among the city's contracting processes: single processes, and parties seen over many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from xiezhi.city.contracting import Award, Market, Process
from xiezhi.city.ledger import Ledger
from xiezhi.city.scenes.flags import LOOK_ALIKES, PLANTED, Planting, one_off

LOSING_BIDS = 90
"""Processes in which a planted perpetual loser bids: well above 1.3 times what three quarters of tenderers reach (about 47)."""

SPOILT_BUYER_PROCESSES = 10
SPOILT_BIDS = 9


class Casting:
    """Decides which process is changed how, tells the ledger, and yields the changed processes in order."""

    def __init__(self, market: Market, ledger: Ledger, many: int) -> None:
        self._market, self._ledger = market, ledger
        self._many = min(many, market.processes // 300)
        self._few = max(3, self._many // 2)
        self._changes: defaultdict[int, list[Planting]] = defaultdict(list)
        self._scenes: list[tuple[Planting, tuple[str, str, str] | None]] = []
        self._extra = 0

    def processes(self) -> Iterator[Process]:
        """Every process of the city, ordinary or changed."""
        self._single_processes()
        self._spoilt_bidders()
        self._various_suppliers()
        self._seat()
        self._perpetual_losers()
        self._spoilt_buyers()
        for process in self._market.ordinary(self._extra):
            for change in self._changes.get(process.number, ()):
                change(process, process.number)
            yield process

    def _single_processes(self) -> None:
        for rule, change in PLANTED.items():
            self._scenes += [(partial(_turned, change, turn), (rule, "planted", "")) for turn in range(self._many)]
        for rule, note, change in LOOK_ALIKES:
            self._scenes += [(partial(_turned, change, turn), (rule, "look_alike", note)) for turn in range(self._few)]

    def _seat(self) -> None:
        """Give each scene a process of its own, evenly over all of them; scenes of one kind so meet different buyers."""
        stride = (self._market.processes - 20) // len(self._scenes)
        for place, (change, truth) in enumerate(self._scenes):
            number = 10 + place * stride
            self._changes[number].append(change)
            if truth:
                rule, role, note = truth
                self._ledger.truth(rule, role, ("process", _ocid(number)), note=note)

    def _spoilt_bidders(self) -> None:
        """R038 T: a tenderer nearly always disqualified; beside it one whose only bid was."""
        for turn in range(self._many):
            party = f"CN-XZ-SPOILT-{turn:04d}"
            self._scenes += [(partial(_join, party, 1.10 + turn % 9 / 1000, "disqualified"), None)] * SPOILT_BIDS
            self._party("R038", "planted", party, "", variant="T")
        for turn in range(self._few):
            party = f"CN-XZ-UNLUCKY-{turn:04d}"
            self._scenes.append((partial(_join, party, 1.13, "disqualified"), None))
            self._party("R038", "look_alike", party, "唯一一次投标被否决")

    def _various_suppliers(self) -> None:
        """R048: a supplier of everything; beside it few processes, one division only, or variety it never delivered."""
        market, step = self._market, len(self._market.tenderers) // (self._many + 2 * self._few + 1)
        for turn in range(self._many):
            market.various[turn * step] = 12
            market.favour(turn * step)
            self._party("R048", "planted", market.tenderers[turn * step], "")
        for turn in range(self._few):
            narrow, never = ((self._many + turn + shift) * step for shift in (0, self._few))
            market.narrow.add(narrow)
            self._party("R048", "look_alike", market.tenderers[narrow], "同一大类十余个小类")
            name = market.tenderers[never]
            self._scenes += [(partial(_not_really, name, spot), None) for spot in range(12)]
            self._party("R048", "look_alike", name, "已取消或联合体的定标")
            party = f"CN-XZ-NINETEEN-{turn:04d}"
            self._scenes += [(partial(_take_over, party, spot), None) for spot in range(19)]
            self._party("R048", "look_alike", party, "十二个大类但仅十九次")

    def _perpetual_losers(self) -> None:
        """R025, in processes that no other scene uses; beside it a busy tenderer who wins two of five, and a beginner."""
        free = [number for number in range(self._market.processes) if number not in self._changes]
        stride = max(1, len(free) // LOSING_BIDS)
        for turn in range(self._many):
            party = f"CN-XZ-LOSER-{turn:04d}"
            for number in free[turn % stride :: stride][:LOSING_BIDS]:
                self._changes[number].append(partial(_join, party, 1.10 + turn / 5000, "valid"))
            self._party("R025", "planted", party, "")
        for busy in self._market.busy[: self._few]:
            self._party("R025", "look_alike", self._market.tenderers[busy], "投标多,中四成")
        for number in free[stride - 1 :: stride][:2]:
            self._changes[number].append(partial(_join, "CN-XZ-BEGINNER", 1.14, "valid"))
        self._party("R025", "look_alike", "CN-XZ-BEGINNER", "只投过两次")
        for turn in range(2):
            party = self._market.tenderers[self._many * 2 + turn]
            self._party("R025", "look_alike", party, "普通投标人")

    def _spoilt_buyers(self) -> None:
        """R038 B and E: buyers that disqualify most bids; beside them one with a single process, and one within the usual."""
        for turn in range(self._many):
            party = f"CN-XZ-BUYER-X{turn:04d}"
            for _ in range(SPOILT_BUYER_PROCESSES):
                self._append(partial(_buy, party, 3))
            for variant in "BE":
                self._party("R038", "planted", party, "", variant=variant)
        for turn in range(self._few):
            party = f"CN-XZ-BUYER-Y{turn:04d}"
            self._append(partial(_buy, party, 4))
            self._party("R038", "look_alike", party, "只有一个项目")
            party = f"CN-XZ-BUYER-Z{turn:04d}"
            for spot in range(12):
                self._append(partial(_buy, party, 1 if spot % 4 == 0 else 0))
            self._party("R038", "look_alike", party, "否决率略高")

    def _append(self, change: Planting) -> None:
        self._changes[self._market.processes + self._extra].append(change)
        self._extra += 1

    def _party(self, rule: str, role: str, party: str, note: str, variant: str = "") -> None:
        self._ledger.truth(rule, role, ("party", party), variant=variant, note=note)


def _ocid(number: int) -> str:
    return f"ocds-xz9901-{number:07d}"


def _turned(change: Planting, turn: int, process: Process, _: int) -> None:
    change(process, turn)


def _join(party: str, times: float, status: str, process: Process, _: int) -> None:
    """One more bid, after all others; further ones lie a little higher, so that no two are equal."""
    process.add(party, times + len(process.bids) / 300, status)


def _take_over(party: str, spot: int, process: Process, _: int) -> None:
    process.winner.tenderer = party
    process.awards[0].suppliers, process.awards[0].classes = [party], [f"{20 + spot % 12 * 5}100000"]


def _not_really(name: str, spot: int, process: Process, _: int) -> None:
    """An award in another division that was cancelled, or that two suppliers share."""
    shared = spot % 2 == 1
    suppliers = [name, one_off(process, 9)] if shared else [name]
    price = process.winner.price // 10
    process.awards.append(Award(suppliers, [f"{22 + spot * 5}200000"], price, "active" if shared else "cancelled"))


def _buy(buyer: str, spoilt: int, process: Process, _: int) -> None:
    process.buyer = buyer
    for step in range(spoilt):
        process.add(one_off(process, step), 1.10 + step / 50, "disqualified")
