"""What the city delivers is what the contracts ask for: departments, fields, headers, and the fate of damaged values."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezhi.city.tables import TABLES
from xiezhi.contracts.header import map_header
from xiezhi.contracts.loader import load_contracts

CONTRACTS = load_contracts([Path("content")]).contracts


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_office_uses_a_header_that_the_contract_knows(name: str) -> None:
    table, (contracted,) = TABLES[name], CONTRACTS[name].tables
    for office in range(3):
        mapped = map_header(contracted, [field.head(office) for field in table.fields])
        assert mapped.sound, (office, mapped)
        assert set(mapped.columns) == {field.name for field in table.fields}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_firm_fields_are_those_whose_damage_sets_the_row_aside(name: str) -> None:
    (contracted,) = CONTRACTS[name].tables
    for field in TABLES[name].fields:
        asked = contracted.field(field.name)
        if field.firm and field.kind in ("id", "company"):
            assert (asked.required, asked.unsound.value) == (True, "set_aside"), field
        if field.firm and field.kind in ("date", "month", "money", "code"):
            assert asked.required, field
