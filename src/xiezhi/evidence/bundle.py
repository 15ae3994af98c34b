"""Everything a person needs to judge one hit: the sentence, the conditions, the delivered rows, the norms, the seal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.engines.duckdb_engine import DuckDB, scan_sql
from xiezhi.engines.stored import read_stored
from xiezhi.evidence.conditions import ConditionShown, conditions_of, smallest
from xiezhi.evidence.figures import Figure, comparison, figures
from xiezhi.evidence.gone import Cause, before, causes_of, last_seen
from xiezhi.evidence.measured import candidate_measures
from xiezhi.evidence.places import places_named
from xiezhi.evidence.sentence import sentence
from xiezhi.evidence.values import ShownValue, shown_values
from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.rules.fact import Fact
from xiezhi.rules.loader import Content
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.rule import Rule
from xiezhi.runs import content_copy
from xiezhi.runs.changes import STANDING_COLUMNS, hits_starting
from xiezhi.runs.hit import Hit
from xiezhi.runs.record import CONTENT, STANDING, RunFolders, RunRecord


@dataclass(frozen=True)
class StandingRow:
    """One delivered row that a hit stands on. `values` are the lake's columns: numbers, never identities."""

    fact: str
    title: Words
    table: str
    delivery: int
    file: str
    member: str | None
    sheet: str | None
    row: int
    values: dict[str, Any]
    shown: list[ShownValue]


@dataclass(frozen=True)
class NormShown:
    """A norm as it stood on the day that matters. `in_force` False: it was not, which the page says."""

    id: str
    title: Words
    article: str
    text: Words
    tag: str
    since: date | None
    until: date | None
    in_force: bool


@dataclass(frozen=True)
class Evidence:
    """The evidence of one hit. `record` is the run that found it; where it is gone, the last in which it stood.

    `places`: codes of places that occur in it, with their names.
    `gone`: why it is no longer there, as the run `gone_in` found; both empty for one that stands.
    `smallest`: the condition that the smallest change undoes. `comparison`: the hit's own value, then what its peers have.
    """

    hit: Hit
    rule: Rule
    record: RunRecord
    sentence: Words
    conditions: list[ConditionShown]
    smallest: ConditionShown | None
    figures: list[Figure]
    comparison: list[Figure]
    rows: list[StandingRow]
    norms: list[NormShown]
    places: dict[str, str]
    gone: list[Cause]
    gone_in: RunRecord | None


def open_evidence(
    lake: Lake, content: Content, contracts: ContractCatalogue, fingerprint: str, rule: str | None = None
) -> Evidence:
    """The evidence of the hit (of `rule`, where it is known) whose fingerprint starts with `fingerprint`.

    Raises UserError if none or several do.
    """
    folders = RunFolders(lake.paths.runs)
    hit, record = find_hit(folders, fingerprint, rule)
    gone, gone_in = [], None
    if hit.state == "gone":
        gone_in = record
        gone = causes_of(lake, contracts, record, hit.rule, [hit.fingerprint]).get(hit.fingerprint, [])
        record = before(folders, record, hit.rule) or record
    rules, facts = content_copy.read(folders.folder(record.run) / CONTENT)
    found_by = rules[hit.rule]
    measures = candidate_measures(found_by, facts, contracts)
    conditions = conditions_of(found_by, hit.candidate, parameter_values(found_by, record.parameters[hit.rule]), measures)
    with DuckDB() as engine:
        rows = standing_rows(engine, lake, contracts, folders.folder(record.run), record, hit, facts)
        said = [cell.value.zh for row in rows for cell in row.shown] + [str(value) for value in hit.shown.values()]
        places = places_named(engine, lake.snapshot_of_state(record.state).tables, said)
    return Evidence(
        hit=hit,
        rule=found_by,
        record=record,
        sentence=sentence(found_by, hit.candidate, measures),
        conditions=conditions,
        smallest=smallest(conditions),
        figures=figures(found_by, hit.candidate, measures),
        comparison=comparison(found_by, hit.candidate, measures),
        rows=rows,
        places=places,
        gone=gone,
        gone_in=gone_in,
        norms=norms_on(
            content, found_by, hit.period_to or hit.period_from or clock.local(datetime.fromisoformat(record.started)).date()
        ),
    )


