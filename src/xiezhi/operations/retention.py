"""Forget data: a delivery, a person, whatever outlived its retention. Each leaves a certificate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.vault import Vault
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.tables import SET_ASIDE
from xiezhi.lake.lake import Lake
from xiezhi.lake.retention import Erasure, erase_delivery, erase_person, expire
from xiezhi.lake.writer import Writer
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import contracts_in_force
from xiezhi.operations.identities import keyring_of

Certificate = dict[str, Any]


def forget_delivery(config: CoreConfig, lake: Path, number: int, purpose: str) -> Certificate:
    """Erase what a delivery brought, its original and its returned rows. Returns the certificate."""
    with _writing(config, lake) as at:
        return erase_delivery(at.lake, at.writer, at.engine, number, _order(config, purpose))


def forget_person(config: CoreConfig, lake: Path, subject: str, purpose: str) -> Certificate:
    """Erase every row that names a person, given as `#number` or as a citizen id; then destroy the vault's entry."""
    contracts = contracts_in_force(config)
    columns: dict[str, list[str]] = {}
    for contract in contracts:
        for table in contract.tables:
            named = [field.name for field in table.fields if field.identity and field.identity is IdentityKind.CITIZEN_ID]
            for name in (table.name, table.name + SET_ASIDE):
                columns[name] = sorted({*columns.get(name, []), *named})
    with _writing(config, lake) as at, Vault.open(at.lake.paths.vault, keyring_of(config, at.lake.paths)) as vault:
        number = _number(vault, subject)
        certificate = erase_person(at.lake, at.writer, at.engine, columns, number, _order(config, purpose))
        vault.forget(IdentityKind.CITIZEN_ID, number, purpose=purpose, actor=config.actor)
        return certificate


def expire_data(config: CoreConfig, lake: Path, purpose: str) -> list[Certificate]:
    """Erase every delivery older than its contract's retention. Returns the certificates."""
    limits = {contract.name: contract.retention_months for contract in contracts_in_force(config)}
    with _writing(config, lake) as at:
        return expire(at.lake, at.writer, at.engine, limits, _order(config, purpose))


@dataclass(frozen=True)
class _Writing:
    lake: Lake
    writer: Writer
    engine: DuckDB


@contextmanager
def _writing(config: CoreConfig, lake: Path) -> Iterator[_Writing]:
    with Lake.open(lake) as opened, opened.writing() as writer:
        spill = opened.paths.scratch_of("erase")
        with DuckDB(memory=config.memory, threads=config.threads, spill=spill) as engine:
            yield _Writing(opened, writer, engine)


def _order(config: CoreConfig, purpose: str) -> Erasure:
    return Erasure(by=config.actor, purpose=purpose)


def _number(vault: Vault, subject: str) -> int:
    number = (
        int(subject[1:]) if subject.startswith("#") and subject[1:].isdigit() else vault.find(IdentityKind.CITIZEN_ID, subject)
    )
    if number is None:
        raise UserError("XZ-VAULT-05", zh="保险库中没有这个人。", en="The vault knows no such person.")
    return number
