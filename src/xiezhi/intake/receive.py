"""Receiving: delivered files → rows of the lake, and a receipt for each sheet.

A sheet is read and judged in scratch space; then its rows, its receipt and its record become visible in one step. A file
that breaks anywhere is refused whole; the next one goes on. What was received before, bit for bit, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.kinds import Format
from xiezhi.engines.duckdb_engine import DuckDB, OutOfMemory
from xiezhi.identity.vault import Vault
from xiezhi.intake.admit import Admission, Settings
from xiezhi.intake.files.delivered import open_delivered
from xiezhi.intake.ocds.kept import PURPOSE as KEPT
from xiezhi.intake.prepared import Prepared
from xiezhi.intake.receipts.names import readable_name
from xiezhi.intake.receipts.receipt import Receipt
from xiezhi.intake.recognise import Recognised, header_score, recognise
from xiezhi.intake.releases import PreparedReleases
from xiezhi.intake.sheets.sheet import OcdsSheet, RefusedSheet, Sheet
from xiezhi.intake.tabular import PreparedTable
from xiezhi.kernel.errors import RefusedDelivery, RetryableError, UserError
from xiezhi.kernel.progress import Progress, Silent
from xiezhi.lake.lake import Lake

KEPT_ROWS = 100_000
"""Rows of scratch space that may wait to be overwritten by the next file; opening a fresh one takes as long as 5,000 rows."""


def receive(
    paths: Sequence[Path],
    lake: Lake,
    contracts: ContractCatalogue,
    vault: Vault,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> list[Receipt]:
    """Receive files and folders. Returns a receipt per sheet, refused ones included.

    Raises RetryableError while another process writes to the lake or where memory is too short, UserError for an unknown
    contract.
    """
    chosen = settings or Settings()
    ocds = contracts.get(chosen.contract).format is not Format.TABULAR if chosen.contract else None
    score = header_score(contracts, chosen.contract)
    with lake.writing() as writer:
        scratch = lake.paths.scratch_of("receive")
        with closing(Admission(lake, writer, vault, chosen, scratch)) as admission:
            group = _Group(admission, contracts, progress or Silent())
            receipts: list[Receipt] = []
            try:
                for path in paths:
                    sheets = open_delivered(path, chosen.limits, scratch, ocds=ocds, looks_like_header=score)
                    receipts += _each(sheets, group)
            except OutOfMemory as error:
                raise _short_of_memory(error, chosen.memory) from error
            finally:
                group.release()
            return receipts


class ReceiveCancelled(UserError):
    """Stopped by whoever asked for it. What was admitted is kept; of the file at hand nothing is half there."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__(
            "XZ-RECEIVE-03",
            zh="接收已取消,已经接收的交付保留",
            en="receiving was cancelled; what was received is kept",
            todo_zh="再次执行同一命令即接着接收",
            todo_en="the same command goes on with the rest",
        )


def _short_of_memory(error: Exception, memory: str) -> RetryableError:
    return RetryableError(
        "XZ-RECEIVE-02",
        zh=f"内存上限 {memory} 不够用,未完成的交付没有留下任何内容({str(error).splitlines()[0]})",
        en=f"{memory} of memory are not enough; the delivery at hand left nothing behind ({str(error).splitlines()[0]})",
        todo_zh="给接收多一些内存后重试",
        todo_en="give receiving more memory, then try again",
    )


def _each(sheets: Iterator[Sheet], group: _Group) -> Iterator[Receipt]:
    """The receipts of one path's sheets. A refused file ends only itself."""
    while True:
        if group.cancelled():
            raise ReceiveCancelled
        try:
            sheet = next(sheets, None)
        except RefusedSheet as refusal:
            yield from group.refused_alone(refusal)
            continue
        except RefusedDelivery as refusal:
            yield from group.refused(refusal)
            continue
        if sheet is None:
            break
        yield from group.take(sheet)
    yield from group.close()


