"""Rule: a supervision model as its author wrote it in `rule.yaml` and `query.sql`. Unknown keys are refused.

Nothing here touches SQL or files: `loader` reads, `render` turns a rule into SQL, `lint` judges it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, field_validator, model_validator

from xiezhi.kernel.hashing import digest
from xiezhi.kernel.level import Level
from xiezhi.kernel.words import Words
from xiezhi.rules.coverage_reasons import Reason
from xiezhi.rules.model import ContentModel, Name

ParameterType = Literal["integer", "money", "decimal", "text", "date", "texts"]
ParameterValue = int | Decimal | str | date | list[str] | list[list[Any]]
Status = Literal["draft", "trial", "live", "retired"]


def _as_sql(value: Any) -> Any:
    """`bound: 2` and `when: true` are as good as `bound: "2"`."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


Sql = Annotated[str, BeforeValidator(_as_sql), Field(min_length=1)]
"""A SQL expression over candidate columns (or a fact's columns) and `$parameters`."""


class WordLists(ContentModel):
    """Several points in both languages."""

    zh: list[str]
    en: list[str]

    def in_(self, language: str) -> list[str]:
        return self.zh if language == "zh" else self.en


class NormValue(ContentModel):
    """A number that a norm states: `values.<name>` of the version in force."""

    norm: str
    name: str


class Parameter(ContentModel):
    """A number or text a site may set. Money is fen. `min` and `max` bound numbers and dates; `choices` closes a text."""

    type: ParameterType
    default: Any = None
    min: Any = None
    max: Any = None
    choices: list[str] | None = None
    norm_value: NormValue | None = None
    zh: str
    en: str
    basis: str

    @model_validator(mode="after")
    def _has_a_value(self) -> Parameter:
        if self.default is None and self.norm_value is None:
            raise ValueError("a parameter needs a default or a norm_value")
        return self


class Find(ContentModel):
    """A row of another fact that a row of the population must find, or it cannot be judged.

    `by`: fact column → population column; `columns` of what is found must not be NULL (of one row at least).
    """

    fact: Name
    by: dict[Name, Name] = Field(min_length=1)
    columns: list[Name] = Field(default_factory=list)
    reason: Reason = "not_found"


class Horizon(ContentModel):
    """A fact whose data must reach the month of a row of the population, told by its date `column`.

    `by`: fact column → population column, where parts of the fact arrive apart (a paying agency, a county).
    """

    column: Name
    by: dict[Name, Name] = Field(default_factory=dict)


class Everywhere(ContentModel):
    """A fact that must speak of somebody in every county of which a row of the population may be.

    `by`: fact column → column that says whom; `place`: column of region codes that says where, of the population under the same
    name. Both stand in `among`, the fact that says who lives or serves where; without it that is the population's own.
    """

    fact: Name
    by: dict[Name, Name] = Field(min_length=1)
    place: Name
    among: Name | None = None


class Compared(ContentModel):
    """Peers a row of the population is compared with: distinct `count` among the rows that agree in `by`."""

    by: list[Name] = Field(min_length=1)
    count: Name
    at_least: Sql
    where: Sql | None = None


class NormDay(ContentModel):
    """Population columns that say which version of a norm holds for a row: the event's `day`, and its `place` (a region code)."""

    day: Name
    place: Name | None = None


class InForce(ContentModel):
    """The rule's own `first` and `last` day (both included), held against column `day` of its population."""

    first: date | None = None
    last: date | None = None
    day: Name

    @model_validator(mode="after")
    def _in_order(self) -> InForce:
        if self.first is None and self.last is None:
            raise ValueError("in_force needs a first or a last day")
        if self.first and self.last and self.first > self.last:
            raise ValueError("the first day in force must not lie after the last")
        return self


