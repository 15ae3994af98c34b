"""OCDS releases in few words, and a lake's rows of one process."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.core.intake.receiving import Site

from xiezhi.intake.receipts.receipt import Receipt

Json = dict[str, Any]

TABLES = ("ocds_tender", "ocds_bid", "ocds_bid_tenderer", "ocds_award", "ocds_award_supplier", "ocds_award_item")


def release(ocid: str, number: int = 1, month: int = 1, tag: str = "tender", **parts: Any) -> Json:
    """A release of the first of a month of 2025, with the members given."""
    return {"ocid": ocid, "id": f"{ocid}-{number}", "date": f"2025-{month:02d}-01T00:00:00Z", "tag": [tag], **parts}


def tender(**parts: Any) -> Json:
    return {"id": "t", "status": "active", "procurementMethod": "open", **parts}


def bids(*details: Json) -> Json:
    return {"details": list(details)}


def bid(bid_id: Any, *firms: Any, amount: Any = 100, **parts: Any) -> Json:
    named = {"tenderers": [{"id": firm} for firm in firms]} if firms else {}
    return {**({"id": bid_id} if bid_id else {}), "status": "valid", "value": money(amount), **named, **parts}


def award(award_id: str | None, *firms: str, amount: Any = 100, **parts: Any) -> Json:
    named = {"suppliers": [{"id": firm} for firm in firms]} if firms else {}
    return {**({"id": award_id} if award_id else {}), "status": "active", "value": money(amount), **named, **parts}


def money(amount: Any, currency: str = "CNY") -> Json:
    return {"amount": amount, "currency": currency}


def lines(path: Path, values: Iterable[Json | str]) -> Path:
    """One value a line; a text stands as it is."""
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in values), "utf-8")
    return path


class Delivered:
    """A site to which files were delivered one after the other, and what it says of each process."""

    def __init__(self, site: Site, files: Iterable[Path]) -> None:
        self._site = site
        self.receipts: list[Receipt] = [site.receive(file, contract="ocds_release")[0] for file in files]

    @cached_property
    def _rows(self) -> dict[str, list[Json]]:
        names = [*TABLES, *(f"{name}__set_aside" for name in TABLES)]
        return {name: self._site.rows(name) for name in names}

    def rows(self, table: str, ocid: str) -> list[Json]:
        return [row for row in self._rows[table] if row["ocid"] == ocid]

    def aside(self, ocid: str | None) -> list[Json]:
        """The process's rows among the releases set aside."""
        return [row for row in self._rows["ocds_tender__set_aside"] if row["ocid"] == ocid]

    def tender(self, ocid: str) -> Json:
        [found] = self.rows("ocds_tender", ocid)
        return found

    def bids(self, ocid: str) -> dict[str, tuple[Any, ...]]:
        """Bid → status, amount in hundredths."""
        return {row["bid_id"]: (row["status"], row["amount"]) for row in self.rows("ocds_bid", ocid)}

    def awards(self, ocid: str) -> dict[str, Any]:
        """Award → amount in hundredths."""
        return {row["award_id"]: row["amount"] for row in self.rows("ocds_award", ocid)}

    def firms(self, ocid: str) -> dict[str, set[int]]:
        """Bid → numbers of its tenderers."""
        found: dict[str, set[int]] = {}
        for row in self.rows("ocds_bid_tenderer", ocid):
            found.setdefault(row["bid_id"], set()).add(row["tenderer"])
        return found

    def suppliers(self, ocid: str) -> dict[str, set[int]]:
        """Award → numbers of its suppliers."""
        found: dict[str, set[int]] = {}
        for row in self.rows("ocds_award_supplier", ocid):
            found.setdefault(row["award_id"], set()).add(row["supplier"])
        return found

    def said(self, row: int, delivery: int = 1) -> set[tuple[str, str]]:
        """(where, word) of every remark and reason that a receipt shows of a row; repairs have no rows on it."""
        receipt = self.receipts[delivery - 1]
        remarks = [(one.column, one.remark, one.examples) for one in receipt.remarks]
        reasons = [(one.column or "", one.reason, one.examples) for one in receipt.reasons]
        return {(where, word) for where, word, examples in remarks + reasons if row in [example.row for example in examples]}
