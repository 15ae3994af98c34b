"""A lake that receives: small files in, receipts and rows out, through the real door."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.loader import load_contracts
from xiezhi.engines.duckdb_engine import DuckDB, scan_sql
from xiezhi.identity.citizen import check_digit
from xiezhi.identity.keyring import Keyring
from xiezhi.identity.vault import Vault
from xiezhi.intake.admit import Settings
from xiezhi.intake.receipts.receipt import Receipt
from xiezhi.intake.receive import receive
from xiezhi.kernel.progress import Progress
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import shipped_content

HEADER = (
    "流水号",
    "身份证号",
    "姓名",
    "补贴项目编码",
    "所属月份",
    "发放日期",
    "补贴金额",
    "银行账号",
    "收款人姓名",
    "村代码",
    "发放单位",
)
VILLAGE = "990101001001"


@cache
def contracts() -> ContractCatalogue:
    return load_contracts([shipped_content()])


def citizen(number: int) -> str:
    """A sound id of a region that exists nowhere."""
    body = f"990101{1950 + number % 50}0101{number // 50:03d}"
    return body + check_digit(body)


def payment(number: int, **other: str) -> list[str]:
    """One sound subsidy payment; `other` replaces cells by header."""
    cells = dict(
        zip(
            HEADER,
            (f"P{number:05d}", citizen(number), "王小明", "ELD80", "2021-03", "2021-03-15", f"{100 + number}.50",
             f"62170000000000{number:05d}", "王小明", VILLAGE, "民政局"),
            strict=True,
        )
    )  # fmt: skip
    return list((cells | other).values())


def write_csv(
    path: Path, rows: Sequence[Sequence[str]], *, header: Sequence[str] = HEADER, encoding: str = "utf-8", sep: str = ","
) -> Path:
    with path.open("w", encoding=encoding, newline="") as handle:
        out = csv.writer(handle, delimiter=sep)
        out.writerow(header)
        out.writerows(rows)
    return path


class Site:
    """A lake with its vault in a folder."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self.lake = Lake.create(folder / "lake")
        self.keyring = keyring

    def close(self) -> None:
        self.lake.close()

    def receive(self, *paths: Path, contract: str | None = None, progress: Progress | None = None) -> list[Receipt]:
        with Vault.open(self.lake.paths.vault, self.keyring, memory="256MB") as vault:
            settings = Settings(contract=contract, memory="256MB", threads=2)
            return receive(paths, self.lake, contracts(), vault, settings, progress)

    def rows(self, table: str, columns: str = "*") -> list[dict[str, Any]]:
        found = self.lake.snapshot().tables.get(table)
        if found is None:
            return []
        return _reader().rows(f"SELECT {columns} FROM ({scan_sql(found)}) ORDER BY _delivery, _row")


@cache
def _reader() -> DuckDB:
    """One for all tests of a process: to open an engine takes as long as most of what they ask it."""
    return DuckDB(memory="256MB")