class Population(ContentModel):
    """Whom the rule could have concerned: the denominator of coverage. Each of its rows is evaluated, or is not, because …

    `needs`: columns that must not be NULL, with the reason recorded where they are. `finds`, `everywhere`, `horizon` and
    `compared`: what other facts, there or anywhere in the county, other months and other rows must hold for a row to be judged.
    `candidate`: population column → candidate column, by which a candidate's rows are known; several, where a row is in
    candidates of several kinds. `delivered`: facts that must hold something at all, for without them some of what the rule
    looks for cannot be seen, or some of whom it leaves out. `monthly`: every unit has rows for every month, so that a month
    without is not delivered; with `place`, a column of region codes, every county of a unit has. `norms`: parameters that take
    the version in force on a row's day and place, without which it cannot be judged. `unaffected`: facts (or `fact.column`)
    that the rule reads and whose absence does not change what can be judged, and why.
    """

    fact: Name
    unit: Name
    month: Name | None = None
    where: Sql | None = None
    candidate: dict[Name, Name] | list[dict[Name, Name]] = Field(default_factory=dict)
    needs: dict[Name, Reason] = Field(default_factory=dict)
    finds: list[Find] = Field(default_factory=list)
    everywhere: list[Everywhere] = Field(default_factory=list)
    horizon: dict[Name, Horizon] = Field(default_factory=dict)
    compared: Compared | None = None
    delivered: list[Name] = Field(default_factory=list)
    monthly: bool = False
    place: Name | None = None
    norms: dict[Name, NormDay] = Field(default_factory=dict)
    unaffected: dict[str, Words] = Field(default_factory=dict)

    @field_validator("horizon", mode="before")
    @classmethod
    def _bare_column(cls, written: Any) -> Any:
        """`death: death_date` is as good as `death: {column: death_date}`."""
        if not isinstance(written, dict):
            return written
        return {fact: {"column": said} if isinstance(said, str) else said for fact, said in written.items()}

    @field_validator("norms", mode="before")
    @classmethod
    def _bare_day(cls, written: Any) -> Any:
        """`limit: signed` is as good as `limit: {day: signed}`."""
        if not isinstance(written, dict):
            return written
        return {name: {"day": said} if isinstance(said, str) else said for name, said in written.items()}

    @property
    def candidates(self) -> list[dict[str, str]]:
        """The mappings of `candidate`, whether one is written or several; none where nothing is."""
        return self.candidate if isinstance(self.candidate, list) else [self.candidate] if self.candidate else []

    @property
    def facts(self) -> set[str]:
        """Every fact that coverage is measured on."""
        found = {find.fact for find in self.finds}
        spread = {fact for one in self.everywhere for fact in (one.fact, one.among or self.fact)}
        return {self.fact, *self.horizon, *self.delivered, *found, *spread}


IDENTITY_OF_KIND = {"person": "citizen_id", "company": "credit_code", "party": "party_id"}
"""What a subject of this kind is numbered by, unless it says otherwise."""


class Party(ContentModel):
    """Who a hit concerns: what kind, and the candidate column that holds it. `identity` where no read fact tells it."""

    kind: Name
    column: Name
    identity: str | None = None

    @property
    def number_kind(self) -> str | None:
        """The identity kind whose vault number the column holds; None where it holds a plain text."""
        return self.identity or IDENTITY_OF_KIND.get(self.kind)


def _spelled(words: dict[Any, Any]) -> dict[str, Any]:
    return {str(value).lower() if isinstance(value, bool) else str(value): said for value, said in words.items()}


class Peers(ContentModel):
    """What a hit is compared with, by candidate column: its `own` value beside the peers' `median`, quartiles, fence and number.

    `of` says who the peers are. A rule whose columns are called `q1`, `q3`, `fence` and `compared` need not say so.
    """

    own: str
    median: str | None = None
    q1: str | None = None
    q3: str | None = None
    fence: str | None = None
    count: str | None = None
    of: Words | None = None


