"""The hits as they stand, for each rule those of the newest run that evaluated it; and each with its sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from xiezhi.evidence.gone import Cause, causes_of, in_one_line
from xiezhi.evidence.measured import Measures, candidate_measures
from xiezhi.evidence.parties import StandingParties, candidate_parties
from xiezhi.evidence.sentence import sentence
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.level import Level
from xiezhi.kernel.masking import discreet
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import contracts_in_force
from xiezhi.rules.fact import Fact
from xiezhi.rules.rule import Rule
from xiezhi.runs import content_copy
from xiezhi.runs.changes import gone_rows, hit_batches, hit_rows
from xiezhi.runs.hit import Hit
from xiezhi.runs.record import CONTENT, RunFolders, RunRecord


@dataclass(frozen=True)
class CurrentHit:
    """A hit as the newest run of its rule left it, without its candidate. `amount` in fen.

    `unit_identity`: the identity kind whose number `unit` is; None where it is a text. `shown`: the values of its sentence.
    """

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
    unit_identity: str | None
    region: str | None
    period_from: date | None
    period_to: date | None
    amount: int | None
    shown: dict[str, Any]
    state: str
    seal: str
    run: int
    first_run: int


def list_hits(config: CoreConfig, lake: Path, *, rule: str | None = None, gone: bool = False) -> list[CurrentHit]:
    """Every rule's hits of its newest run, gravest first; those gone only where asked for. `rule`: only its hits."""
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    latest = {code: record for code, record in sorted(folders.latest_by_rule().items()) if rule in (None, code)}
    hits = [
        Hit.from_row(row, record.run)
        for code, record in latest.items()
        for row in hit_rows(folders, record.run, code)
        if gone or row["state"] != "gone"
    ]
    hits.sort(key=lambda hit: (-Level(hit.level).rank, hit.rule, -(hit.amount or 0), hit.fingerprint))
    units = _unit_identities(folders, latest)
    return [_current(hit, units.get(hit.rule)) for hit in hits]


def _current(hit: Hit, unit_identity: str | None) -> CurrentHit:
    if unit_identity is None and hit.unit is not None and hit.unit == str(hit.subject):
        unit_identity = hit.subject_identity
    held = {field.name: getattr(hit, field.name) for field in fields(CurrentHit) if field.name != "unit_identity"}
    return CurrentHit(**held, unit_identity=unit_identity)


def _unit_identities(folders: RunFolders, latest: Mapping[str, RunRecord]) -> dict[str, str | None]:
    """Rule → what its unit column is numbered by, as the content of its run says."""
    found: dict[str, str | None] = {}
    for run in sorted({record.run for record in latest.values()}):
        rules, facts = content_copy.read(folders.folder(run) / CONTENT)
        found |= {code: unit_identity_of(rules[code], facts) for code, record in latest.items() if record.run == run}
    return found


BATCH = 5_000


@dataclass(frozen=True)
class ExplainedHit:
    """A hit and what is said of it. `unit_identity`: the identity kind whose number `hit.unit` is, None where it is a text.

    `managing_level`: the level of the party committee that manages the official it concerns, where the rule tells it; else 0.
    `gone`: why it is no longer there, where it is not; `gone_kinds`: of which kinds its causes are (see `evidence.gone`).
    `parties`: everybody named in its candidate and, where it was asked for, in the rows it stands on ("citizen_id:139"), sorted.
    """

    hit: Hit
    sentence: Words
    unit_identity: str | None
    managing_level: int
    gone: Words | None = None
    gone_kinds: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()


def explain_hits(config: CoreConfig, lake: Path, *, run: int | None = None, batch: int = BATCH) -> Iterator[list[ExplainedHit]]:
    """Every rule's hits of its newest run, gone ones too, with all parties. `run`: only the rules whose newest run this is."""
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    codes: dict[int, list[str]] = {}
    for code, record in folders.latest_by_rule().items():
        if run in (None, record.run):
            codes.setdefault(record.run, []).append(code)
    for number, asked in sorted(codes.items()):
        for explained in _with_parties(config, lake, folders, number, asked, batch):
            yield _with_causes(config, lake, folders, number, explained)


def list_sentences(config: CoreConfig, lake: Path, *, rule: str | None = None) -> dict[str, Words]:
    """Fingerprint → what is said of the hit, of every rule's newest run, gone ones too. `rule`: only its hits."""
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    said: dict[str, Words] = {}
    for code, record in folders.latest_by_rule().items():
        if rule in (None, code):
            for explained in _of_run(config, folders, record.run, [code], BATCH):
                said |= {one.hit.fingerprint: one.sentence for one in explained}
    return said


def explain_hits_of_run(
    config: CoreConfig, lake: Path, run: int, *, batch: int = BATCH, parties: bool = True
) -> Iterator[list[ExplainedHit]]:
    """Every hit of one run, gone ones too, whether or not a newer run evaluated its rule. Raises UserError for an unknown run.

    `parties`: also those of the rows they stand on, which have to be read for it.
    """
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    codes = [ending.code for ending in folders.record(run).rules if ending.ending == "done"]
    yield from _with_parties(config, lake, folders, run, codes, batch) if parties else _of_run(config, folders, run, codes, batch)


