"""Admitting a prepared sheet to the lake, or refusing a file; either way a receipt and a record.

Order of writes: vault numbers, data files, sealed original, rows that go back, receipt; then the lake's one commit, which
makes all of it count. A crash before that leaves nothing that anyone sees, and the next writer sweeps it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.sealing import SealingKey
from xiezhi.identity.vault import Vault
from xiezhi.intake.files.originals import PURPOSE, Originals
from xiezhi.intake.loading.jumps import HISTORY, jumps
from xiezhi.intake.loading.numbering import number_identities
from xiezhi.intake.papers import write_account, write_back, write_receipt
from xiezhi.intake.prepared import Prepared
from xiezhi.intake.receipts.account import account, rows_set_aside
from xiezhi.intake.receipts.delivered_again import mendings
from xiezhi.intake.receipts.names import readable_name
from xiezhi.intake.receipts.receipt import Mending, Note, Receipt, Refusal
from xiezhi.intake.recognise import Recognised
from xiezhi.intake.sheets.sheet import Limits, Sheet
from xiezhi.kernel.clock import now
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.kernel.hashing import file_digest, sha256
from xiezhi.lake.lake import Lake
from xiezhi.lake.ledger import DeliveryRecord
from xiezhi.lake.writer import Writer


@dataclass(frozen=True)
class Settings:
    """What a caller decides. `contract` None: each sheet is recognised by its header. `memory` as DuckDB spells it."""

    contract: str | None = None
    memory: str = "2GB"
    threads: int | None = None
    limits: Limits = field(default_factory=Limits)


class Admission:
    """The lake's side of one call of `receive`, with the lake's lock held."""

    def __init__(self, lake: Lake, writer: Writer, vault: Vault, settings: Settings, scratch: Path) -> None:
        self.settings = settings
        self._lake, self._writer, self._vault, self._scratch = lake, writer, vault, scratch
        self._digests: dict[Path, str] = {}
        self._originals = Originals(lake.paths, vault.storage_key(PURPOSE), scratch)

    def close(self) -> None:
        self._originals.close()

    def begin(self, file: Path) -> None:
        """A file is about to be read: its original is sealed meanwhile."""
        self._originals.begin(file, self._digest(file))

    def key(self, purpose: str) -> SealingKey:
        """The vault's key for what is kept sealed outside it."""
        return self._vault.storage_key(purpose)

    def engine(self) -> DuckDB:
        """Scratch space for one file."""
        return DuckDB(memory=self.settings.memory, threads=self.settings.threads, spill=self._scratch / "spill")

    def held_already(self, sheet: Sheet, recognised: Recognised) -> Receipt | None:
        """The receipt for a sheet that was received before, bit for bit under the same contract; nothing is written for it.

        So a register that was replaced since does not come back by accident, in whatever order old files are sent again.
        """
        earlier = self._lake.ledger.deliveries(
            "sha256 = ? AND member IS ? AND sheet IS ? AND contract_hash = ? AND NOT refused AND erased_by IS NULL",
            *(self._digest(sheet.file), sheet.member, sheet.sheet, recognised.hash),
        )
        if not earlier:
            return None
        receipt = Receipt.model_validate(earlier[0].receipt)
        kept = receipt.accepted + receipt.repaired
        return receipt.model_copy(
            update={"file": readable_name(sheet.file.name), "duplicate": kept, "replaced": 0, "same_as": earlier[0].number}
        )

    def admit(self, prepared: Prepared) -> Receipt:
        """Load a prepared sheet; returns its receipt once everything is visible."""
        number, change, contract = self._writer.next_delivery(), self._writer.change(), prepared.recognised.contract
        engine, paths = prepared.engine, self._lake.paths
        prepared.meet(change)
        number_identities(engine, self._vault, prepared.stages)
        tables = [stage.table for stage in prepared.stages]
        prepared.decide({table.name: change.table(table.name, table.lake_columns()) for table in tables})
        counted = account(engine, prepared.judgements)
        changes = prepared.load(change, number)
        digest = self._digest(prepared.file)
        self._originals.keep(prepared.file, digest)
        write_account(prepared, paths, number)
        profile = prepared.profile()
        receipt = Receipt(
            delivery=number,
            contract=contract.name,
            received_at=now().isoformat(timespec="seconds"),
            sha256=digest,
            bytes=prepared.file.stat().st_size,
            returned=write_back(prepared, paths, number) if counted.set_aside else None,
            notes=[Note(zh=note.zh, en=note.en) for note in prepared.notes],
            columns=prepared.columns(),
            units=prepared.units,
            left_out=prepared.left_out,
            missing=prepared.missing,
            unkeyed=prepared.brought.unkeyed if prepared.brought else None,
            mendings=self._mendings(prepared, contract.name),
            profile=profile,
            expectations=[*prepared.expectations(counted.delivered), *jumps(tables, profile, self._earlier(contract.name))],
            **vars(prepared.origin),
            **vars(counted) | {"remarks": [*counted.remarks, *prepared.remarks()]},
        )
        write_receipt(receipt, paths, contract.title)
        record = self._record(receipt, prepared.recognised)
        if changes:
            change.commit(f"delivery {number}", record)
        else:
            self._writer.record(record)
        return receipt

    def refuse(self, file: Path, member: str | None, sheet: str | None, refusal: RefusedDelivery) -> Receipt:
        """Record a refusal. The same file refused again for the same reason keeps its first receipt."""
        digest, name = self._digest(file), readable_name(file.name)
        for earlier in self._lake.ledger.deliveries(
            "sha256 = ? AND member IS ? AND sheet IS ? AND refused", digest, member, sheet
        ):
            if earlier.file == name and earlier.receipt["refusal"]["code"] == refusal.code:
                return Receipt.model_validate(earlier.receipt)
        receipt = Receipt(
            delivery=self._writer.next_delivery(),
            file=name,
            member=member,
            sheet=sheet,
            contract=self.settings.contract,
            received_at=now().isoformat(timespec="seconds"),
            sha256=digest,
            bytes=file.stat().st_size if file.is_file() else 0,
            refused=True,
            refusal=Refusal(code=refusal.code, zh=refusal.zh, en=refusal.en, todo_zh=refusal.todo_zh, todo_en=refusal.todo_en),
        )
        write_receipt(receipt, self._lake.paths, None)
        self._writer.record(self._record(receipt, None))
        return receipt

    def _mendings(self, prepared: Prepared, contract: str) -> list[Mending]:
        """Which rows that earlier deliveries set aside this one brings again: each once, and only those that were."""
        brought = prepared.brought
        if brought is None or not (brought.rows or brought.anew or brought.numbers):
            return []
        found = self._lake.ledger.deliveries("contract = ? AND NOT refused", contract)
        receipts = {one.number: Receipt.model_validate(one.receipt) for one in found}
        named = {one.delivery for one in brought.numbers} & receipts.keys()
        aside = {number: rows_set_aside(self._lake.paths.receipt(number, "rows.parquet")) for number in sorted(named)}
        return mendings(brought, receipts.values(), aside)

    def _earlier(self, contract: str) -> list[Receipt]:
        """Receipts of the contract's latest deliveries, newest first."""
        latest = (
            "SELECT number FROM deliveries WHERE contract = ? AND NOT refused AND erased_by IS NULL ORDER BY number DESC LIMIT ?"
        )
        found = self._lake.ledger.deliveries(f"number IN ({latest})", contract, HISTORY)
        return [Receipt.model_validate(one.receipt) for one in reversed(found)]

    def _record(self, receipt: Receipt, recognised: Recognised | None) -> DeliveryRecord:
        return DeliveryRecord(
            number=receipt.delivery,
            file=receipt.file,
            member=receipt.member,
            sheet=receipt.sheet,
            contract=receipt.contract,
            contract_hash=recognised.hash if recognised else None,
            sha256=receipt.sha256,
            received_at=now(),
            refused=receipt.refused,
            receipt=receipt.as_json(),
            original_kept=not receipt.refused,
        )

    def _digest(self, file: Path) -> str:
        """SHA-256 of a delivered file, read once; of the name alone where there is no regular file to read."""
        if file not in self._digests:
            readable = file.is_file() and not file.is_symlink()
            self._digests[file] = file_digest(file) if readable else sha256(os.fsencode(file))
        return self._digests[file]
