"""A merged process → its rows in the six tables, as texts for the contract to judge, each with the release it is from."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from xiezhi.intake.ocds.amounts import amounts
from xiezhi.intake.ocds.merge import SOURCE, UNCLEAR
from xiezhi.intake.ocds.notes import Notes
from xiezhi.intake.ocds.parties import Parties

Json = dict[str, Any]
Row = tuple[str, dict[str, str | int | None]]
"""Table and cells; `_row` is the number of the release."""

_LONGEST_ID = 200
_MEASURES = ("bidders", "bids")
"""Of the standard's bid statistics, those that say how many tendered."""


class ProcessRows:
    """The rows of one process. `notes`: per release, what was read otherwise than it was written."""

    def __init__(self, head: dict[str, str | None], process: Json) -> None:
        self._head, self._process = head, process
        self._ocid = str(head["ocid"])
        self.notes: dict[int, Notes] = defaultdict(Notes)
        self._bids = _identified((process.get("bids") or {}).get("details") or [])
        self._awards = _identified(process.get("awards") or [])
        self._parties = Parties(self._ocid, list(self._references()))
        for source, member, entry_id in process.get(UNCLEAR) or ():
            self.notes[source].add("bids.details" if member == "details" else member, "duplicate_id_unclear", entry_id)

    def __iter__(self) -> Iterator[Row]:
        yield self._tender()
        prices = self._priced("ocds_bid", self._bids)
        for (bid_id, bid), price in zip(self._bids, prices, strict=True):
            source = bid[SOURCE]
            yield (
                "ocds_bid",
                self._row(source, bid_id=bid_id, bid_date=bid.get("date"), status=bid.get("status"), amount=price,
                          currency=_of(bid, "value", "currency"), related_lots=_lots(bid)),
            )  # fmt: skip
            for party in bid.get("tenderers") or []:
                who = self._who("ocds_bid_tenderer.tenderer", party, source)
                yield "ocds_bid_tenderer", self._row(party[SOURCE], bid_id=bid_id, tenderer=who)
        yield from self._award_rows()

    def _award_rows(self) -> Iterator[Row]:
        prices = self._priced("ocds_award", self._awards)
        for (award_id, award), price in zip(self._awards, prices, strict=True):
            source = award[SOURCE]
            yield (
                "ocds_award",
                self._row(source, award_id=award_id, status=award.get("status"), award_date=award.get("date"), amount=price,
                          currency=_of(award, "value", "currency"), related_lots=_lots(award)),
            )  # fmt: skip
            for party in award.get("suppliers") or []:
                who = self._who("ocds_award_supplier.supplier", party, source)
                yield "ocds_award_supplier", self._row(party[SOURCE], award_id=award_id, supplier=who)
            for item in award.get("items") or []:
                kind = item.get("classification") or {}
                cells = {"item_id": item.get("id"), "scheme": kind.get("scheme"), "class_id": kind.get("id")}
                yield "ocds_award_item", self._row(item[SOURCE], award_id=award_id, **cells)

    def _tender(self) -> Row:
        tender, source = self._process.get("tender") or {}, self._process[SOURCE]
        [(amount, word)] = amounts([_of(tender, "value", "amount")])
        if word:
            self.notes[source].add("ocds_tender.value_amount", word, _of(tender, "value", "amount"))
        return "ocds_tender", self._row(
            source,
            release_id=self._head["release_id"],
            release_date=self._head["release_date"],
            buyer=self._who("ocds_tender.buyer", self._process.get("buyer"), source),
            procuring_entity=self._who("ocds_tender.procuring_entity", tender.get("procuringEntity"), source),
            status=tender.get("status"),
            method=tender.get("procurementMethod"),
            method_details=tender.get("procurementMethodDetails"),
            award_criteria=tender.get("awardCriteria"),
            category=tender.get("mainProcurementCategory"),
            value_amount=amount,
            value_currency=_of(tender, "value", "currency"),
            date_published=tender.get("datePublished"),
            period_start=_of(tender, "tenderPeriod", "startDate"),
            period_end=_of(tender, "tenderPeriod", "endDate"),
            number_of_tenderers=self._count(self._tenderers_as_stated(tender), source),
            title=tender.get("title"),
        )

    def _tenderers_as_stated(self, tender: Json) -> str | None:
        """The publisher's number, else those of the publisher's list, else what the statistics of all lots count."""
        if tender.get("numberOfTenderers") is not None:
            return str(tender["numberOfTenderers"])
        if listed := {self._parties.who(one)[0] for one in tender.get("tenderers") or []} - {None}:
            return str(len(listed))
        counted = {
            one.get("measure"): one.get("value")
            for one in (self._process.get("bids") or {}).get("statistics") or []
            if not one.get("relatedLot")
        }
        return next((counted[measure] for measure in _MEASURES if counted.get(measure)), None)

    def _count(self, number: str | None, source: int) -> str | None:
        if number is None or not number.startswith("-"):
            return number
        self.notes[source].add("ocds_tender.number_of_tenderers", "number_negative", number)
        return None

    def _priced(self, table: str, entries: list[tuple[str, Json]]) -> list[str | None]:
        """The amounts of bids or awards; those of one currency are looked at together."""
        found: list[str | None] = [None] * len(entries)
        beside: dict[str | None, list[int]] = defaultdict(list)
        for place, (_, entry) in enumerate(entries):
            beside[_of(entry, "value", "currency")].append(place)
        for places in beside.values():
            said = [_of(entries[place][1], "value", "amount") for place in places]
            for place, text, (amount, word) in zip(places, said, amounts(said), strict=True):
                found[place] = amount
                if word:
                    self.notes[entries[place][1][SOURCE]].add(f"{table}.amount", word, text)
        return found

    def _who(self, column: str, reference: Json | None, source: int) -> str | None:
        if not reference:
            return None
        who, by_name = self._parties.who(reference)
        if by_name or who is None:
            self.notes[source].add(column, "party_by_name" if by_name else "party_unnamed")
        return who

    def _references(self) -> Iterator[Json]:
        yield from self._process.get("parties") or []
        for one in (self._process.get("buyer"), (self._process.get("tender") or {}).get("procuringEntity")):
            if one:
                yield one
        yield from (self._process.get("tender") or {}).get("tenderers") or []
        for _, bid in self._bids:
            yield from bid.get("tenderers") or []
        for _, award in self._awards:
            yield from award.get("suppliers") or []

    def _row(self, source: int, **cells: str | None) -> dict[str, str | int | None]:
        return {"ocid": self._ocid, **cells, "_row": source}


def _identified(entries: list[Json]) -> list[tuple[str, Json]]:
    """Bids or awards with their ids; one without is known by its place, `#1`, which no release writes."""
    return [(_short(entry.get("id") or f"#{place}"), entry) for place, entry in enumerate(entries, start=1)]


def _short(entry_id: str) -> str:
    """An id the table can hold: a longer one keeps its beginning and is told apart by its digest."""
    if len(entry_id) <= _LONGEST_ID:
        return entry_id
    return f"{entry_id[:150]}#{hashlib.blake2b(entry_id.encode(), digest_size=12).hexdigest()}"


def _lots(entry: Json) -> str | None:
    return _short(entry["relatedLots"]) if entry.get("relatedLots") else None


def _of(entry: Json, member: str, key: str) -> str | None:
    inner = entry.get(member)
    found: str | None = inner.get(key) if isinstance(inner, dict) else None
    return found
