"""What can be wrong with a trail, each with a name and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xiezhi.kernel.errors import IntegrityError
from xiezhi.kernel.words import Words


class FaultKind(StrEnum):
    """Faults mean that somebody or something changed what must not change. Notes are worth a look and no fault."""

    ALTERED = "altered"
    DELETED = "deleted"
    INSERTED = "inserted"
    REORDERED = "reordered"
    LINKS_LOST = "links_lost"
    CUT = "cut"
    REWRITTEN = "rewritten"
    CHECKPOINT_ALTERED = "checkpoint_altered"
    CHECKPOINT_MISSING = "checkpoint_missing"
    COPY_DIFFERS = "copy_differs"
    UNSEALED = "unsealed"
    EXPORT_DAMAGED = "export_damaged"
    BREAK = "break"
    UNFINISHED = "unfinished"
    OUT_OF_TIME = "out_of_time"

    @property
    def words(self) -> Words:
        zh, en = WORDS[self]
        return Words(zh=zh, en=en)

    @property
    def is_note(self) -> bool:
        return self in NOTES


WORDS: dict[FaultKind, tuple[str, str]] = {
    FaultKind.ALTERED: ("事件被改动", "event altered"),
    FaultKind.DELETED: ("事件被删除", "event deleted"),
    FaultKind.INSERTED: ("事件不在链中，是从旁插入的", "event inserted past the chain"),
    FaultKind.REORDERED: ("次序被调换", "order changed"),
    FaultKind.LINKS_LOST: ("链中缺环", "links missing from the chain"),
    FaultKind.CUT: ("尾部被截去", "tail cut off"),
    FaultKind.REWRITTEN: ("链被整体重写", "chain rewritten"),
    FaultKind.CHECKPOINT_ALTERED: ("检查点文件被改动", "file of checkpoints altered"),
    FaultKind.CHECKPOINT_MISSING: ("检查点缺失", "checkpoint missing"),
    FaultKind.COPY_DIFFERS: ("与外部留存的检查点不符", "differs from the checkpoint kept outside"),
    FaultKind.UNSEALED: ("事件逾时未封存", "event not sealed in time"),
    FaultKind.EXPORT_DAMAGED: ("导出文件不完整或被改动", "export incomplete or altered"),
    FaultKind.BREAK: ("已声明的断裂", "declared break"),
    FaultKind.UNFINISHED: ("检查点文件末行未写完", "last line of the checkpoints unfinished"),
    FaultKind.OUT_OF_TIME: ("事件时间与其位置不符", "event's time does not fit its place"),
}

NOTES = frozenset({FaultKind.BREAK, FaultKind.UNFINISHED, FaultKind.OUT_OF_TIME})


@dataclass(frozen=True)
class TrailFault:
    """One thing that is wrong. `where` is what it is called ("event 412", "checkpoint 17"); `detail` says how it shows."""

    kind: FaultKind
    where: Words
    detail: Words

    def sentence(self, language: str = "zh") -> str:
        where, what, detail = (words.in_(language) for words in (self.where, self.kind.words, self.detail))
        return f"{where}：{what}（{detail}）。" if language == "zh" else f"{where}: {what} ({detail})."


def fault(kind: FaultKind, where: tuple[str, str], detail: tuple[str, str]) -> TrailFault:
    return TrailFault(kind, Words(zh=where[0], en=where[1]), Words(zh=detail[0], en=detail[1]))


def broken_trail(zh: str, en: str) -> IntegrityError:
    """The error of whoever meets a trail that is not as it was written."""
    return IntegrityError(
        "XZ-AUDIT-06",
        zh=f"审计链断裂：{zh}",
        en=f"the trail is broken: {en}",
        todo_zh="保全现场，运行 xiezhi audit verify 查明，并报告安全审计员",
        todo_en="keep everything as it is, run xiezhi audit verify, and tell the auditor",
    )
