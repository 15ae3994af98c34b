"""Field: one delivered column, what may stand in it, and the lake columns it fills."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field as Key
from pydantic import StringConstraints, ValidationInfo, field_validator, model_validator

from xiezhi.contracts.codelist import Codelist
from xiezhi.contracts.elements import Element
from xiezhi.contracts.expectation import Expectation
from xiezhi.contracts.kinds import GRADED, LAKE_TYPES, LOGICAL_TYPES, MONEY_UNITS, Classification, FieldKind, Unit, Unsound
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.words import Words

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
Derived = Literal["birth_date", "sex", "region", "holder"]

DERIVED_TYPES: dict[str, str] = {"birth_date": "DATE", "sex": "VARCHAR", "region": "BIGINT", "holder": "VARCHAR"}
"""Lake types of what a sound citizen id, or a name (`holder`), says of its holder; the column is `<field>_<derived>`."""

CODE_ENDINGS = ("_no", "_id", "_code")
"""How fields that hold numbers or codes of things are called."""

MOMENTS = ("DATE", "TIMESTAMP")
"""Lake types of what can stand before or after something."""

LONGEST_TEXT = 4000
"""Characters a text may have where its contract names no `maxLength`: no honest cell is longer, a hostile one is."""


class Bounds(Element):
    """The standard's `logicalTypeOptions`. Money is bounded in 元 whatever unit is delivered."""

    minimum: Decimal | date | None = None
    maximum: Decimal | date | None = None
    max_length: int | None = Key(default=None, gt=0)


class Comparison(Element):
    """How well this name agrees with another field's, kept as a column (`same`, `close`, `different`)."""

    with_: Name = Key(alias="with")
    column: Name = Key(alias="as")


