"""Read processes, chains and deadlines from content folders: shipped content first, then a site's own laid over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from xiezhi.kernel.errors import ContentError
from xiezhi.kernel.yaml_document import Document, read_yaml
from xiezhi.processes.chain import Chain
from xiezhi.processes.deadline import Deadline
from xiezhi.processes.process import Process
from xiezhi.rules.overlay import defined_twice, lay
from xiezhi.rules.source import build

Version = tuple[str, int]
"""(code, version) of a process."""


@dataclass
class ProcessContent:
    """All that is in the folders. `documents`: (kind, name) → the YAML it was read from, a process by `code-version`."""

    processes: dict[Version, Process] = field(default_factory=dict)
    chains: dict[str, Chain] = field(default_factory=dict)
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)

    def in_force(self, code: str, day: date) -> Process | None:
        """The version that a matter begins with on a day: the newest that is in force; None where there is none."""
        found = [one for one in self.processes.values() if one.code == code and one.in_force <= day]
        return max(found, key=lambda one: (one.in_force, one.version), default=None)

    def document(self, process: Process) -> Document:
        """Where a process was read from."""
        return self.documents["process", _name(process)]


def read_processes(roots: Sequence[Path]) -> tuple[ProcessContent, list[ContentError]]:
    """What can be read of `roots`, and what cannot."""
    content, problems = ProcessContent(), list[ContentError]()
    for root in roots:
        laid: set[tuple[str, str]] = set()
        for pattern, read in READERS.items():
            for path in sorted(root.glob(pattern)):
                try:
                    read(read_yaml(path), content, laid)
                except ContentError as problem:
                    problems.append(problem)
    return content, problems


def load_processes(roots: Sequence[Path]) -> ProcessContent:
    """What `roots` hold. Raises ContentError for the first file that cannot be read."""
    content, problems = read_processes(roots)
    if problems:
        raise problems[0]
    return content


Laid = set[tuple[str, str]]


def _read_chain(document: Document, content: ProcessContent, laid: Laid) -> None:
    chain = build(Chain, document)
    _named(document, chain.code, document.path.stem)
    lay(content.chains, "chain", chain.code, chain, document, content.documents, laid)


def _read_deadline(document: Document, content: ProcessContent, laid: Laid) -> None:
    deadline = build(Deadline, document)
    _named(document, deadline.code, document.path.stem)
    lay(content.deadlines, "deadline", deadline.code, deadline, document, content.documents, laid)


def _read_process(document: Document, content: ProcessContent, _laid: Laid) -> None:
    """A version is never replaced, not even by a site's own: matters that began with it finish under it. It is followed."""
    process = build(Process, document)
    _named(document, process.code, document.path.parent.name)
    _named(document, str(process.version), document.path.stem, key="version")
    if (process.code, process.version) in content.processes:
        raise defined_twice(_name(process), content.document(process).path, document.place("version"))
    content.processes[process.code, process.version] = process
    content.documents["process", _name(process)] = document


def _refuse_loose_process(document: Document, _content: ProcessContent, _laid: Laid) -> None:
    """A version lies in the folder of its process; passed over, a site's own process would be left out without a word."""
    raise ContentError(
        "XZ-CONTENT-13",
        zh=f"流程应放在自己的文件夹里:processes/{document.path.stem}/1.yaml",
        en=f"a process lies in a folder of its own: processes/{document.path.stem}/1.yaml",
        place=document.place(),
        todo_zh="移进去,并以版本号命名",
        todo_en="move it there and call it by its version",
    )


READERS: dict[str, Callable[[Document, ProcessContent, Laid], None]] = {
    "deadlines/*.yaml": _read_deadline,
    "chains/*.yaml": _read_chain,
    "processes/*.yaml": _refuse_loose_process,
    "processes/*/*.yaml": _read_process,
}
"""Where each kind lies below a root."""


def _name(process: Process) -> str:
    return f"{process.code}-{process.version}"


def _named(document: Document, written: str, expected: str, key: str = "code") -> None:
    if written != expected:
        raise ContentError(
            "XZ-CONTENT-06",
            zh=f"{key} 是 {written},文件或文件夹名却是 {expected}",
            en=f"{key} is {written}, but the file or folder is called {expected}",
            place=document.place(key),
        )
