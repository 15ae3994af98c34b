"""Carry out a plan: facts once, reductions shared, every rule, the rows it stands on, coverage, then one record.

Each rule's result is written as soon as it is known, so a run cut off at any moment resumes where it stopped. A rule
that breaks is reported as broken; the others go on.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from xiezhi.engines.duckdb_engine import DuckDB, EngineError, file_literal, quoted
from xiezhi.engines.factory import open_beside
from xiezhi.engines.spark_engine import Spark
from xiezhi.kernel.clock import now
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.faultpoints import declare, reach
from xiezhi.kernel.hashing import canonical, digest, file_digest
from xiezhi.kernel.progress import Progress
from xiezhi.kernel.words import Words
from xiezhi.rules.lake_sql import retarget
from xiezhi.rules.render import judged_sql
from xiezhi.rules.rule import Rule
from xiezhi.runs import changes, content_copy, unchanged
from xiezhi.runs.coverage import broken_rows, in_order, measure_coverage
from xiezhi.runs.elsewhere import fetch, offer_facts
from xiezhi.runs.facts import PATIENCE, build_facts, columns_needed, named_where_endless, open_lake
from xiezhi.runs.hit import hits_select, seal_select
from xiezhi.runs.judging import LINK, link_select
from xiezhi.runs.narrow import narrow_facts
from xiezhi.runs.plan import RunPlan
from xiezhi.runs.record import (
    ABSENT,
    CONTENT,
    COVERAGE,
    SEALED_FILES,
    Ending,
    RuleEnding,
    RunFolders,
    RunRecord,
    moment,
    write_whole,
)
from xiezhi.runs.set_aside import build_set_aside, held_against
from xiezhi.runs.standing import standing_select

BEFORE_PART = declare("run.before_part", "a rule's hits are computed, not yet written")
AFTER_HITS = declare("run.after_part_hits", "a rule's hits are written, its ending is not")
AFTER_PART = declare("run.after_part", "a rule's result is complete")
AFTER_COVERAGE = declare("run.after_coverage", "coverage is written")
AFTER_MERGE = declare("run.after_merge", "the parts are merged with the states of the run before")


NARROWING = Words(zh="缩减事实表", en="narrowing the facts")
COVERING = Words(zh="统计评估覆盖", en="measuring coverage")
"""What a run is stopped in, where it takes too long."""


@dataclass(frozen=True)
class Settings:
    """`memory` as DuckDB spells it ('2GB'); `threads` None means all; `narrowing` off runs every rule on whole facts.

    `patience`: seconds for one rule, after which it is broken: one without an end would keep all others from running.
    """

    memory: str = "2GB"
    threads: int | None = None
    actor: str = "unknown"
    narrowing: bool = True
    patience: float = PATIENCE


class Cancelled(UserError):
    """The run was stopped by its user; what was finished is kept and the same run resumes."""

    exit_code = 130

    def __init__(self, run: int) -> None:
        super().__init__(
            "XZ-RUN-03",
            zh=f"运行 {run} 已取消,已完成的部分保留",
            en=f"run {run} was cancelled; what was finished is kept",
            todo_zh="再次执行同一命令即从断点继续",
            todo_en="the same command resumes it",
        )


def execute(
    plan: RunPlan, folders: RunFolders, settings: Settings, progress: Progress, past: unchanged.Past | None = None
) -> RunRecord:
    """Run `plan` and record it. Raises Cancelled; a rule's own failure is in its RuleEnding.

    `past`: the lake's earlier states, by which rules are found whose last result stands; without it every rule runs.
    """
    number, _ = folders.resume_or_begin(plan.digest)
    standing = unchanged.find_unchanged(plan, folders, past) if past else {}
    execution = Execution(plan, folders.folder(number), settings, progress, standing)
    return execution.carry_out(number, folders)


class Execution:
    """One run in its folder. `parts/` holds a rule's hits, standing rows and, written last, its ending."""

    def __init__(
        self,
        plan: RunPlan,
        folder: Path,
        settings: Settings,
        progress: Progress,
        standing: Mapping[str, unchanged.Unchanged] | None = None,
    ) -> None:
        self.plan, self.folder, self.settings, self.progress = plan, folder, settings, progress
        self.parts = folder / "parts"
        self.parts.mkdir(exist_ok=True)
        self.standing = standing or {}
        self.seconds: dict[str, float] = {}
        self.targets: dict[str, dict[str, str]] = {}
        self.elsewhere: Spark | None = None
        self.facts = {fact.name: fact for fact in plan.facts}
        self.rows: dict[str, int] = {}

    def carry_out(self, number: int, folders: RunFolders) -> RunRecord:
        started = now()
        scratch = self.folder / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        memory, threads = self.settings.memory, self.settings.threads
        if self.standing:
            with self._timed("standing"), DuckDB(memory=memory, threads=threads, spill=scratch / "spill") as unsealed:
                self._take_over(unsealed)
        with (
            DuckDB(scratch / "work.duckdb", memory=memory, threads=threads, spill=scratch / "spill") as engine,
            open_beside(self.plan.engine, memory=memory, threads=threads, scratch=scratch / "spark") as self.elsewhere,
        ):
            self._prepare(engine)
            endings = self._rules(engine, number)
            self._coverage(engine, endings)
        with self._timed("merge"), DuckDB(memory=memory, threads=threads, spill=scratch / "spill") as unsealed:
            previous = changes.previous_hits(folders, number, [e.code for e in endings if e.ending == "done"])
            changes.merge(unsealed, self.parts, self.folder, endings, previous, number)
            reach(AFTER_MERGE)
        shutil.rmtree(scratch, ignore_errors=True)
        content_copy.write(self.folder / CONTENT, self.plan)
        record = self._record(number, folders, started, endings)
        folders.finish(record)
        return record

    def _take_over(self, engine: DuckDB) -> None:
        """The parts of the rules whose last result stands, sealed for this snapshot."""
        rules = {rule.code: rule for rule in self.plan.rules}
        for code, one in self.standing.items():
            unchanged.open_results(engine, code, one)
            self._write(engine, seal_select(code, self.seal_base(rules[code])), f"{code}.hits.parquet")
            self._write(engine, f"SELECT * FROM {quoted(f'standing_{code}')} ORDER BY ALL", f"{code}.standing.parquet")
            ending = replace(one.ending, seconds=0.0, since=one.ending.since or one.run)
            write_whole(self.parts / f"{code}.json", canonical(asdict(ending)))

    @property
    def _running(self) -> list[Rule]:
        """The rules that are computed in this run, or would be if their facts had data."""
        return [rule for rule in self.plan.rules if rule.code not in self.standing and rule.code not in self.plan.unsound]

    def _prepare(self, engine: DuckDB) -> None:
        with self._timed("facts"):
            self.progress.step("facts", 0, len(self.facts))
            open_lake(engine, self.plan.snapshot.tables, self.plan.facts, results=[self.parts])
            touched = [rule for rule in self._running if rule.population.fact in self.facts]
            needed = columns_needed(touched, self.facts)
            wanted = [fact for fact in self.plan.facts if fact.name in needed]
            rows = self.rows = build_facts(engine, wanted, needed, self.plan.snapshot.tables, self.settings.patience)
            if self.elsewhere:
                offer_facts(self.elsewhere, self.plan.facts, self.plan.snapshot.tables)
        with self._timed("narrow"):
            if self.settings.narrowing and not self.elsewhere:
                running = [rule for rule in self.plan.computable if rule.code not in self.standing]
                with named_where_endless(engine, self.settings.patience, NARROWING):
                    self.targets = narrow_facts(engine, running, rows)

    def _rules(self, engine: DuckDB, number: int) -> list[RuleEnding]:
        endings = []
        with self._timed("rules"):
            for place, rule in enumerate(self.plan.rules):
                self.progress.step("rules", place, len(self.plan.rules), rule.code)
                if self.progress.cancelled():
                    raise Cancelled(number)
                endings.append(self._finished(rule) or self._one(engine, rule))
        self.progress.step("rules", len(self.plan.rules), len(self.plan.rules))
        return endings

    def _finished(self, rule: Rule) -> RuleEnding | None:
        """The ending of a rule that an earlier, cut-off attempt at this run completed."""
        path = self.parts / f"{rule.code}.json"
        return RuleEnding(**json.loads(path.read_text("utf-8"))) if path.exists() else None

    def _one(self, engine: DuckDB, rule: Rule) -> RuleEnding:
        absent = self.plan.missing.get(rule.code)
        clock = time.perf_counter()
        ending: Ending = "done"
        problem, hits = "", 0
        if rule.code in self.plan.unsound:
            ending, problem = "broken", self.plan.unsound[rule.code]
        elif absent:
            ending, problem = "not_computable", f"{ABSENT}{', '.join(absent)}"
        else:
            try:
                with engine.within(self.settings.patience):
                    hits = self._evaluate(engine, rule)
            except EngineError as error:
                ending, problem = "broken", str(error)
        result = RuleEnding(rule.code, rule.version, rule.digest, ending, hits, round(time.perf_counter() - clock, 3), problem)
        write_whole(self.parts / f"{rule.code}.json", canonical(asdict(result)))
        reach(AFTER_PART)
        return result

    def _evaluate(self, engine: DuckDB, rule: Rule) -> int:
        """Hits and the rows they stand on, written as the rule's part. Raises EngineError."""
        judged, found, hits, standing = (f"{prefix}_{rule.code}" for prefix in ("judged", "found", "hits", "standing"))
        targets = self.targets.get(rule.code, {})
        values = self.plan.parameters[rule.code]
        sql = retarget(judged_sql(rule, values), {fact: ("", table) for fact, table in targets.items()})
        if self.elsewhere:
            fetch(self.elsewhere, engine, sql, judged)
        else:
            engine.run(f"CREATE OR REPLACE TEMP TABLE {quoted(judged)} AS {sql}")
        engine.run(f"CREATE OR REPLACE TEMP TABLE {quoted(found)} AS SELECT * EXCLUDE (_met) FROM {quoted(judged)} WHERE _met")
        shaped = hits_select(rule, quoted(found))
        engine.run(f"CREATE OR REPLACE TEMP TABLE {quoted(hits)} AS {shaped}")
        self._refuse_twins(engine, rule, hits)
        refs = standing_select(rule, quoted(found), targets, values)
        engine.run(f"CREATE OR REPLACE TEMP TABLE {quoted(standing)} AS {refs}")
        reach(BEFORE_PART)
        self._write(engine, seal_select(rule.code, self.seal_base(rule)), f"{rule.code}.hits.parquet")
        reach(AFTER_HITS)
        self._write(engine, f"SELECT * FROM {quoted(standing)} ORDER BY ALL", f"{rule.code}.standing.parquet")
        self._write(engine, link_select(rule, quoted(judged)), f"{rule.code}.{LINK}.parquet")
        count = int(engine.value(f"SELECT count(*) FROM {quoted(hits)}"))
        for table in (judged, found, hits, standing):
            engine.run(f"DROP TABLE {quoted(table)}")
        return count

    def seal_base(self, rule: Rule) -> str:
        """What every seal of a rule's hits commits to besides the hit: rule, parameters, snapshot."""
        return digest([rule.digest, self.plan.parameters[rule.code], self.plan.snapshot.id])

    def _refuse_twins(self, engine: DuckDB, rule: Rule, hits: str) -> None:
        """Two hits with one fingerprint would renew each other for ever: the rule's key is too narrow."""
        twins = engine.value(f"SELECT count(*) - count(DISTINCT fingerprint) FROM {quoted(hits)}")
        if twins:
            raise EngineError(f"{twins} hits share a fingerprint: the key {rule.hit.key} does not tell them apart")

    def _write(self, engine: DuckDB, sql: str, name: str) -> None:
        beside = self.parts / f"{name}.part"
        engine.write_parquet(sql, beside)
        beside.replace(self.parts / name)

    def _coverage(self, engine: DuckDB, endings: list[RuleEnding]) -> None:
        with self._timed("coverage"):
            self.progress.step("coverage", 0, 1)
            running = self._running
            done = {ending.code for ending in endings if ending.ending == "done"}
            linked = {rule.code: self._open_link(engine, rule.code) for rule in running if rule.code in done}
            aside = build_set_aside(engine, running, self.facts, self.plan.snapshot.tables)
            computable = [rule for rule in running if not self.plan.missing.get(rule.code)]
            against = {rule.code: held_against(rule, self.facts, self.plan.snapshot.tables) for rule in computable}
            values, missing = self.plan.parameters, self.plan.missing
            with named_where_endless(engine, self.settings.patience * max(1, len(running)), COVERING):
                table = measure_coverage(engine, running, values, missing, linked, aside, against, self.rows)
            whole = in_order(pa.concat_tables([table, unchanged.coverage_of(self.standing), broken_rows(self.plan.unsound)]))
            pq.write_table(whole, self.folder / COVERAGE, compression="zstd")
        reach(AFTER_COVERAGE)

    def _open_link(self, engine: DuckDB, code: str) -> str:
        """The judged candidates of a rule by their population's columns, as its part keeps them: a resumed run has them, too."""
        name = f"{LINK}_{code}"
        part = file_literal(self.parts / f"{code}.{LINK}.parquet")
        engine.run(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS SELECT * FROM read_parquet({part})")
        return name

    def _record(self, number: int, folders: RunFolders, started: datetime, endings: list[RuleEnding]) -> RunRecord:
        complete = folders.complete()
        return RunRecord(
            run=number,
            plan=self.plan.digest,
            snapshot=self.plan.snapshot.id,
            state=self.plan.snapshot.state,
            engine=self.plan.engine,
            started=moment(started),
            finished=moment(now()),
            actor=self.settings.actor,
            parameters=self.plan.parameters,
            rules=endings,
            files={name: file_digest(self.folder / name) for name in SEALED_FILES},
            previous=complete[-1].digest if complete else "",
            seconds={stage: round(value, 3) for stage, value in self.seconds.items()},
        )

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        begin = time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - begin