def explain_vanished_hits(config: CoreConfig, lake: Path, fingerprints: Collection[str]) -> Iterator[list[ExplainedHit]]:
    """Those hits as the newest run that found each gone has them, with why; run by run, newest first.

    For whoever missed that run: in later ones they do not occur at all.
    """
    with Lake.open(lake) as opened:
        folders = RunFolders(opened.paths.runs)
    waiting = set(fingerprints)
    for record in reversed(folders.complete()):
        rows = gone_rows(folders, record.run, waiting)
        if rows:
            waiting -= {str(row["fingerprint"]) for row in rows}
            codes = sorted({str(row["rule"]) for row in rows})
            yield _with_causes(config, lake, folders, record.run, _Explainer(config, folders, record.run, codes).explain(rows))


class _Explainer:
    """What is said of the hits of one run, by the content that it ran with."""

    def __init__(self, config: CoreConfig, folders: RunFolders, run: int, codes: Sequence[str]) -> None:
        self._run = run
        self._rules, facts = content_copy.read(folders.folder(run) / CONTENT)
        self._units = {code: unit_identity_of(self._rules[code], facts) for code in codes}
        contracts = contracts_in_force(config)
        self._measures = {code: candidate_measures(self._rules[code], facts, contracts) for code in codes}

    def explain(self, rows: Sequence[Mapping[str, Any]]) -> list[ExplainedHit]:
        return [
            explain_hit(Hit.from_row(dict(row), self._run), self._rules[code], self._units[code], self._measures[code])
            for row in rows
            for code in (str(row["rule"]),)
        ]


def _of_run(config: CoreConfig, folders: RunFolders, run: int, codes: Sequence[str], batch: int) -> Iterator[list[ExplainedHit]]:
    explainer = _Explainer(config, folders, run, codes)
    for rows in hit_batches(folders, run, codes, batch):
        yield explainer.explain(rows)


def _with_parties(
    config: CoreConfig, lake: Path, folders: RunFolders, run: int, codes: Sequence[str], batch: int
) -> Iterator[list[ExplainedHit]]:
    """As `_of_run`, each with whoever stands in its rows. Where the snapshot of the run was erased nobody can read them."""
    with Lake.open(lake) as opened:
        try:
            tables = opened.snapshot_of_state(folders.record(run).state).tables
        except UserError:
            tables = {}
    facts = content_copy.read(folders.folder(run) / CONTENT)[1]
    with StandingParties(folders.folder(run), codes, facts, tables, contracts_in_force(config), config.memory) as standing:
        for hits in _of_run(config, folders, run, codes, batch):
            named = standing.of([one.hit.fingerprint for one in hits])
            yield [replace(one, parties=tuple(sorted({*one.parties, *named.get(one.hit.fingerprint, ())}))) for one in hits]


def _with_causes(config: CoreConfig, lake: Path, folders: RunFolders, run: int, hits: list[ExplainedHit]) -> list[ExplainedHit]:
    """Those that are gone with why. One look at the lake for each of their rules; none where nothing is gone."""
    gone: dict[str, list[str]] = {}
    for one in hits:
        if one.hit.state == "gone":
            gone.setdefault(one.hit.rule, []).append(one.hit.fingerprint)
    if not gone:
        return hits
    why: dict[str, list[Cause]] = {}
    with Lake.open(lake) as opened:
        for code, fingerprints in gone.items():
            why |= causes_of(opened, contracts_in_force(config), folders.record(run), code, fingerprints, config.memory)
    return [_with_cause(one, why.get(one.hit.fingerprint, [])) for one in hits]


def _with_cause(one: ExplainedHit, causes: Sequence[Cause]) -> ExplainedHit:
    return replace(one, gone=in_one_line(causes), gone_kinds=tuple(cause.kind for cause in causes)) if causes else one


def explain_hit(hit: Hit, rule: Rule, unit_identity: str | None, measures: Measures | None = None) -> ExplainedHit:
    """The hit with its sentence, days of birth left out."""
    said = {column: discreet(column, value) for column, value in hit.candidate.items()}
    if unit_identity is None and hit.unit == str(hit.subject):
        unit_identity = hit.subject_identity
    return ExplainedHit(
        hit,
        sentence(rule, said, measures),
        unit_identity,
        int(hit.candidate.get("managing_level") or 0),
        parties=tuple(sorted(candidate_parties(hit.candidate, measures or {}))),
    )


def unit_identity_of(rule: Rule, facts: Mapping[str, Fact]) -> str | None:
    """What the rule's unit column is numbered by: as its facts say, else as the party of the hit that bears the same column."""
    column = rule.hit.unit
    if column is None:
        return None
    for name in rule.reads:
        found: Any = facts[name].columns.get(column)
        if found is not None:
            return found.identity  # type: ignore[no-any-return]
    parties = (rule.hit.subject, rule.hit.counterpart)
    return next((party.number_kind for party in parties if party is not None and party.column == column), None)