class HitShape(ContentModel):
    """How a candidate that met all conditions is shown. All names are candidate columns; `amount` is fen.

    `titles`: what shown columns are called, where no fact's column and no condition says it. `peers`: what it is compared with.
    `says`: column → value → the word that is shown for this code.
    """

    subject: Party
    counterpart: Party | None = None
    key: list[Name] = Field(min_length=1)
    unit: Name | None = None
    region: Name | None = None
    period: Annotated[list[Name], Field(min_length=2, max_length=2)] | None = None
    amount: Name | None = None
    shows: list[Name]
    titles: dict[Name, Words] = Field(default_factory=dict)
    peers: Peers | None = None
    says: dict[str, dict[str, Words]] = Field(default_factory=dict)
    sentence: Words

    @field_validator("says", mode="before")
    @classmethod
    def _bare_codes(cls, written: Any) -> Any:
        """`2024: …` and `true: …` are as good as quoted ones."""
        if not isinstance(written, dict):
            return written
        return {column: _spelled(words) if isinstance(words, dict) else words for column, words in written.items()}

    def word_for(self, column: str, value: Any) -> Words | None:
        """The word for a code in a column; None where the rule gives none."""
        return self.says.get(column, {}).get(str(value).lower() if isinstance(value, bool) else str(value))


class Condition(ContentModel):
    """`value op bound` must be TRUE. NULL means it cannot be judged.

    `says`: what single values mean, where a number stands for a word (0: in office); shown in its place.
    """

    name: Name
    value: Sql
    op: Literal[">=", ">", "<=", "<", "=", "!="]
    bound: Sql
    zh: str
    en: str
    says: dict[str, Words] = Field(default_factory=dict)

    @field_validator("says", mode="before")
    @classmethod
    def _bare_numbers(cls, written: Any) -> Any:
        """`says: {0: …}` is as good as `says: {"0": …}`."""
        return _spelled(written) if isinstance(written, dict) else written

    @property
    def is_statement(self) -> bool:
        """Whether its words say all of it ("not in the death register"), and no quantity is compared."""
        return self.op == "=" and not self.bound.strip().isdigit() and "$" not in self.bound


class Variant(ContentModel):
    """A warning rule within the model: the first whose `when` is true gives the hit its level."""

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*$")]
    level: Level
    when: Sql
    title: Words


class EvidenceQuery(ContentModel):
    """Rows of `fact` whose columns equal the hit's: `by` maps fact column to candidate column. `where`: f and h."""

    fact: Name
    by: dict[Name, Name] = Field(min_length=1)
    where: Sql | None = None


class NarrowWith(ContentModel):
    """Keep rows whose `on` also occurs in column `on` of another fact."""

    fact: Name
    on: Name


class Narrow(ContentModel):
    """Which rows of a big fact can be left out before the query runs. One of the two ways.

    `keep`: rows kept in any case (money taken back, which need not repeat the key of what it takes back).
    """

    with_: NarrowWith | None = Field(default=None, alias="with")
    repeats: list[Name] = Field(default_factory=list)
    keep: Sql | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Narrow:
        if (self.with_ is None) == (not self.repeats):
            raise ValueError("give either `with` or `repeats`")
        return self


class LintAllowance(ContentModel):
    """A lint finding that was looked at and accepted, until a day. Not for SEC: what reaches beyond the data."""

    code: str
    reason: str
    until: date


class Rule(ContentModel):
    """A supervision model. `sql` is the text of query.sql. Equal digests mean equal behaviour and equal words."""

    id: UUID
    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$")]
    version: Annotated[int, Field(ge=1)]
    replaces: str | None = None
    title: Words
    summary: Words
    why_suspicious: Words
    verify: WordLists
    false_positives: WordLists
    exclusions: list[str] = Field(default_factory=list)
    domain: str
    status: Status
    level: Level
    owner: Words
    basis: list[str]
    reads: dict[Name, list[Name]]
    parameters: dict[Name, Parameter] = Field(default_factory=dict)
    population: Population
    in_force: InForce | None = None
    hit: HitShape
    conditions: list[Condition] = Field(min_length=1)
    variants: list[Variant] = Field(min_length=1)
    evidence: list[EvidenceQuery] = Field(min_length=1)
    narrow: dict[Name, Narrow] = Field(default_factory=dict)
    quiet_when: list[Words] = Field(default_factory=list)
    scope: Literal["person", "place", "all"]
    lint_allow: list[LintAllowance] = Field(default_factory=list)
    sql: str

    def __hash__(self) -> int:
        return hash((self.id, self.version, self.sql))

    @property
    def digest(self) -> str:
        """SHA-256 over rule.yaml and query.sql as understood: what it does and says, not its status, cases and lint leave."""
        left_out = {"status", "lint_allow"}
        return digest(self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=left_out))