class Field(Element):
    """One delivered column and the lake column of the same name.

    `not_before`: a field of the same row, a moment or a citizen id (whose birth counts), before which no value may lie. `ahead`:
    how many months after the day of receipt a value may lie; 0 for what must have happened, None for no limit. `agrees_with`: a
    citizen id of the row, whose birth or sex this must be. `differs_from`: a field of the row that holds somebody else, or
    another place. `not_above`: an amount of the row of which this is a part. `names`:
    whose name a text must be, by the measure of names in the vault; it is kept as it is.
    """

    own: ClassVar[frozenset[str]] = frozenset(
        {
            "titleEn",
            "descriptionEn",
            "kind",
            "identity",
            "unit",
            "per",
            "jump",
            "notBefore",
            "agreesWith",
            "differsFrom",
            "notAbove",
            "names",
            "ahead",
            "unsound",
            "aliases",
            "codelist",
            "derive",
            "compare",
        }
    )

    name: Name
    business_name: str
    description: str = ""
    logical_type: str
    physical_type: str
    physical_name: str | None = None
    required: bool = False
    unique: bool = False
    primary_key: bool = False
    primary_key_position: int | None = None
    classification: Classification
    logical_type_options: Bounds = Bounds()
    quality: tuple[Expectation, ...] = ()
    examples: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    title_en: str
    description_en: str = ""
    kind: FieldKind
    identity: IdentityKind | None = None
    unit: Unit | None = None
    per: str | None = None
    jump: Decimal | None = Key(default=None, gt=1)
    not_before: Name | None = None
    ahead: int | None = Key(default=None, ge=0, le=120)
    agrees_with: Name | None = None
    differs_from: Name | None = None
    not_above: Name | None = None
    names: Literal["organisation"] | None = None
    unsound_: Unsound | None = Key(default=None, alias="unsound")
    aliases: tuple[str, ...] = ()
    codelist: Codelist | None = None
    derive: tuple[Derived, ...] = ()
    compare: Comparison | None = None

    @field_validator("codelist", mode="before")
    @classmethod
    def _find_codelist(cls, given: Any, info: ValidationInfo) -> Any:
        """A contract names its codelist; the loader's context knows the lists."""
        lists: dict[str, Codelist] = (info.context or {}).get("codelists", {})
        if isinstance(given, str):
            if given not in lists:
                raise ValueError(f"no codelist is called {given}; there are: {', '.join(sorted(lists)) or 'none'}")
            return lists[given]
        return given

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        faults = {
            "kind identity needs an identity, and no other kind has one": (self.kind is FieldKind.IDENTITY)
            != bool(self.identity),
            "kind code needs a codelist, and no other kind has one": (self.kind is FieldKind.CODE) != bool(self.codelist),
            "kind money needs a unit of money": (self.kind is FieldKind.MONEY) != (self.unit in MONEY_UNITS),
            "only a decimal is delivered in % or 公斤": self.unit in (Unit.PERCENT, Unit.KILOGRAM)
            and self.kind is not FieldKind.DECIMAL,
            "ahead goes with days, months and times": self.ahead is not None and self.lake_type not in MOMENTS,
            "only a text names an organisation": bool(self.names) and self.kind is not FieldKind.TEXT,
            "only a day or a code agrees with a citizen id": bool(self.agrees_with)
            and self.kind not in (FieldKind.DATE, FieldKind.CODE),
            "only an identity or a place differs from another": bool(self.differs_from)
            and self.kind not in (FieldKind.IDENTITY, FieldKind.REGION),
            "only money is no more than other money": bool(self.not_above) and self.kind is not FieldKind.MONEY,
            "per and jump go with money": bool(self.per or self.jump) and self.kind is not FieldKind.MONEY,
            "unsound is said of identities only": bool(self.unsound_) and self.kind is not FieldKind.IDENTITY,
            "only a citizen id can be derived from, and `holder` from a name": bool(self.derive)
            and (self.identity is not IdentityKind.NAME if self.derive == ("holder",) else self._not_of_a_citizen_id()),
            "only names can be compared": bool(self.compare) and self.identity is not IdentityKind.NAME,
            f"logicalType of kind {self.kind} is {LOGICAL_TYPES[self.kind]}": self.logical_type != LOGICAL_TYPES[self.kind],
            f"physicalType of kind {self.kind} is {LAKE_TYPES[self.kind]}": self.physical_type != LAKE_TYPES[self.kind],
            "a key column is required": self.primary_key and not self.required and self.identity is None,
            "primaryKeyPosition goes with primaryKey": self.primary_key != (self.primary_key_position is not None),
        }
        broken = [words for words, is_broken in faults.items() if is_broken]
        if broken:
            raise ValueError("; ".join(broken))
        return self

    def _not_of_a_citizen_id(self) -> bool:
        return self.identity is not IdentityKind.CITIZEN_ID or "holder" in self.derive

    @property
    def may_be_shown(self) -> bool:
        """Whether a receipt may repeat what stands in the column (what has a personal value's shape is masked there, too)."""
        return self.identity is None and self.classification in (Classification.PUBLIC, Classification.INTERNAL)

    @property
    def title(self) -> Words:
        return Words(zh=self.business_name, en=self.title_en)

    @property
    def unsound(self) -> Unsound:
        """What an unsound identity does: a required one sets the row aside, another is kept as NULL with its grade."""
        return self.unsound_ or (Unsound.SET_ASIDE if self.required else Unsound.NULL)

    @property
    def lake_type(self) -> str:
        """DuckDB type of the lake column."""
        return LAKE_TYPES[self.kind]

    @property
    def grade_column(self) -> str | None:
        """`<field>_grade` for identities whose grade is kept, else None."""
        return f"{self.name}_grade" if self.identity in GRADED else None

    @property
    def max_length(self) -> int:
        """Characters a text of this field may have."""
        return self.logical_type_options.max_length or LONGEST_TEXT

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every header this field is known by: its own name, its Chinese and English titles, its aliases."""
        return tuple(dict.fromkeys((self.name, self.business_name, self.title_en, *self.aliases)))

    def lake_columns(self) -> dict[str, str]:
        """The lake columns this field fills, name → DuckDB type: itself, its grade, what is derived or compared."""
        columns = {self.name: self.lake_type}
        if self.grade_column:
            columns[self.grade_column] = "VARCHAR"
        columns |= {f"{self.name}_{derived}": DERIVED_TYPES[derived] for derived in self.derive}
        return columns | ({self.compare.column: "VARCHAR"} if self.compare else {})
