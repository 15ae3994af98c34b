"""Receipt: what became of one delivered sheet, for a program (JSON) and for a person (`page`).

The numbers always balance: delivered = accepted + repaired + set aside. `duplicate` says how many of the accepted and repaired
rows the lake held already, `replaced` how many took the place of a held one, `outdated` how many are of an earlier day than what
is held, and so changed nothing. `left_out` are footers (合计, 审核人 ...): no data, so not among the delivered. No value of an
identity is ever written on a receipt in full.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from xiezhi.intake.receipts.words import WORDS
from xiezhi.kernel.words import Words


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Example(_Part):
    """One row, and what stood there (identities masked)."""

    row: int
    shown: str | None = None


class Spelling(_Part):
    """What stood in cells whose code no list knows, and in how many."""

    written: str
    count: int


class Reason(_Part):
    """Why rows were set aside: `reason` in `column` (None: the row as a whole), first at `row`, `count` times.

    `spellings`: of `code_unknown`, what was written, the most frequent first.
    """

    row: int | None
    column: str | None
    reason: str
    count: int
    examples: list[Example] = Field(default_factory=list)
    spellings: list[Spelling] = Field(default_factory=list)

    @property
    def words(self) -> Words:
        return WORDS[self.reason].said


class Repair(_Part):
    """How often a named repair was made in a column."""

    column: str
    repair: str
    count: int

    @property
    def words(self) -> Words:
        return WORDS[self.repair].said


class LeftOut(_Part):
    """A row around the table that is no data: `kind` is a word, `said` its text without numbers that may be somebody's."""

    row: int
    kind: str
    said: str

    @property
    def words(self) -> Words:
        return WORDS[self.kind].said


class Remark(_Part):
    """What was not read, or read otherwise than it stands, in rows that were accepted: no row is set aside for it.

    `column` is a table's column or a path of the delivered document.
    """

    column: str
    remark: str
    count: int
    examples: list[Example] = Field(default_factory=list)

    @property
    def words(self) -> Words:
        return WORDS[self.remark].said


class ColumnMap(_Part):
    """Which delivered header became which field. `field` None: not in the contract, not loaded."""

    header: str
    field: str | None


class UnitUsed(_Part):
    """In which unit a money column was read, and who said so: its `header`, a title `row`, the `sheet`'s or the `file`'s name
    (each with the `text` that says it), or the `contract`."""

    field: str
    unit: str
    source: Literal["header", "title", "sheet", "file", "contract"]
    row: int | None = None
    text: str | None = None

    @property
    def words(self) -> Words:
        """Unit and source, as in 万元(标题第 2 行“单位:万元”)."""
        zh, en = {
            "header": ("表头", "header"),
            "title": (f"标题第 {self.row} 行", f"title row {self.row}"),
            "sheet": ("工作表名", "sheet name"),
            "file": ("文件名", "file name"),
            "contract": ("契约", "contract"),
        }[self.source]
        said = f"“{self.text}”" if self.text else ""
        return Words(zh=f"{self.unit}({zh}{said})", en=f"{self.unit} ({en}{said})")


class Profile(_Part):
    """What a loaded column looks like. `distinct` is an estimate; minimum and maximum are left out for identities.

    Of money, `median` is the middle of the `positive` values, in fen (an estimate too where there are very many).
    """

    field: str
    rows: int
    null_share: float
    distinct: int
    minimum: str | None = None
    maximum: str | None = None
    median: float | None = None
    positive: int | None = None


class ExpectationResult(_Part):
    """One quality expectation of the contract, or of a column's own history, and what was found. Breaking it sets no row aside.

    `zh` and `en` say it as a sentence, where the expectation is not the contract's.
    """

    field: str | None
    expectation: str
    severity: str
    found: float
    kept: bool
    zh: str = ""
    en: str = ""


class Mending(_Part):
    """What this delivery did for rows that `delivery` had set aside: those it brought again and that were accepted (`mended`), or
    set aside anew (`again`), as numbers of that delivery's rows ("3-5,9"); and how many went because their whole period was
    delivered `anew`. `unread`: of the first two, rows without a readable key, known by their number in the file that went back.
    """

    delivery: int
    mended: str = ""
    again: str = ""
    anew: int = 0
    unread: int = 0


class Refusal(_Part):
    """Why a file was refused whole."""

    code: str
    zh: str
    en: str
    todo_zh: str = ""
    todo_en: str = ""


class Note(_Part):
    """Something about the file as a whole that its sender should know."""

    zh: str
    en: str


class Receipt(_Part):
    """The receipt of one delivered sheet or member. `same_as`: the earlier delivery of the identical file."""

    delivery: int
    file: str
    member: str | None = None
    sheet: str | None = None
    contract: str | None
    received_at: str
    sha256: str
    bytes: int
    encoding: str | None = None
    delivered: int = 0
    accepted: int = 0
    repaired: int = 0
    set_aside: int = 0
    duplicate: int = 0
    replaced: int = 0
    outdated: int = 0
    refused: bool = False
    refusal: Refusal | None = None
    same_as: int | None = None
    notes: list[Note] = Field(default_factory=list)
    reasons: list[Reason] = Field(default_factory=list)
    repairs: list[Repair] = Field(default_factory=list)
    remarks: list[Remark] = Field(default_factory=list)
    columns: list[ColumnMap] = Field(default_factory=list)
    units: list[UnitUsed] = Field(default_factory=list)
    left_out: list[LeftOut] = Field(default_factory=list)
    missing: list[str] = Field(default_factory=list)
    profile: list[Profile] = Field(default_factory=list)
    expectations: list[ExpectationResult] = Field(default_factory=list)
    returned: str | None = None
    unkeyed: int | None = None
    """Of the rows set aside, those that no later delivery can be matched with by their key; None where nobody counted."""
    mendings: list[Mending] = Field(default_factory=list)

    @model_validator(mode="after")
    def _balance(self) -> Receipt:
        if self.delivered != self.accepted + self.repaired + self.set_aside:
            raise ValueError(
                f"does not balance: {self.delivered} delivered, {self.accepted} + {self.repaired} + {self.set_aside}"
            )
        if self.duplicate > self.accepted + self.repaired:
            raise ValueError(f"{self.duplicate} duplicates of {self.accepted + self.repaired} rows")
        return self

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return self.model_dump(mode="json")
