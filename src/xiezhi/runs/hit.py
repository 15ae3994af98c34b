"""Hit: one row of a rule's result in the shape every rule shares, with a fingerprint and a seal.

The fingerprint (rule id, variant, key columns) stays the same when a rule runs again or a file is delivered again, so a
hit is renewed and never doubled. The seal (rule, parameters, snapshot, values, the rows it stands on) changes as soon as
anything it rests on changes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from xiezhi.engines.duckdb_engine import quoted
from xiezhi.rules.rule import Rule

SEPARATOR = "chr(31)"


@dataclass(frozen=True)
class Hit:
    """A hit as read back. Amounts in fen; `shown` and `candidate` by column name; numbers come from the vault."""

    rule: str
    version: int
    variant: str
    fingerprint: str
    level: str
    subject_kind: str
    subject_identity: str | None
    subject: int | str
    counterpart_kind: str | None
    counterpart_identity: str | None
    counterpart: int | str | None
    unit: str | None
    region: str | None
    period_from: date | None
    period_to: date | None
    amount: int | None
    shown: dict[str, Any]
    candidate: dict[str, Any]
    seal: str
    state: str
    run: int
    first_run: int

    @classmethod
    def from_row(cls, row: dict[str, Any], run: int) -> Hit:
        """A Hit from a row of `hits.parquet`."""
        values = dict(row) | {"run": run}
        values["shown"], values["candidate"] = json.loads(row["shown"]), json.loads(row["candidate"])
        for who in ("subject", "counterpart"):
            if row[f"{who}_identity"] and row[who] is not None:
                values[who] = int(row[who])
        return cls(**values)


def hits_select(rule: Rule, found: str) -> str:
    """SQL that shapes the table `found` (candidate columns, `_variant`, `_level`) into hits, without seal and state."""
    hit = rule.hit
    other = hit.counterpart
    period: tuple[str | None, str | None] = (hit.period[0], hit.period[1]) if hit.period else (None, None)
    fields = {
        "rule": _text(rule.code),
        "version": str(rule.version),
        "variant": "_variant",
        "fingerprint": fingerprint_sql(rule),
        "level": "_level",
        "subject_kind": _text(hit.subject.kind),
        "subject_identity": _text(hit.subject.number_kind),
        "subject": _as_text(hit.subject.column),
        "counterpart_kind": _text(other.kind if other else None),
        "counterpart_identity": _text(other.number_kind if other else None),
        "counterpart": _as_text(other.column if other else None),
        "unit": _as_text(hit.unit),
        "region": _as_text(hit.region),
        "period_from": _as(period[0], "DATE"),
        "period_to": _as(period[1], "DATE"),
        "amount": _as(hit.amount, "BIGINT"),
        "shown": _packed(hit.shows),
        "candidate": f"CAST(to_json({found}) AS VARCHAR)",
    }
    listed = ", ".join(f"{sql} AS {name}" for name, sql in fields.items())
    return f"SELECT {listed} FROM {found}"


def fingerprint_sql(rule: Rule) -> str:
    """128 bits of SHA-256 as 32 hex digits; NULL in a key counts as a value of its own."""
    keys = ", ".join(f"coalesce(CAST({quoted(column)} AS VARCHAR), chr(30))" for column in rule.hit.key)
    return f"left(sha256(concat_ws({SEPARATOR}, {_text(str(rule.id))}, _variant, {keys})), 32)"


def seal_select(code: str, base: str) -> str:
    """SQL that adds `seal` to the tables `hits_<code>` and `standing_<code>`; `base` commits to rule, parameters, snapshot."""
    return (
        f"SELECT h.*, sha256(concat_ws({SEPARATOR}, {_text(base)}, h.fingerprint, h.level, h.candidate, "
        "coalesce(s.rows, ''))) AS seal "
        f"FROM {quoted('hits_' + code)} AS h LEFT JOIN ("
        "SELECT fingerprint, string_agg(concat_ws(':', fact, delivery, row), ',' ORDER BY fact, delivery, row) AS rows "
        f"FROM {quoted('standing_' + code)} GROUP BY fingerprint) AS s USING (fingerprint) ORDER BY h.fingerprint"
    )


def _text(value: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if value is None else "'" + value.replace("'", "''") + "'"


def _as_text(column: str | None) -> str:
    return _as(column, "VARCHAR")


def _as(column: str | None, kind: str) -> str:
    return f"CAST({quoted(column) if column else 'NULL'} AS {kind})"


def _packed(columns: list[str]) -> str:
    pairs = ", ".join(f"{quoted(column)} := {quoted(column)}" for column in columns)
    return f"CAST(to_json(struct_pack({pairs})) AS VARCHAR)" if columns else "'{}'"
