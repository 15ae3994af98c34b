"""Keep the table of deliveries in step with the lake's ledger. May run at any time, twice, or in two processes at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from django.db import connection, transaction

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.actions.recusals import renew_all_ties
from xiezhi.web.accounts.models import Unit
from xiezhi.web.accounts.viewer import Viewer, system_scope
from xiezhi.web.audit.record import record
from xiezhi.web.catalogue import gateway as catalogue
from xiezhi.web.deliveries import events, gateway
from xiezhi.web.deliveries.gateway import DeliveryRecord
from xiezhi.web.deliveries.models import Delivery, Upload
from xiezhi.web.deliveries.policies.periods import covered
from xiezhi.web.deliveries.states import Fate

LOCK = 0x78_7A_64_6C
"""Of PostgreSQL's advisory locks: one mirror at a time."""

TOLD = (
    "file",
    "member",
    "sheet",
    "contract",
    "department",
    "unit_id",
    "unit_path",
    "received_at",
    "sha256",
    "size",
    "delivered",
    "accepted",
    "repaired",
    "set_aside",
    "duplicate",
    "fate",
    "reason_zh",
    "reason_en",
    "todo_zh",
    "todo_en",
    "period_from",
    "period_to",
    "faults",
    "repairs",
    "columns",
    "back",
    "unkeyed",
)

_NOT_LETTERS = re.compile(r"[\W\d_]+")
_MONTH = re.compile(r"(20\d\d)[-_.年]?(0[1-9]|1[0-2])(?!\d)")


def mirror_all() -> int:
    """Mirror as the platform itself: at start, and after every receiving."""
    with system_scope("deliveries_mirror") as by:
        changed = mirror(by)
    if changed:
        # What has come may tie somebody to a person from whom a user is recused.
        renew_all_ties()
    return changed


@transaction.atomic
def mirror(by: Viewer) -> int:
    """Write what the ledger has and the table has not, or has otherwise; returns how many rows. Needs a system scope."""
    if not by.scope.system:
        raise UserError("XZ-DLV-02", zh="只有系统作业可以登记交付", en="only a system job mirrors deliveries")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    known = {one.number: one for one in Delivery.objects.all()}
    added, changed = [], []
    for told in _told(gateway.ledger()):
        mirrored = known.get(told["number"])
        if mirrored is None:
            added.append(Delivery(**told))
        elif any(getattr(mirrored, name) != told[name] for name in TOLD):
            for name in TOLD:
                setattr(mirrored, name, told[name])
            changed.append(mirrored)
    Delivery.objects.bulk_create(added, batch_size=500)
    Delivery.objects.bulk_update(changed, TOLD, batch_size=200)
    if added or changed:
        record(events.MIRRORED, by=by, on="lake", added=len(added), changed=len(changed))
    return len(added) + len(changed)


def _told(records: list[DeliveryRecord]) -> Iterable[dict[str, Any]]:
    """The columns of each delivery, as the ledger and the contracts have them."""
    units = {unit.department: unit for unit in Unit.objects.exclude(department="")}
    root = Unit.objects.order_by("path").first()
    if root is None:
        return
    senders = {upload.sha256: upload for upload in Upload.objects.select_related("unit").order_by("sent_at")}
    kin = {_kin_name(one.file): one.contract for one in records if one.contract}
    back = gateway.back_again(records)
    for one in records:
        contract = one.contract or (kin.get(_kin_name(one.file)) if one.refused else "") or ""
        sender = senders.get(one.sha256)
        told = _columns(one, contract, _department(contract, sender), units, sender.unit if sender else root)
        yield told | {"back": back.get(one.number, []), "unkeyed": one.receipt.get("unkeyed")}


def _department(contract: str, sender: Upload | None) -> str:
    dataset = catalogue.datasets().get(contract)
    return dataset.department if dataset else (sender.department if sender else "")


def _columns(one: DeliveryRecord, contract: str, department: str, units: Mapping[str, Unit], otherwise: Unit) -> dict[str, Any]:
    receipt = one.receipt
    refusal = receipt.get("refusal") or {}
    unit = units.get(department, otherwise)
    first, last = _period(one, contract)
    return {
        "number": one.number,
        "file": one.file[:300],
        "member": (one.member or "")[:300],
        "sheet": (one.sheet or "")[:120],
        "contract": contract,
        "department": department,
        "unit_id": unit.pk,
        "unit_path": unit.path,
        "received_at": one.received_at,
        "sha256": one.sha256,
        "size": receipt["bytes"],
        "fate": _fate(one),
        **{name: receipt[name] for name in ("delivered", "accepted", "repaired", "set_aside", "duplicate")},
        **{f"reason_{key}": refusal.get(key, "") for key in ("zh", "en")},
        **{f"todo_{key}": refusal.get(f"todo_{key}", "") for key in ("zh", "en")},
        "period_from": first,
        "period_to": last,
        "faults": _counts((reason["reason"], reason["count"]) for reason in receipt["reasons"]),
        "repairs": _counts((repair["repair"], repair["count"]) for repair in receipt["repairs"]),
        "columns": _counts((reason["column"] or "", reason["count"]) for reason in receipt["reasons"]),
    }


def _fate(one: DeliveryRecord) -> Fate:
    if one.erased_by is not None:
        return Fate.ERASED
    if one.refused:
        return Fate.REFUSED
    if one.receipt["set_aside"]:
        return Fate.FAULTY
    if not one.receipt["delivered"]:
        return Fate.EMPTY
    kept = one.receipt["accepted"] + one.receipt["repaired"]
    return Fate.NOTHING_NEW if kept and one.receipt["duplicate"] == kept else Fate.CLEAN


def _counts(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for word, count in pairs:
        found[word] += count
    return dict(sorted(found.items()))


def _period(one: DeliveryRecord, contract: str) -> tuple[date | None, date | None]:
    """The time a delivery's rows are for, by its period column; of a refused file, by the month in its name."""
    dataset = catalogue.datasets().get(contract)
    if dataset is None or dataset.period is None:
        return None, None
    if one.refused:
        named = _MONTH.search(PurePath(one.file).name)
        return _month(int(named[1]), int(named[2])) if named else (None, None)
    column = next((column for column in one.receipt["profile"] if column["field"] == dataset.period), None)
    if column is None or not column["minimum"] or not column["maximum"]:
        return None, None
    low, high = date.fromisoformat(column["minimum"][:10]), date.fromisoformat(column["maximum"][:10])
    return covered(low, high, column["distinct"], dataset.cadence)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _kin_name(file: str) -> str:
    """A file name without its dates, numbers and punctuation: what stays the same from month to month."""
    return _NOT_LETTERS.sub("", PurePath(file).stem)