def find_hit(folders: RunFolders, fingerprint: str, rule: str | None = None) -> tuple[Hit, RunRecord]:
    """The newest hit whose fingerprint starts with the given text (four characters at least), one that is long gone too.

    Where its rule is known, a sliver of a million hits is read.
    """
    if len(fingerprint) < 4:
        raise UserError("XZ-EVI-01", zh="命中编号至少给出前四位", en="give at least the first four characters of the hit")
    latest = folders.latest_by_rule()
    runs = {record.run: record for code, record in latest.items() if rule in (None, code)}
    found = [
        (row, runs[run])
        for run in sorted(runs)
        for row in hits_starting(folders, run, fingerprint, rule)
        if latest[str(row["rule"])].run == run
    ]
    if len({row["fingerprint"] for row, _record in found}) > 1:
        raise UserError("XZ-EVI-02", zh=f"{fingerprint} 对应多条命中", en=f"{fingerprint} matches several hits")
    if found:
        row, record = found[0]
        return Hit.from_row(row, record.run), record
    if (seen := last_seen(folders, fingerprint)) is not None:
        row, record = seen
        return Hit.from_row(row, record.run), record
    raise UserError(
        "XZ-EVI-03",
        zh=f"没有编号以 {fingerprint} 开头的命中",
        en=f"no hit starts with {fingerprint}",
        todo_zh="用 xiezhi hits 查看命中",
        todo_en="list hits with: xiezhi hits",
    )


def standing_rows(
    engine: DuckDB, lake: Lake, contracts: ContractCatalogue, folder: Path, record: RunRecord, hit: Hit, facts: dict[str, Fact]
) -> list[StandingRow]:
    """The delivered rows a hit stands on, read from the snapshot it was found on, in order of fact, delivery, row."""
    asked = [("fingerprint", "=", hit.fingerprint), ("rule", "=", hit.rule)]
    refs = read_stored(folder / STANDING, STANDING_COLUMNS, asked).to_pylist()
    snapshot = lake.snapshot_of_state(record.state)
    rows: list[StandingRow] = []
    for name in sorted({ref["fact"] for ref in refs}):
        fact = facts[name]
        wanted = sorted({(ref["delivery"], ref["row"]) for ref in refs if ref["fact"] == name})
        listed = ", ".join(f"({delivery}, {row})" for delivery, row in wanted)
        select = f"SELECT * FROM ({scan_sql(snapshot.tables[fact.principal])}) WHERE (_delivery, _row) IN (VALUES {listed})"
        found = engine.rows(f"{select} ORDER BY _delivery, _row")
        rows += [_placed(lake, contracts, fact, values) for values in found]
    return rows


def _placed(lake: Lake, contracts: ContractCatalogue, fact: Fact, values: dict[str, Any]) -> StandingRow:
    number, row = values.pop("_delivery"), values.pop("_row")
    delivery = lake.delivery(number)
    return StandingRow(
        fact=fact.name,
        title=fact.title,
        table=fact.principal,
        delivery=number,
        file=delivery.file,
        member=delivery.member,
        sheet=delivery.sheet,
        row=row,
        values=values,
        shown=shown_values(contracts, fact.principal, values),
    )


def norms_on(content: Content, rule: Rule, day: date) -> list[NormShown]:
    """The rule's legal basis as in force on `day`."""
    shown = []
    for name in rule.basis:
        norm = content.norms[name]
        version = norm.on(day)
        text = version or norm.versions[0]
        shown.append(
            NormShown(name, norm.title, norm.article, text.text, norm.tag, text.from_, text.to, in_force=version is not None)
        )
    return shown
