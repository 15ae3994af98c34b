"""Where things lie in a lake. The only file that spells a path; everything else asks it.

lake.json           what this folder is, written last when a lake is made
catalogue.sqlite    Iceberg's catalogue          tables/<table>/{data,metadata}/
ledger.sqlite       deliveries, files, states    receipts/<delivery>.{json,html}
originals/          delivered files, sealed      set_aside/<delivery>-<file>
vault/              the identity vault           certificates/   what was erased, and why
runs/               results of runs              scratch/        belongs to one process each
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LakeLayout:
    """The paths of one lake."""

    root: Path

    @property
    def marker(self) -> Path:
        return self.root / "lake.json"

    @property
    def lock(self) -> Path:
        return self.root / "writer.lock"

    @property
    def catalogue(self) -> Path:
        return self.root / "catalogue.sqlite"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.sqlite"

    @property
    def tables(self) -> Path:
        return self.root / "tables"

    @property
    def vault(self) -> Path:
        return self.root / "vault"

    @property
    def originals(self) -> Path:
        return self.root / "originals"

    @property
    def receipts(self) -> Path:
        return self.root / "receipts"

    @property
    def set_aside(self) -> Path:
        return self.root / "set_aside"

    @property
    def certificates(self) -> Path:
        return self.root / "certificates"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def scratch(self) -> Path:
        return self.root / "scratch"

    def folders(self) -> tuple[Path, ...]:
        """Every folder a lake has from its first moment."""
        return (
            self.tables,
            self.vault,
            self.originals,
            self.receipts,
            self.set_aside,
            self.certificates,
            self.runs,
            self.scratch,
        )

    def data(self, table: str) -> Path:
        """The folder of a table's Parquet files."""
        return self.tables / table / "data"

    def metadata(self, table: str) -> Path:
        """The folder of a table's Iceberg metadata."""
        return self.tables / table / "metadata"

    def data_file(self, table: str, state: int, part: int) -> Path:
        """The name of a file that state `state` adds. Unfinished states are swept, so the name is free."""
        return self.data(table) / f"{state:08d}-{part:03d}.parquet"

    def original(self, sha256: str) -> Path:
        """Where a delivered file is kept sealed; one copy however often and under whatever name it came."""
        return self.originals / f"{sha256}.sealed"

    def receipt(self, delivery: int, suffix: str) -> Path:
        return self.receipts / f"{delivery:08d}.{suffix}"

    def returned(self, delivery: int, file_name: str) -> Path:
        """The file of set-aside rows that goes back to the sender."""
        return self.set_aside / f"{delivery:08d}-{file_name}"

    def certificate(self, number: int) -> Path:
        return self.certificates / f"{number:08d}.json"

    def scratch_of(self, purpose: str) -> Path:
        """A scratch folder of this process, made on the spot. The writer sweeps those of processes that are gone."""
        folder = self.scratch / f"{purpose}-{os.getpid()}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def relative(self, path: Path) -> str:
        """A path as the ledger keeps it, so that a lake can be moved."""
        return path.relative_to(self.root).as_posix()