class _Group:
    """The sheets of one file, or of one member of an archive: read one after the other, admitted together or refused together."""

    def __init__(self, admission: Admission, contracts: ContractCatalogue, progress: Progress) -> None:
        self._admission, self._contracts, self._progress = admission, contracts, progress
        self._key: tuple[Path, str | None] | None = None
        self._engine: DuckDB | None = None
        self._waiting: list[Prepared] = []
        self._done: list[Receipt] = []
        self._broken = False

    def cancelled(self) -> bool:
        """Whether whoever asked for it has asked to stop: looked at between sheets, so that what is admitted is whole."""
        return self._progress.cancelled()

    def take(self, sheet: Sheet) -> Iterator[Receipt]:
        """Read and judge one more sheet; first admit those of the file before, if this is another file."""
        yield from self._begin(sheet.file, sheet.member)
        if self._broken:
            return
        try:
            recognised = recognise(sheet, self._contracts, self._admission.settings.contract)
        except RefusedDelivery as refusal:
            self._done.append(self._admission.refuse(sheet.file, sheet.member, sheet.sheet, refusal))
            return
        held = self._admission.held_already(sheet, recognised)
        if held:
            self._done.append(held)
            return
        try:
            self._waiting.append(self._read(sheet, recognised))
        except RefusedDelivery as refusal:
            self._break(refusal)

    def refused_alone(self, refusal: RefusedSheet) -> Iterator[Receipt]:
        """A sheet that its reader refused: the other sheets of the workbook go on."""
        yield from self._begin(refusal.file, refusal.member)
        if not self._broken:
            self._done.append(self._admission.refuse(refusal.file, refusal.member, refusal.sheet, refusal))

    def _begin(self, file: Path, member: str | None) -> Iterator[Receipt]:
        if (file, member) != self._key:
            yield from self.close()
            self._key = (file, member)

    def refused(self, refusal: RefusedDelivery) -> Iterator[Receipt]:
        """A file that a reader refused: the one being read, or another."""
        place = refusal.place
        file, member = (Path(place.file), place.sheet) if place and place.file else (Path(), None)
        if self._key and self._key[0] == file and self._key[1] in (None, member):
            self._break(refusal)
            return
        yield from self.close()
        yield self._admission.refuse(file, member, None, refusal)

    def close(self) -> Iterator[Receipt]:
        """Admit what was read, in order, and give every receipt of the file."""
        yield from self._done
        self._done = []
        try:
            for prepared in self._waiting:
                yield self._admission.admit(prepared)
        finally:
            self._forget()

    def release(self) -> None:
        """Give the scratch space back."""
        if self._engine:
            self._engine.close()
            self._engine = None

    def _read(self, sheet: Sheet, recognised: Recognised) -> Prepared:
        self._admission.begin(sheet.file)
        engine = self._engine = self._engine or self._admission.engine()
        name = f"sheet{len(self._waiting)}"

        def watch(rows: int) -> None:
            self._progress.step("read", rows, 0, sheet.member or sheet.file.name)

        if isinstance(sheet, OcdsSheet):
            return PreparedReleases(engine, name, sheet, recognised, watch, self._admission.key(KEPT))
        return PreparedTable(engine, name, sheet, recognised, watch)

    def _break(self, refusal: RefusedDelivery) -> None:
        """The file is refused whole, whatever of it was read."""
        assert self._key is not None
        self._forget(keep_key=True)
        self._broken = True
        file, member = self._key
        self._done = [self._admission.refuse(file, member, None, _naming_its_sheet(refusal, member))]

    def _forget(self, *, keep_key: bool = False) -> None:
        big = sum(prepared.judgements.total for prepared in self._waiting) > KEPT_ROWS or self._broken
        self._waiting, self._broken = [], False
        if not keep_key:
            self._key = None
        if big:
            self.release()


def _naming_its_sheet(refusal: RefusedDelivery, member: str | None) -> RefusedDelivery:
    """The file is refused whole and has one receipt: its words say in which sheet the fault stands."""
    sheet = refusal.place.sheet if refusal.place else None
    if sheet in (None, member):
        return refusal
    name = readable_name(str(sheet))
    return RefusedDelivery(
        refusal.code,
        zh=f"工作表“{name}”:{refusal.zh}",
        en=f"sheet “{name}”: {refusal.en}",
        place=refusal.place,
        todo_zh=refusal.todo_zh,
        todo_en=refusal.todo_en,
    )
