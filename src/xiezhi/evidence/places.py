"""Names of places by their statistical codes, as the delivered register of divisions has them.

A reader knows the village, not its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from xiezhi.engines.duckdb_engine import DuckDB, scan_sql
from xiezhi.kernel.tables import TableRef

REGISTER = "region"
NEEDED = frozenset({"code", "region_name", "parent", "valid_from"})
DIGITS = (6, 9, 12)


def is_code(value: Any) -> bool:
    """Whether it has the digits of a county, a town or a village."""
    written = str(value)
    return written.isdigit() and len(written) in DIGITS


def place_names(tables: Mapping[str, TableRef], codes: Iterable[Any], memory: str = "1GB") -> dict[str, str]:
    """Code → name, a village's with its town's: there are villages of the same name. Unknown codes are left out.

    Empty where no register was delivered. Of a code that had several names the newest counts.
    """
    with DuckDB(memory=memory) as engine:
        return places_named(engine, tables, codes)


def places_named(engine: DuckDB, tables: Mapping[str, TableRef], codes: Iterable[Any]) -> dict[str, str]:
    """`place_names`, asked of an engine that is open already: to open one costs more than to ask."""
    wanted = sorted({int(str(code)) for code in codes if code is not None and is_code(code)})
    table = tables.get(REGISTER)
    if not wanted or table is None or not set(table.columns) >= NEEDED:
        return {}
    newest = (
        "SELECT code, arg_max(region_name, valid_from) AS name, arg_max(parent, valid_from) AS parent "
        f"FROM ({scan_sql(table)}) GROUP BY code"
    )
    found = engine.rows(
        f"WITH places AS ({newest}) SELECT p.code, p.name, above.name AS town FROM places AS p "
        f"LEFT JOIN places AS above ON above.code = p.parent WHERE p.code IN ({', '.join(map(str, wanted))})"
    )
    return {
        str(row["code"]): f"{row['town'] or ''}{row['name']}" if len(str(row["code"])) == 12 else row["name"] for row in found
    }


def with_name(text: str, places: Mapping[str, str]) -> str:
    """A delivered code with what it is called behind it; any other text as it is."""
    return f"{text} {places[text]}" if text in places else text
