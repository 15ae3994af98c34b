"""What departments deliver: recognised, received, listed, and its receipts read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xiezhi.identity.site import key_path
from xiezhi.identity.vault import Vault
from xiezhi.intake.admit import Settings
from xiezhi.intake.files.delivered import Limits, open_delivered
from xiezhi.intake.receipts.delivered_again import how_many
from xiezhi.intake.receipts.receipt import Mending, Receipt, UnitUsed
from xiezhi.intake.receive import receive
from xiezhi.intake.recognise import header_score, recognise
from xiezhi.intake.sheets.sheet import Sheet
from xiezhi.kernel.errors import RefusedDelivery, UserError
from xiezhi.kernel.progress import Progress
from xiezhi.lake.lake import Lake
from xiezhi.lake.ledger import DeliveryRecord
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import contracts_in_force
from xiezhi.operations.identities import keyring_of

__all__ = ["DeliveryRecord", "Receipt", "UnitUsed"]


def receive_delivery(
    config: CoreConfig,
    paths: Sequence[Path],
    lake: Path,
    *,
    contract: str | None = None,
    progress: Progress | None = None,
) -> list[Receipt]:
    """Receive files and folders into a lake, which is made if it is not there. Returns a receipt per delivered sheet.

    Raises UserError for a path that does not exist or an unknown contract, RetryableError while the lake is written to.
    """
    for path in paths:
        if not path.exists():
            raise UserError("XZ-RECEIVE-01", zh=f"没有 {path}。", en=f"There is no {path}.")
    contracts = contracts_in_force(config)
    settings = Settings(contract=contract, memory=config.memory, threads=config.threads)
    with Lake.create(lake) as opened, Vault.open(opened.paths.vault, keyring_of(config, opened.paths)) as vault:
        return receive([path.absolute() for path in paths], opened, contracts, vault, settings, progress)


def demonstration_key(config: CoreConfig, lake: Path) -> Path | None:
    """Where the key will be made if this lake has none yet and none is configured; None otherwise."""
    if config.key_file:
        return None
    path = key_path(lake / "vault")
    return None if path.exists() else path


@dataclass(frozen=True)
class RecognisedSheet:
    """A sheet or member of a file. `contract` and `department` None where receiving would refuse it."""

    file: str
    member: str | None
    sheet: str | None
    contract: str | None
    department: str | None


def recognise_files(config: CoreConfig, paths: Sequence[Path], scratch: Path) -> list[RecognisedSheet]:
    """Every sheet of the files, recognised by its header alone. Reads headers only; writes nothing but scratch space."""
    contracts = contracts_in_force(config)
    score = header_score(contracts, None)
    scratch.mkdir(parents=True, exist_ok=True)
    found: list[RecognisedSheet] = []
    with tempfile.TemporaryDirectory(prefix="recognise-", dir=scratch) as room:
        for path in paths:
            sheets = open_delivered(path, Limits(), Path(room), looks_like_header=score)
            for sheet in _readable(sheets):
                try:
                    contract = recognise(sheet, contracts, None).contract
                except RefusedDelivery:
                    found.append(RecognisedSheet(sheet.file.name, sheet.member, sheet.sheet, None, None))
                else:
                    found.append(RecognisedSheet(sheet.file.name, sheet.member, sheet.sheet, contract.name, contract.department))
    return found


def _readable(sheets: Iterator[Sheet]) -> Iterator[Sheet]:
    """The sheets that can be opened; why the others cannot, their receipts will say."""
    while True:
        try:
            sheet = next(sheets, None)
        except RefusedDelivery:
            continue
        if sheet is None:
            return
        yield sheet


def list_deliveries(config: CoreConfig, lake: Path, *, contract: str | None = None) -> list[DeliveryRecord]:
    """Every delivery, by number: refused and erased ones too. `contract`: only those under it."""
    with Lake.open(lake) as opened:
        return [one for one in opened.deliveries() if contract in (None, one.contract)]


@dataclass(frozen=True)
class BackAgain:
    """What delivery `by` did for rows that an earlier one set aside.

    `mended` were accepted, `again` were set aside once more, now as its own, `anew` went because their period was delivered anew.
    `unread`: of the first two, rows without a readable key.
    """

    by: int
    mended: int
    again: int
    anew: int
    unread: int


def list_back_again(deliveries: Sequence[DeliveryRecord]) -> dict[int, list[BackAgain]]:
    """Of each delivery, what became of the rows it had set aside, by which later one; none where nothing came again."""
    found: dict[int, list[BackAgain]] = {}
    for one in deliveries:
        for mending in (Mending.model_validate(said) for said in one.receipt.get("mendings", ())):
            counted = BackAgain(one.number, how_many(mending.mended), how_many(mending.again), mending.anew, mending.unread)
            found.setdefault(mending.delivery, []).append(counted)
    return found


def read_receipt(config: CoreConfig, lake: Path, number: int) -> Receipt:
    """The receipt of one delivery. Raises UserError if there is none."""
    with Lake.open(lake) as opened:
        return Receipt.model_validate(opened.delivery(number).receipt)
