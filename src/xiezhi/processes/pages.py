"""A page per process that a director can read: a picture of its states, and tables of states, moves, chains and deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from xiezhi.kernel.reference import write_reference
from xiezhi.kernel.words import Words
from xiezhi.processes.chain import TIERS
from xiezhi.processes.deadline import DeadlineVersion, LimitWritten
from xiezhi.processes.loader import ProcessContent
from xiezhi.processes.process import Move, Process
from xiezhi.rules.pages import tidy

UNITS = {
    "hours": Words(zh="小时", en="hours"),
    "days": Words(zh="日", en="days"),
    "working_days": Words(zh="个工作日", en="working days"),
    "months": Words(zh="个月", en="months"),
}
HANDS = {
    "any": Words(zh="看得到的人", en="whoever sees it"),
    "holder": Words(zh="经手单位", en="the unit that has it in hand"),
}
WHERE = {
    "own": Words(zh="本单位", en="of the same unit"),
    "region": Words(zh="本级", en="of the same region"),
    "above": Words(zh="上一级（没有上级的，本级）", en="of the region above, or the same where none is above"),
}
INDEX = Words(zh="事项流程", en="Processes of matters")
VACANT = {
    "refuse": Words(zh="", en=""),
    "region": Words(zh="（没有能签的人时，由本级签）", en=" (of the region, where nobody there could give it)"),
    "skip": Words(zh="（没有能签的人时，略去）", en=" (left out where nobody could give it)"),
}


def write_pages(content: ProcessContent, folder: Path, language: str = "zh") -> list[Path]:
    """A page per process, its newest version, and `index.md`; returns the files written. Pages of what is gone are removed."""
    newest = {process.code: process for _, process in sorted(content.processes.items())}
    pages = {f"{code}.md": page(process, content, language) for code, process in newest.items()}
    listed = "\n".join(f"- [{process.title.in_(language)}]({code}.md)" for code, process in newest.items())
    return write_reference(folder, {**pages, "index.md": f"# {INDEX.in_(language)}\n\n{listed}\n"})


def page(process: Process, content: ProcessContent, language: str = "zh") -> str:
    """The Markdown page of one process."""
    moves = process.moves.values()
    used = dict.fromkeys([*process.begins, *(clock for move in moves for _, clock in move.clocks.each())])
    chains = dict.fromkeys(move.chain for move in moves if move.chain)
    return tidy(
        _environment(language)
        .get_template("process.md")
        .render(
            process=process,
            diagram=diagram(process, language),
            deadlines=[content.deadlines[code] for code in used],
            chains=[content.chains[code] for code in chains],
            content=content,
            limits=lambda version: _limits(version, process, language),
        )
    )


def diagram(process: Process, language: str = "zh") -> str:
    """The states and moves as a Mermaid state diagram. Moves that keep the state are left to the table."""
    lines = ["stateDiagram-v2", "  direction LR"]
    lines += [f'  state "{state.title.in_(language)}" as {code}' for code, state in process.states.items()]
    lines.append(f"  [*] --> {process.initial}")
    for begun, ended, moves in _arrows(process):
        lines.append(f"  {begun} --> {ended}: {' / '.join(move.title.in_(language).replace(':', '：') for move in moves)}")
    lines += [f"  {code} --> [*]" for code, state in process.states.items() if state.final]
    return "\n".join(lines)


def _arrows(process: Process) -> Iterator[tuple[str, str, list[Move]]]:
    """(from, to, moves): several moves between the same two states are one arrow."""
    arrows: dict[tuple[str, str], list[Move]] = {}
    for move in process.moves.values():
        for state in move.from_:
            if move.to and move.to != state:
                arrows.setdefault((state, move.to), []).append(move)
    for (begun, ended), moves in arrows.items():
        yield begun, ended, moves


def limit_words(written: LimitWritten) -> Words:
    """A limit as people say it: 3 个工作日, 3 working days."""
    (unit,) = written.model_fields_set
    number, words = getattr(written, unit), UNITS[unit]
    return Words(zh=f"{number} {words.zh}", en=f"{number} {words.en if number != 1 else words.en.removesuffix('s')}")


def _limits(version: DeadlineVersion, process: Process, language: str) -> str:
    if version.limit is not None:
        return limit_words(version.limit).in_(language)
    known = {value: words for value, words in process.facts.get(version.by or "", {}).items() if value in version.limits}
    return ("；" if language == "zh" else "; ").join(
        f"{words.in_(language)} {limit_words(version.limits[value]).in_(language)}" for value, words in known.items()
    )


def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.globals.update(
        language=language,
        say=lambda zh, en: zh if language == "zh" else en,
        cell=lambda text: str(text).replace("|", "\\|").replace("\n", " "),
        hands=HANDS,
        tiers=TIERS,
        vacant=VACANT,
        where=WHERE,
        limit_words=lambda written: limit_words(written).in_(language),
    )
    return environment
