"""Everybody a hit is about: the people and organisations among the values of its candidate and in the rows it stands on.

A recusal asks this. Keys are spelled "<identity kind>:<vault number>", as in "citizen_id:139".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.engines.duckdb_engine import DuckDB, file_literal, quoted, scan_sql
from xiezhi.evidence.measured import Measures
from xiezhi.kernel.tables import TableRef
from xiezhi.rules.fact import Fact
from xiezhi.runs.record import STANDING

KINDS = ("citizen_id", "credit_code", "party_id")
"""Identities that are somebody. An account, a phone, a plate or an address belongs to somebody, but its number does not say to
whom; a name is many people's."""


def candidate_parties(candidate: Mapping[str, Any], measures: Measures) -> set[str]:
    """Of the values of a candidate. Whatever a rule names, or only counts with, is there: no condition is looked at."""
    found = set()
    for column, measure in measures.items():
        if measure.identity in KINDS:
            given = candidate.get(column)
            found |= {
                f"{measure.identity}:{number}" for number in (given if isinstance(given, list) else [given]) if number is not None
            }
    return found


class StandingParties:
    """Of the rows that the hits of a run stand on, worked out once for all of them. Close it, or use `with`."""

    def __init__(
        self, folder: Path, codes: Sequence[str], facts: Mapping[str, Fact], tables: Mapping[str, TableRef],
        contracts: ContractCatalogue, memory: str,
    ) -> None:  # fmt: skip
        self._engine = DuckDB(memory=memory)
        try:
            asked = (
                " UNION ALL ".join(_of_facts(facts, tables, contracts)) or "SELECT NULL AS fingerprint, NULL AS party WHERE false"
            )
            self._engine.run(
                f"CREATE TEMP TABLE standing AS SELECT fingerprint, fact, delivery, row "
                f"FROM read_parquet({file_literal(folder / STANDING)}) WHERE rule IN (SELECT unnest($codes))",
                {"codes": list(codes)},
            )
            self._engine.run(f"CREATE TEMP TABLE parties AS SELECT DISTINCT fingerprint, party FROM ({asked})")
            self._engine.run("DROP TABLE standing")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> StandingParties:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._engine.close()

    def of(self, fingerprints: Collection[str]) -> dict[str, set[str]]:
        """Fingerprint → keys; those that stand on nobody are left out."""
        rows = self._engine.rows(
            "SELECT fingerprint, list(party) AS parties FROM parties "
            "WHERE fingerprint IN (SELECT unnest($asked)) GROUP BY fingerprint",
            {"asked": list(fingerprints)},
        )
        return {row["fingerprint"]: set(row["parties"]) for row in rows}


def _of_facts(facts: Mapping[str, Fact], tables: Mapping[str, TableRef], contracts: ContractCatalogue) -> Iterator[str]:
    """For each fact whose principal table names somebody, who stands in which hit's rows."""
    for fact in facts.values():
        table = tables.get(fact.principal)
        columns = identity_columns(contracts, fact.principal, table.columns) if table is not None else {}
        if table is None or not columns:
            continue
        named = ", ".join(f"'{kind}:' || t.{quoted(column)}" for column, kind in columns.items())
        yield (
            f"SELECT fingerprint, party FROM (SELECT s.fingerprint, unnest([{named}]) AS party FROM standing AS s "
            f"JOIN ({scan_sql(table)}) AS t ON t._delivery = s.delivery AND t._row = s.row WHERE s.fact = '{fact.name}') "
            "WHERE party IS NOT NULL"
        )


def identity_columns(contracts: ContractCatalogue, table: str, columns: Collection[str]) -> dict[str, str]:
    """Column of a lake table → whose numbers it holds, of those that are somebody."""
    fields = (field for contract in contracts for held in contract.tables if held.name == table for field in held.fields)
    return {field.name: str(field.identity) for field in fields if field.identity in KINDS and field.name in columns}
