"""What no single contract can get wrong: two of them under one id, a header that fits two, a department nobody listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xiezhi.contracts.catalogue import ContractCatalogue, Match
from xiezhi.contracts.complaint import complaint
from xiezhi.contracts.kinds import Format
from xiezhi.contracts.model import Contract
from xiezhi.kernel.errors import ContentError

DEPARTMENTS = "department"
"""The codelist that names the delivering departments in both languages."""


def cross_check(catalogue: ContractCatalogue) -> list[ContentError]:
    """Every complaint about how the contracts of a catalogue go together."""
    return [
        complaint(catalogue.sources[contract.name], 1, zh=zh, en=en)
        for contract in catalogue
        for zh, en in _faults(catalogue, contract)
    ]


def _faults(catalogue: ContractCatalogue, contract: Contract) -> Iterator[tuple[str, str]]:
    if Counter(one.id for one in catalogue)[contract.id] > 1:
        yield f"id {contract.id} 已被另一契约使用", f"id {contract.id} is used by another contract"
    departments = catalogue.codelists.get(DEPARTMENTS)
    if departments is None or departments.title_of(contract.department) is None:
        zh = f"部门 {contract.department} 不在代码表 {DEPARTMENTS} 中"
        yield zh, f"department {contract.department} is not in codelist {DEPARTMENTS}"
    if contract.format is Format.TABULAR:
        found = catalogue.recognise([field.business_name for field in contract.table().fields])
        if not isinstance(found, Match):
            yield f"自己的表头认不出自己:{found.reason_zh}", f"its own header is not recognised: {found.reason_en}"
        elif found.contract.name != contract.name:
            yield f"自己的表头被认作 {found.contract.name}", f"its own header is taken for {found.contract.name}"
