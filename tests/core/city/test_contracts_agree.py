"""What the city delivers is what the contracts ask for: departments, fields, headers, and the fate of damaged values."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.city.conftest import City
from tests.core.city.delivered_files import header_of, rows_of
from xiezhi.city.tables import TABLES
from xiezhi.contracts.header_matching import map_header
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


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_key_is_delivered_twice_but_where_the_faults_say_so(city: City, name: str) -> None:
    (contracted,) = CONTRACTS[name].tables
    seen: set[tuple[str, ...]] = set()
    for path in sorted(city.folder.glob(f"{TABLES[name].department}/*")):
        header = header_of(path)
        columns = map_header(contracted, header).columns
        if len(columns) < len(TABLES[name].fields):
            continue
        for row in _sound_rows(city, path, header):
            key = tuple(row[columns[field]] for field in CONTRACTS[name].key_of(contracted) or columns if field in columns)
            assert key not in seen, (path.name, key)
            seen.add(key)
    assert len(seen) > 10


def _sound_rows(city: City, path: Path, header: list[str]) -> Iterator[list[str]]:
    """Rows of data that faults.csv does not name as anything but repaired."""
    with (city.folder / "faults.csv").open(encoding="utf-8", newline="") as handle:
        named = {(line["file"], line["row"]) for line in csv.DictReader(handle) if line["outcome"] != "repaired"}
    file = f"{path.parent.name}/{path.name}"
    if (file, "") in named:
        return
    for number, row in enumerate(rows_of(path), start=1):
        if row != header and (file, str(number)) not in named:
            yield row
