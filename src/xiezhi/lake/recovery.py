"""After a crash: bring Iceberg back to what the ledger says, and sweep every file that nothing names.

Whatever cuts it off, a full disk too, the next writer begins it anew and comes to its end.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from xiezhi.kernel.faultpoints import declare, reach
from xiezhi.lake.catalogue import Catalogue
from xiezhi.lake.layout import LakeLayout
from xiezhi.lake.ledger import Ledger
from xiezhi.lake.mark import refuse_an_older_ledger

METADATA_GONE = declare("recovery.metadata_gone", "Iceberg's metadata of a moved lake is gone, its catalogue still names it")
TABLE_REGISTERED = declare("recovery.table_registered", "Iceberg has a table anew, the ledger names the snapshot before")


def recover(layout: LakeLayout, ledger: Ledger, catalogue: Catalogue) -> Catalogue:
    """Undo what no state names. Call it with the lock held. Returns the catalogue to go on with.

    Raises IntegrityError where the lake knows of deliveries that the ledger does not: that is no trace of a crash, and what would
    be swept is the lake.
    """
    refuse_an_older_ledger(layout, ledger)
    catalogue = _come_home(layout, catalogue)
    recorded = ledger.iceberg_snapshots()
    for table in catalogue.tables():
        if table not in recorded:
            catalogue.restore(table, None)
    for table, snapshot in recorded.items():
        if not catalogue.knows(table, snapshot):
            _register(table, layout, ledger, catalogue)
        elif catalogue.current(table) != snapshot:
            catalogue.restore(table, snapshot)
    _finish_erasures(ledger, catalogue)
    _sweep_tables(layout, ledger)
    _sweep_papers(layout, ledger)
    _sweep_scratch(layout)
    return catalogue


def _come_home(layout: LakeLayout, catalogue: Catalogue) -> Catalogue:
    """Iceberg spells absolute paths. Where the lake was moved, its tables' metadata goes; they are registered anew after it."""
    if not catalogue.is_elsewhere():
        return catalogue
    catalogue.close()
    for metadata in layout.tables.glob("*/metadata"):
        shutil.rmtree(metadata)
    reach(METADATA_GONE)
    layout.catalogue.unlink()  # last: as long as it is there, the next writer knows that the lake was moved
    return Catalogue(layout)


def _register(table: str, layout: LakeLayout, ledger: Ledger, catalogue: Catalogue) -> None:
    """Make a table of Iceberg from what the ledger has recorded, whatever of it there was."""
    catalogue.restore(table, None)
    files = [layout.root / file.path for file in ledger.files("table_name = ? AND removed IS NULL", table)]
    snapshot = catalogue.change(table, ledger.columns(table) or {}, files, [])
    reach(TABLE_REGISTERED)
    ledger.correct_snapshot(table, snapshot)


def _finish_erasures(ledger: Ledger, catalogue: Catalogue) -> None:
    for number, tables in ledger.unfinished_erasures():
        for table in tables:
            catalogue.forget_past(table)
        ledger.finish_erasure(number)


def _sweep_tables(layout: LakeLayout, ledger: Ledger) -> None:
    known = {row["path"] for row in ledger.rows("SELECT path FROM files WHERE erased_by IS NULL")}
    for path in layout.tables.glob("*/data/*"):
        if layout.relative(path) not in known:
            path.unlink()


def _sweep_papers(layout: LakeLayout, ledger: Ledger) -> None:
    """Originals, receipts, returned rows and certificates of what was never recorded, or was erased."""
    originals = {row["sha256"] for row in ledger.rows("SELECT DISTINCT sha256 FROM deliveries WHERE original_kept")}
    _keep(layout.originals, {layout.original(sha256).name for sha256 in originals})
    numbers = {f"{row['number']:08d}" for row in ledger.rows("SELECT number FROM deliveries")}
    _keep(layout.receipts, numbers, prefix=8)
    returned = {f"{row['number']:08d}" for row in ledger.rows("SELECT number FROM deliveries WHERE returned_kept")}
    _keep(layout.set_aside, returned, prefix=8)
    _keep(layout.certificates, {f"{row['number']:08d}" for row in ledger.rows("SELECT number FROM certificates")}, prefix=8)


def _keep(folder: Path, names: set[str], prefix: int | None = None) -> None:
    for path in folder.iterdir():
        if path.name[:prefix] not in names:
            path.unlink()


def _sweep_scratch(layout: LakeLayout) -> None:
    for folder in layout.scratch.iterdir():
        owner = folder.name.rpartition("-")[2]
        if not (owner.isdigit() and _lives(int(owner))):
            shutil.rmtree(folder)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
