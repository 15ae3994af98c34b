"""The contracts in force: checked, listed, shown and written as pages."""

from __future__ import annotations

from pathlib import Path

from xiezhi.contracts import loader
from xiezhi.contracts.cross_check import cross_check
from xiezhi.contracts.model import Contract
from xiezhi.contracts.pages import write_pages
from xiezhi.kernel.errors import ContentError
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import contracts_in_force


def check_contracts(config: CoreConfig) -> tuple[int, list[ContentError]]:
    """How many contracts are sound on their own, and every complaint about any of them or about how they go together."""
    catalogue, problems = loader.check_contracts(config.content_roots)
    return len(catalogue.contracts), problems + cross_check(catalogue)


def list_contracts(config: CoreConfig, department: str | None = None) -> list[Contract]:
    """By department and name. `department`: only its own."""
    return [contract for contract in contracts_in_force(config) if department in (None, contract.department)]


def read_contract(config: CoreConfig, name: str) -> Contract:
    """The contract of that name. UserError where there is none."""
    return contracts_in_force(config).get(name)


def write_contract_pages(config: CoreConfig, folder: Path, language: str = "zh") -> list[Path]:
    """A Markdown page per contract and an index in `folder`; returns the files written."""
    return write_pages(contracts_in_force(config), folder, language)
