"""Prove hits again: the same snapshot, the same rule and the same parameters must give the same fingerprints and seals.

Before anything is recomputed, every byte a hit rests on is compared with its recorded hash, so that what was altered is
named and not merely noticed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from xiezhi.kernel.errors import IntegrityError
from xiezhi.kernel.progress import Progress, Silent
from xiezhi.kernel.storage import refused_by_the_disk
from xiezhi.kernel.words import Words
from xiezhi.lake.lake import Lake
from xiezhi.rules.loader import Content
from xiezhi.rules.parameters import parameter_values
from xiezhi.runs import content_copy
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import RunPlan, plan_of
from xiezhi.runs.record import CONTENT, RunFolders, RunRecord

COMPARED = (
    "seal",
    "level",
    "subject",
    "counterpart",
    "unit",
    "region",
    "period_from",
    "period_to",
    "amount",
    "shown",
    "candidate",
)


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was. `about` names it: a file, a rule, a hit.

    `rule`: in which it lies, where it lies in one. `fields`: of a hit, those that came out otherwise; none where the hit itself
    is missing or new. `words` may hold values of the hit: whoever may not see these is told by `fields`.
    """

    kind: str
    about: str
    words: Words
    rule: str = ""
    fields: tuple[str, ...] = ()


@dataclass
class ReplayReport:
    """`proved`: fingerprints whose seal came out equal, by run."""

    proved: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)


def replay(
    lake: Lake, content: Content, fingerprints: Sequence[str], settings: Settings, progress: Progress | None = None
) -> ReplayReport:
    """Recompute the given hits (every current hit where empty) and say exactly what differs."""
    folders = RunFolders(lake.paths.runs)
    report = ReplayReport()
    report.differences += _broken_chain(folders)
    by_run: dict[int, list[str]] = {}
    for code, record in folders.latest_by_rule().items():
        by_run.setdefault(record.run, []).append(code)
    for run, codes in sorted(by_run.items()):
        _replay_run(
            lake, content, folders, folders.record(run), codes, list(fingerprints), settings, progress or Silent(), report
        )
    return report


def _replay_run(
    lake: Lake,
    content: Content,
    folders: RunFolders,
    record: RunRecord,
    codes: list[str],
    wanted: list[str],
    settings: Settings,
    progress: Progress,
    report: ReplayReport,
) -> None:
    try:
        stored = {
            str(row["fingerprint"]): row
            for row in hit_rows(folders, record.run)
            if row["rule"] in codes and row["state"] != "gone" and _asked(str(row["fingerprint"]), wanted)
        }
    except IntegrityError as error:
        report.differences += [
            *_altered_files(lake, record),
            *_altered_results(folders, record),
            _unreadable(record, Words(zh=error.zh, en=error.en)),
        ]
        return
    if wanted:
        if not stored:
            return
        codes = sorted({str(row["rule"]) for row in stored.values()})
    altered = [*_altered_files(lake, record), *_altered_results(folders, record)]
    report.differences += [*altered, *_altered_rules(content, record, codes, report)]
    if any(difference.kind == "result" and difference.about.endswith(CONTENT) for difference in altered):
        return  # the rules of that run cannot be trusted, so nothing can be recomputed from them
    watched = _Watched(progress)
    try:
        again = _recompute(lake, folders, record, codes, settings, watched)
    except Exception as error:  # an altered Parquet file can fail in any way; what matters is that it is named above
        if watched.stopped:
            raise  # who asked for it no longer wants it: that says nothing of the run
        if refused := refused_by_the_disk(error):
            raise refused from error  # nor does a full disk
        report.differences.append(_unreadable(record, Words(zh=str(error), en=str(error))))
        return
    report.differences += _compare(stored, again, wanted)
    changed = {difference.about for difference in report.differences if difference.kind == "hit"}
    report.proved += [fingerprint for fingerprint in stored if fingerprint in again and fingerprint not in changed]


