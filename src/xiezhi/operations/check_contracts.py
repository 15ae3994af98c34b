"""Read, check and document the contracts in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xiezhi.contracts import loader
from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.cross_check import cross_check
from xiezhi.contracts.model import Contract, Field
from xiezhi.contracts.pages import write_pages
from xiezhi.kernel.errors import ContentError
from xiezhi.operations.config import CoreConfig


def check_contracts(config: CoreConfig) -> tuple[int, list[ContentError]]:
    """How many contracts are sound on their own, and every complaint about any of them or about how they go together."""
    catalogue, problems = loader.check_contracts(config.content_roots)
    return len(catalogue.contracts), problems + cross_check(catalogue)


def list_contracts(config: CoreConfig, department: str | None = None) -> list[dict[str, Any]]:
    """One dictionary per contract, by department and name."""
    catalogue = loader.load_contracts(config.content_roots)
    return [_summary(contract) for contract in catalogue if department in (None, contract.department)]


def show_contract(config: CoreConfig, name: str) -> tuple[ContractCatalogue, Contract]:
    """The contract of that name, with the catalogue it stands in. UserError where there is none."""
    catalogue = loader.load_contracts(config.content_roots)
    return catalogue, catalogue.get(name)


def document_contracts(config: CoreConfig, folder: Path, language: str = "zh") -> list[Path]:
    """A Markdown page per contract and an index in `folder`; returns the files written."""
    return write_pages(loader.load_contracts(config.content_roots), folder, language)


def describe_contract(contract: Contract) -> dict[str, Any]:
    """A contract for programs: its summary, why and on what basis it is delivered, and its tables with their fields."""
    return _summary(contract) | {
        "purpose": contract.purpose.model_dump(),
        "legal_basis": [basis.model_dump() for basis in contract.legal_basis],
        "period": contract.period,
        "tables": [
            {"name": table.name, "key": table.key, "fields": [_field(field) for field in table.fields]}
            for table in contract.tables
        ],
    }


def _summary(contract: Contract) -> dict[str, Any]:
    return {
        "name": contract.name,
        "id": str(contract.id),
        "version": contract.version,
        "status": contract.status,
        "title_zh": contract.title.zh,
        "title_en": contract.title.en,
        "department": contract.department,
        "format": contract.format,
        "cadence": contract.cadence,
        "grace_days": contract.grace_days,
        "retention_months": contract.retention_months,
        "load_mode": contract.load_mode,
        "fields": sum(len(table.fields) for table in contract.tables),
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "title_zh": field.title.zh,
        "title_en": field.title.en,
        "kind": field.kind,
        "identity": field.identity,
        "unit": field.unit,
        "required": field.required,
        "classification": field.classification,
        "codes": [code.code for code in field.codelist.codes] if field.codelist else None,
        "aliases": field.aliases,
        "lake_columns": field.lake_columns(),
    }
