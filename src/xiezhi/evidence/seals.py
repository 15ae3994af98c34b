"""To which hit a seal belongs, and which seals a hit has had: every run keeps its own, so that a print can be matched later."""

from __future__ import annotations

from dataclasses import dataclass

from xiezhi.engines.stored import read_stored
from xiezhi.kernel.errors import UserError
from xiezhi.runs.changes import LAST
from xiezhi.runs.record import HITS, RunFolders

LEAST = 8
"""Characters of a seal that must be given: fewer could be another's."""


@dataclass(frozen=True)
class SealFound:
    """A seal that a hit had. `runs`: in which, oldest first; `since` and `until`: when the first and the last of them ended."""

    seal: str
    rule: str
    fingerprint: str
    runs: tuple[int, ...]
    since: str
    until: str


def find_seals(folders: RunFolders, seal: str) -> list[SealFound]:
    """Every hit, standing or not, that once had a seal beginning so. Raises UserError where too little of it is given."""
    begins = seal.strip().lower()
    if len(begins) < LEAST:
        raise UserError(
            "XZ-EVI-04", zh=f"封印至少给出前 {LEAST} 位", en=f"give at least the first {LEAST} characters of the seal"
        )
    return _found(folders, [("seal", ">=", begins), ("seal", "<", begins + LAST), ("state", "!=", "gone")])


def seals_of(folders: RunFolders, fingerprint: str, rule: str) -> list[SealFound]:
    """Every seal a hit has had, oldest first."""
    return _found(folders, [("rule", "=", rule), ("fingerprint", "=", fingerprint), ("state", "!=", "gone")])


def _found(folders: RunFolders, filters: list[tuple[str, str, str]]) -> list[SealFound]:
    found: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
    for record in folders.complete():
        rows = read_stored(folders.folder(record.run) / HITS, ["seal", "rule", "fingerprint"], filters)
        for row in rows.to_pylist():
            found.setdefault((row["seal"], row["rule"], row["fingerprint"]), []).append((record.run, record.finished))
    return [
        SealFound(seal, rule, fingerprint, tuple(run for run, _ in runs), runs[0][1], runs[-1][1])
        for (seal, rule, fingerprint), runs in found.items()
    ]