class _Watched:
    """Progress that remembers whether it was what stopped the work."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.stopped = False

    def step(self, stage: str, done: int, total: int, note: str = "") -> None:
        try:
            self._progress.step(stage, done, total, note)
        except Exception:
            self.stopped = True
            raise

    def cancelled(self) -> bool:
        try:
            self.stopped = self._progress.cancelled() or self.stopped
        except Exception:
            self.stopped = True
            raise
        return self.stopped


def _asked(fingerprint: str, wanted: list[str]) -> bool:
    return not wanted or any(fingerprint.startswith(prefix) for prefix in wanted)


def _recompute(
    lake: Lake, folders: RunFolders, record: RunRecord, codes: list[str], settings: Settings, progress: Progress
) -> dict[str, dict[str, Any]]:
    """The hits of `codes` computed afresh, by fingerprint, in a folder that is thrown away."""
    rules, facts = content_copy.read(folders.folder(record.run) / CONTENT)
    snapshot = lake.snapshot_of_state(record.state)
    parameters = {code: parameter_values(rules[code], record.parameters[code]) for code in codes}
    plan: RunPlan = plan_of([rules[code] for code in codes], facts, parameters, snapshot, record.engine)
    plan = replace(plan, missing={})  # they were evaluated to the end then, whatever is held to be without data today
    writable = os.access(lake.paths.scratch, os.W_OK)  # a lake shown read-only is proved all the same, elsewhere
    with tempfile.TemporaryDirectory(dir=lake.paths.scratch if writable else None, prefix="xiezhi-replay-") as beside:
        fresh = RunFolders(Path(beside))
        fresh_record = execute(plan, fresh, settings, progress)
        return {str(row["fingerprint"]): row for row in hit_rows(fresh, fresh_record.run)}


def _compare(stored: dict[str, dict[str, Any]], again: dict[str, dict[str, Any]], wanted: list[str]) -> Iterable[Difference]:
    for fingerprint, row in stored.items():
        fresh = again.get(fingerprint)
        if fresh is None:
            yield _hit(
                fingerprint,
                str(row["rule"]),
                f"{row['rule']} 的这条命中重算后不再出现",
                f"this hit of {row['rule']} no longer comes out",
            )
            continue
        fields = [name for name in COMPARED if row[name] != fresh[name]]
        if fields:
            told = "; ".join(f"{name}: {row[name]} ≠ {fresh[name]}" for name in fields)
            yield _hit(
                fingerprint,
                str(row["rule"]),
                f"{row['rule']} 的这条命中重算结果不同 {told}",
                f"this hit of {row['rule']} differs: {told}",
                tuple(fields),
            )
    for fingerprint, row in again.items():
        if fingerprint not in stored and not wanted:
            yield _hit(
                fingerprint,
                str(row["rule"]),
                f"{row['rule']} 重算出一条原来没有的命中",
                f"{row['rule']} yields a hit that was not recorded",
            )


def _altered_files(lake: Lake, record: RunRecord) -> list[Difference]:
    snapshot = lake.snapshot_of_state(record.state)
    found = [
        Difference(
            "lake",
            str(file.path),
            Words(
                zh=f"数据湖文件 {file.path}(表 {file.table})与入库时的哈希不符",
                en=f"lake file {file.path} (table {file.table}) no longer has its recorded hash",
            ),
        )
        for file in lake.altered(snapshot)
    ]
    if snapshot.id != record.snapshot:
        words = Words(zh="快照的文件清单与运行时不同", en="the snapshot lists other files than at the time of the run")
        found.append(Difference("lake", f"state {record.state}", words))
    return found


def _altered_results(folders: RunFolders, record: RunRecord) -> list[Difference]:
    return [
        Difference(
            "result",
            str(folders.folder(record.run) / name),
            Words(zh=f"第 {record.run} 次运行的结果文件 {name} 被改动", en=f"result file {name} of run {record.run} was altered"),
        )
        for name in folders.altered(record)
    ]


def _altered_rules(content: Content, record: RunRecord, codes: list[str], report: ReplayReport) -> Iterable[Difference]:
    """A rule whose text changed while its version did not is an alteration; a newer version is only a note."""
    for code in codes:
        ran, current = record.rule(code), content.rules.get(code)
        if ran is None or current is None:
            report.notes.append(Words(zh=f"{code} 已不在当前内容中", en=f"{code} is no longer among the current rules"))
        elif current.version != ran.version:
            report.notes.append(
                Words(
                    zh=f"{code} 现为第 {current.version} 版,按运行时的第 {ran.version} 版重算",
                    en=f"{code} is now at version {current.version}; replayed with version {ran.version}",
                )
            )
        elif current.digest != ran.digest:
            words = Words(
                zh=f"模型 {code} 第 {ran.version} 版的内容已被改动,而版本号未变",
                en=f"rule {code} was altered without a new version (version {ran.version})",
            )
            yield Difference("rule", code, words, code)


def _broken_chain(folders: RunFolders) -> Iterable[Difference]:
    records = folders.complete()
    for before, after in pairwise(records):
        if after.previous != before.digest:
            words = Words(zh=f"第 {before.run} 次运行的记录被改动", en=f"the record of run {before.run} was altered")
            yield Difference("record", str(folders.folder(before.run)), words)


def _hit(fingerprint: str, rule: str, zh: str, en: str, fields: tuple[str, ...] = ()) -> Difference:
    return Difference("hit", fingerprint, Words(zh=zh, en=en), rule, fields)


def _unreadable(record: RunRecord, why: Words) -> Difference:
    words = Words(zh=f"第 {record.run} 次运行无法重算:{why.zh}", en=f"run {record.run} cannot be recomputed: {why.en}")
    return Difference("run", str(record.run), words)
